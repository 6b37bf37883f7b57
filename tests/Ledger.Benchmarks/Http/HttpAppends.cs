using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Ledger.Api;
using Npgsql;

namespace Ledger.Benchmarks.Http;

/// <summary>
/// One entry a request over HTTP, driven by wrk, beside bare one-row INSERT transactions driven by pgbench on the same
/// server with as many clients (DESIGN's third row): with the projections paused, and with all running.
/// </summary>
internal static class HttpAppends
{
    private const int Seconds = 5;
    private const int Runs = 3;
    private const int Accounts = 50;

    /// <summary>What the private server lets in, less what others need.</summary>
    private const int PeerClientsMax = 180;

    public static BenchmarkGroup Group { get; } = new("http", RunAsync);

    private static async IAsyncEnumerable<BenchmarkRow> RunAsync(BenchmarkContext context)
    {
        if (Find("wrk") is not { } wrk || Find("pgbench") is not { } pgbench)
        {
            context.Say("http: left out, because wrk or pgbench is not installed (Debian: wrk, postgresql-contrib)");
            yield break;
        }

        var seconds = context.Quick ? 2 : Seconds;
        foreach (var connections in new[] { 1, 16, 64, 256 })
        {
            context.Say($"http: {connections} connections");
            var peer = await MeasurePeerAsync(context, pgbench, connections, seconds);
            foreach (var projections in new[] { false, true })
            {
                var (rate, note) = await MeasureAsync(context, wrk, connections, seconds, projections);
                var floor = projections ? 0.7 : 1.25;
                var state = projections ? "running" : "paused";
                yield return new BenchmarkRow(
                    $"HTTP, one entry a request, {connections} connections, projections {state}",
                    rate,
                    "entries/s",
                    "pgbench, one-row INSERT",
                    peer,
                    connections == 64 ? $"≥ {floor.ToString(CultureInfo.InvariantCulture)}× peer" : "",
                    connections == 64 ? rate >= floor * peer : null,
                    note);
            }
        }
    }

    private static async Task<(double Rate, string Note)> MeasureAsync(
        BenchmarkContext context, string wrk, int connections, int seconds, bool projections)
    {
        var database = await context.NewDatabaseAsync();
        await using (var source = NpgsqlDataSource.Create(database))
        {
            await LedgerHost.MigrateAsync(source, CancellationToken.None);
        }

        var data = Directory.CreateTempSubdirectory("backoffice-bench-").FullName;
        await using var service = await ServiceProcess.StartAsync(
            data, BenchmarkDatabases.AsService(database), ("Projections__Paused", projections ? "false" : "true"));
        await PrepareAsync(service);
        var results = new List<JsonElement>();
        for (var run = 0; run <= Runs; run++)
        {
            var duration = run == 0 ? Math.Min(5, seconds) : seconds;
            var result = await LoadAsync(service, wrk, connections, duration, $"r{run}");
            if (result.GetProperty("other").GetInt64() > 0)
            {
                throw new InvalidOperationException($"Answers other than 201: {result}");
            }

            if (run > 0)
            {
                results.Add(result);
            }
        }

        var lag = projections ? await LagSecondsAsync(service) : 0;
        var median = results.OrderBy(Rate).ElementAt(results.Count / 2);
        var (p50, p99) = (median.GetProperty("p50ms").GetDouble(), median.GetProperty("p99ms").GetDouble());
        var memory = service.PeakMemoryBytes / 1_000_000;
        var note = string.Create(CultureInfo.InvariantCulture, $"p50 {p50:0.0} ms, p99 {p99:0.0} ms, peak {memory} MB");
        return (
            Rate(median),
            projections ? string.Create(CultureInfo.InvariantCulture, $"{note}, lag {lag:0.00} s") : note);
    }

    private static double Rate(JsonElement result) =>
        result.GetProperty("created").GetInt64() / result.GetProperty("seconds").GetDouble();

    private static async Task PrepareAsync(ServiceProcess service)
    {
        await service.PutAsync("/companies/bench", """{"name":"Bench","currency":"EUR","country":"BG"}""");
        for (var i = 0; i < 2 * Accounts; i++)
        {
            await service.PutAsync($"/companies/bench/accounts/{4000 + i}", """{"name":"Sales","type":"income"}""");
        }

        for (var i = 0; i < Accounts; i++)
        {
            await service.PutAsync($"/companies/bench/accounts/{1000 + i}", """{"name":"Bank","type":"asset"}""");
            await service.PutAsync($"/companies/bench/accounts/{5000 + i}", """{"name":"Fee","type":"expense"}""");
        }

        await service.PutAsync("/companies/bench/accounts/1999", """{"name":"Card fees","type":"liability"}""");
    }

    private static async Task<JsonElement> LoadAsync(
        ServiceProcess service, string wrk, int connections, int seconds, string run)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "Http", "post-entries.lua");
        var output = await RunAsync(
            wrk,
            ["-t1", $"-c{connections}", $"-d{seconds}s", "--latency", "-s", script,
                $"{service.Address}companies/bench/journal-entries", "--", run, service.Key]);
        var line = output.Split('\n').Last(text => text.StartsWith('{'));
        return JsonDocument.Parse(line).RootElement.Clone();
    }

    /// <summary>How long after the last answer the balances know everything that was answered.</summary>
    private static async Task<double> LagSecondsAsync(ServiceProcess service)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromMinutes(5))
        {
            using var answer = await service.Client.GetAsync(
                new Uri("/companies/bench/balances?account=1999", UriKind.Relative));
            if (answer.IsSuccessStatusCode)
            {
                return clock.Elapsed.TotalSeconds;
            }
        }

        return double.PositiveInfinity;
    }

    private static async Task<double> MeasurePeerAsync(
        BenchmarkContext context, string pgbench, int connections, int seconds)
    {
        var connection = new NpgsqlConnectionStringBuilder(await context.NewDatabaseAsync());
        await using (var source = NpgsqlDataSource.Create(connection.ConnectionString))
        {
            await using var create = source.CreateCommand(
                "create table bench_row (id bigint generated always as identity primary key, data jsonb not null)");
            await create.ExecuteNonQueryAsync();
        }

        var script = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            script,
            """
            insert into bench_row (data) values ('{"bookedOn":"2026-01-01","description":"Order r0-0-1",
              "currency":"EUR","lines":[{"account":"4000","side":"credit","amount":"12.00"},
              {"account":"1000","side":"debit","amount":"12.00"},{"account":"5000","side":"debit","amount":"1.00"},
              {"account":"1999","side":"credit","amount":"1.00"}],"reference":"r0-0-1"}');
            """);
        try
        {
            return await BenchmarkContext.MedianAsync(context.Quick ? 1 : Runs, async () =>
            {
                var output = await RunAsync(
                    pgbench,
                    ["-n", "-M", "prepared", "-f", script, "-c", $"{Math.Min(connections, PeerClientsMax)}",
                        "-j", "1", "-T", $"{seconds}",
                        "-h", connection.Host!, "-p", $"{connection.Port}", "-U", connection.Username!,
                        connection.Database!]);
                var tps = output.Split('\n').First(line => line.StartsWith("tps = ", StringComparison.Ordinal));
                return double.Parse(tps.Split(' ')[2], CultureInfo.InvariantCulture);
            });
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static string? Find(string program) =>
        new[] { "/usr/bin", "/usr/local/bin" }
            .Concat(Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(d => Path.Combine(d, "bin"))
                : [])
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await errors}");
    }
}
