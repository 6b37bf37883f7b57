using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Ledger.Api.Postgres;
using Ledger.Benchmarks.Http;
using Npgsql;

namespace Ledger.Tests.Faults;

/// <summary>
/// The service runs as a process on a private PostgreSQL of its own, sixteen callers post, and in the middle of it
/// first PostgreSQL is killed and then the service; three times in a row, on the same data.
/// </summary>
public sealed class CrashTests : IDisposable
{
    private const int Rounds = 3;
    private const int Callers = 16;
    private const int AcknowledgedMin = 200;
    private static readonly TimeSpan RoundMax = TimeSpan.FromSeconds(180);
    private readonly ConcurrentBag<string> acknowledged = [];

    // Not a temporary folder of .NET's: the server's user must be able to enter it where the tests run as root.
    private string Data { get; } =
        Path.Combine(Path.GetTempPath(), "backoffice-crash-" + RandomNumberGenerator.GetHexString(8, lowercase: true));

    public void Dispose() => Directory.Delete(Data, recursive: true);

    [Fact]
    public async Task Killing_the_server_and_then_the_service_loses_nothing_and_doubles_nothing()
    {
        for (var round = 1; round <= Rounds; round++)
        {
            await using var service = await ServiceProcess.StartAsync(Data);
            if (round == 1)
            {
                await service.PutAsync("/companies/acme", """{"name":"Acme","currency":"EUR","country":"BG"}""");
                await service.PutAsync("/companies/acme/accounts/501", """{"name":"Cash","type":"asset"}""");
                await service.PutAsync("/companies/acme/accounts/703", """{"name":"Sales","type":"income"}""");
            }

            var before = acknowledged.Count;
            using var stop = new CancellationTokenSource(RoundMax);
            var name = round.ToString(CultureInfo.InvariantCulture);
            var callers = Enumerable.Range(1, Callers)
                .Select(caller => PostAsync(service.Client, $"r{name}-{caller}", stop.Token))
                .ToArray();
            await UntilAsync(before + AcknowledgedMin);
            KillServer();
            var served = acknowledged.Count;
            await UntilAsync(served + AcknowledgedMin);
            await service.KillAsync();
            await stop.CancelAsync();
            await Task.WhenAll(callers);
            Assert.InRange(acknowledged.Count - served, AcknowledgedMin, int.MaxValue);

            async Task UntilAsync(int count)
            {
                while (acknowledged.Count < count && !stop.IsCancellationRequested)
                {
                    await Task.Delay(20);
                }
            }
        }

        await CheckAsync();
    }

    /// <summary>What was acknowledged until then is on the disk; the service starts the server again.</summary>
    private void KillServer()
    {
        var file = Directory.EnumerateFiles(Data, "postmaster.pid", SearchOption.AllDirectories).Single();
        using var server = Process.GetProcessById(
            int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture));
        server.Kill();
    }

    private async Task PostAsync(HttpClient client, string caller, CancellationToken stop)
    {
        for (var number = 1; !stop.IsCancellationRequested; number++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{caller}-{number}");
            using var content = new StringContent(
                $$"""
                {"bookedOn":"2026-03-{{1 + number % 28:00}}","description":"{{id}}","lines":[
                {"account":"501","side":"debit","amount":"10.00"},{"account":"703","side":"credit","amount":"10.00"}]}
                """,
                Encoding.UTF8,
                "application/json");
            try
            {
                var path = new Uri($"/companies/acme/journal-entries/{id}", UriKind.Relative);
                using var answer = await client.PutAsync(path, content, stop);
                if (answer.StatusCode == HttpStatusCode.Created)
                {
                    acknowledged.Add(id);
                }
                else
                {
                    Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                }
            }
            catch (HttpRequestException)
            {
                // The service is gone: this entry is not acknowledged, whatever became of it.
                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task CheckAsync()
    {
        await using (var server = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(Data)))
        await using (var database = NpgsqlDataSource.Create(server.ConnectionString))
        {
            var recorded = new HashSet<string>(StringComparer.Ordinal);
            await using var read = database.CreateCommand(
                """
                select substr(stream_id, 15), version, jsonb_array_length(data -> 'lines') from public.mt_events
                where type = 'journal_entry_posted' order by seq_id
                """);
            await using (var rows = await read.ExecuteReaderAsync())
            {
                while (await rows.ReadAsync())
                {
                    Assert.True(recorded.Add(rows.GetString(0)), $"{rows.GetString(0)} is there twice.");
                    Assert.Equal((1L, 2), (rows.GetInt64(1), rows.GetInt32(2)));
                }
            }

            Assert.Superset(acknowledged.ToHashSet(StringComparer.Ordinal), recorded);
            await using var holes = database.CreateCommand("select max(seq_id) - count(*) from public.mt_events");
            Assert.Equal(0L, await holes.ExecuteScalarAsync());
        }

        // Verify lets the projections catch up, and compares their tables with those of a rebuild.
        var (exitCode, printed) = await ServiceProcess.RunAsync("verify", "--data", Data);
        Assert.True(exitCode == 0, printed);
    }
}
