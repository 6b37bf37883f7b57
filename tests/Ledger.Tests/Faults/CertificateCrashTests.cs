using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Ledger.Benchmarks.Http;

namespace Ledger.Tests.Faults;

/// <summary>
/// The service runs as a process and is killed between a closing and its certificate, at once or a little later: the
/// next one makes the certificate, and there is one.
/// </summary>
public sealed class CertificateCrashTests : IDisposable
{
    /// <summary>Closings are certified twice a second.</summary>
    private static readonly TimeSpan[] KilledAfter =
        [TimeSpan.Zero, TimeSpan.FromMilliseconds(500)];

    private const int AttemptsMax = 600;

    // Not a temporary folder of .NET's: the server's user must be able to enter it where the tests run as root.
    private string Data { get; } =
        Path.Combine(Path.GetTempPath(), "backoffice-crash-" + RandomNumberGenerator.GetHexString(8, lowercase: true));

    public void Dispose() => Directory.Delete(Data, recursive: true);

    [Fact]
    public async Task A_service_that_is_killed_after_a_closing_leaves_one_certificate_to_the_next()
    {
        for (var round = 0; round < KilledAfter.Length; round++)
        {
            await using var service = await ServiceProcess.StartAsync(Data);
            if (round == 0)
            {
                await service.PutAsync("/companies/acme", """{"name":"Acme","currency":"EUR","country":"BG"}""");
                await service.PutAsync("/companies/acme/accounts/501", """{"name":"Cash","type":"asset"}""");
                await service.PutAsync("/companies/acme/accounts/703", """{"name":"Sales","type":"income"}""");
            }

            await service.PutAsync($"/companies/acme/journal-entries/e{round}", $$"""
                {"bookedOn":"2026-0{{round + 1}}-15","description":"Sale","lines":[
                {"account":"501","side":"debit","amount":"10.00"},{"account":"703","side":"credit","amount":"10.00"}]}
                """);
            await service.PutAsync($"/companies/acme/periods/2026-0{round + 1}", """{"status":"closed"}""");
            await Task.Delay(KilledAfter[round]);
            await service.KillAsync();
        }

        await using (var service = await ServiceProcess.StartAsync(Data))
        {
            for (var round = 0; round < KilledAfter.Length; round++)
            {
                Assert.Equal(1, await CertificatesAsync(service.Client, $"2026-0{round + 1}"));
            }
        }

        var (exitCode, printed) = await ServiceProcess.RunAsync("verify", "--data", Data);
        Assert.True(exitCode == 0, printed);
        Assert.Contains($"Certificates: {KilledAfter.Length} reproduced", printed, StringComparison.Ordinal);
        Assert.DoesNotContain("Waits for its certificate", printed, StringComparison.Ordinal);
    }

    /// <summary>How many there are of the month, once there is one.</summary>
    private static async Task<int> CertificatesAsync(HttpClient client, string period)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var answer = await client.GetAsync(
                new Uri($"/companies/acme/periods/{period}/certificate", UriKind.Relative));
            var body = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                using var file = JsonDocument.Parse(body);
                return file.RootElement.GetProperty("events").GetArrayLength();
            }

            Assert.True(attempt < AttemptsMax, body);
            await Task.Delay(100);
        }
    }
}
