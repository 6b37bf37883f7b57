using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Benchmarks.Http;
using Ledger.Domain.PayGroups;
using Ledger.Tests.Employees;
using Ledger.Tests.Http;
using Ledger.Tests.PayRuns;

namespace Ledger.Tests.Faults;

/// <summary>
/// The service runs as a process and is killed while it makes payslips, and again while it books them. Whoever sends
/// the same again afterwards has everybody paid once.
/// </summary>
public sealed class PayRunCrashTests : IDisposable
{
    private const int People = 120;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Not a temporary folder of .NET's: the server's user must be able to enter it where the tests run as root.
    private string Data { get; } =
        Path.Combine(Path.GetTempPath(), "backoffice-crash-" + RandomNumberGenerator.GetHexString(8, lowercase: true));

    public void Dispose() => Directory.Delete(Data, recursive: true);

    [Fact]
    public async Task Killing_the_service_in_a_pay_run_pays_nobody_twice_and_leaves_nobody_out()
    {
        await using (var service = await ServiceProcess.StartAsync(Data))
        {
            await PrepareAsync(service);
            await SendAsync(service, HttpMethod.Put, "/pay-runs/march", RunJson);
            await Task.Delay(Pause);
            await service.KillAsync();
        }

        await using (var service = await ServiceProcess.StartAsync(Data))
        {
            var shown = await CalculateAsync(service);
            await SendAsync(
                service, HttpMethod.Post, "/pay-runs/march/approval",
                $$"""{"sha256": "{{shown.GetProperty("sha256").GetString()}}"}""");
            // It is killed on the way, or just after: the caller does not know.
            var posting = service.Client.PostAsync(
                new Uri("/companies/acme/pay-runs/march/posting", UriKind.Relative), null);
            await Task.Delay(Pause);
            await service.KillAsync();
            await posting.ContinueWith(static _ => { }, TaskScheduler.Default);
        }

        await using (var service = await ServiceProcess.StartAsync(Data))
        {
            await SendAsync(service, HttpMethod.Post, "/pay-runs/march/posting");
            var shown = await SendAsync(service, HttpMethod.Get, "/pay-runs/march");
            Assert.Equal("posted", shown.GetProperty("status").GetString());
            Assert.Equal(People, shown.GetProperty("count").GetInt32());
            var balances = await SendAsync(service, HttpMethod.Get, "/balances?asOf=2026-12-31");
            var gross = balances.GetProperty("rows").EnumerateArray()
                .Single(row => row.GetProperty("account").GetString() == PayAccounts.GrossPay);
            Assert.Equal("180000.00", gross.GetProperty("balance").GetString());
        }

        var (exitCode, printed) = await ServiceProcess.RunAsync("verify", "--data", Data);
        Assert.True(exitCode == 0, printed);
    }

    private const string RunJson =
        """{"payGroup": "sofia", "period": "2026-03", "payDate": "2026-03-28", "kind": "regular"}""";

    private static async Task PrepareAsync(ServiceProcess service)
    {
        foreach (var step in EmployeeSteps.Shop.Concat(PayRunSteps.PaidShop.Skip(EmployeeSteps.Shop.Length)
            .TakeWhile(step => !step.Path.StartsWith("/employees", StringComparison.Ordinal))))
        {
            await SendAsync(service, step.Method, step.Path, step.Json);
        }

        var lines = new StringBuilder();
        foreach (var step in Enumerable.Range(1, People).SelectMany(i => PayRunSteps.Hired($"e{i:000}")))
        {
            lines.Append(BatchLine(step)).Append('\n');
        }

        using var content = new StringContent(lines.ToString(), Encoding.UTF8, "application/x-ndjson");
        using var answer = await service.Client.PostAsync(
            new Uri("/companies/acme/employees:batch", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("\"status\":4", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>The same as a line of many.</summary>
    private static string BatchLine(Step step)
    {
        var parts = step.Path.Split('/')[2..];
        var key = parts switch
        {
            [_] => "\"type\": \"employee\"",
            [_, "contracts", var contract] => $"\"type\": \"contract\", \"contract\": \"{contract}\"",
            [_, "pay", var element, var from] =>
                $"\"type\": \"pay\", \"element\": \"{element}\", \"effectiveFrom\": \"{from}\"",
            [_, "statutory", var from] => $"\"type\": \"statutory\", \"effectiveFrom\": \"{from}\"",
            [_, "bank-account", var from] => $"\"type\": \"bankAccount\", \"effectiveFrom\": \"{from}\"",
            _ => throw new ArgumentException(step.Path, nameof(step)),
        };
        return $"{{{key}, \"employee\": \"{parts[0]}\", \"content\": {step.Json!.ReplaceLineEndings(" ")}}}";
    }

    private static async Task<JsonElement> CalculateAsync(ServiceProcess service)
    {
        await SendAsync(service, HttpMethod.Put, "/pay-runs/march", RunJson);
        while (true)
        {
            var shown = await SendAsync(service, HttpMethod.Get, "/pay-runs/march");
            if (shown.GetProperty("status").GetString() == "calculated")
            {
                return shown;
            }

            await Task.Delay(Pause);
        }
    }

    private static async Task<JsonElement> SendAsync(
        ServiceProcess service, HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, new Uri($"/companies/acme{path}", UriKind.Relative));
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await service.Client.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {body}");
        return JsonDocument.Parse(body).RootElement;
    }
}
