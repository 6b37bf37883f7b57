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
    private const int FloorConnections = 64;

    /// <summary>Until the code that answers has been compiled for good, which takes a quarter of a minute.</summary>
    private const int WarmUps = 3;

    private const int Accounts = 50;

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
            await using var peer = await PeerInserts.PrepareAsync(context, pgbench, connections, seconds);
            foreach (var projections in new[] { false, true })
            {
                var work = $"HTTP, one entry a request, {connections} connections, projections "
                    + (projections ? "running" : "paused");
                var measured = await MeasureAsync(context, wrk, peer, connections, seconds, projections);
                var counts = connections == FloorConnections;
                var floor = projections ? 0.7 : 1.25;
                yield return new BenchmarkRow(
                    work,
                    measured.Rate,
                    "entries/s",
                    "pgbench, one-row INSERT",
                    measured.Peer,
                    counts ? $"≥ {floor.ToString(CultureInfo.InvariantCulture)}× peer" : "",
                    counts ? measured.Rate >= floor * measured.Peer : null,
                    measured.Note);
                if (counts)
                {
                    yield return new BenchmarkRow(
                        work + ", p99", measured.P99, "ms", Floor: "≤ 25 ms", Met: measured.P99 <= 25);
                }

                if (counts && projections)
                {
                    yield return new BenchmarkRow(
                        work + ", lag at the end", measured.Lag, "s", Floor: "< 1 s", Met: measured.Lag < 1);
                }
            }
        }
    }

    /// <summary>A run of the peer and one of ours in turn, since a disk may be faster in one minute than in the
    /// next.</summary>
    private static async Task<Measured> MeasureAsync(
        BenchmarkContext context, string wrk, PeerInserts peer, int connections, int seconds, bool projections)
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
        for (var run = 0; run < WarmUps; run++)
        {
            await LoadAsync(service, wrk, connections, seconds, $"w{run}");
        }

        var results = new List<JsonElement>();
        var peers = new List<double>();
        var lag = 0.0;
        for (var run = 0; run < Runs; run++)
        {
            peers.Add(await peer.RunAsync());
            results.Add(await LoadAsync(service, wrk, connections, seconds, $"r{run}"));
            lag = projections ? Math.Max(lag, await LagSecondsAsync(service)) : 0;
        }

        var median = results.OrderBy(Rate).ElementAt(Runs / 2);
        var (p50, p99) = (median.GetProperty("p50ms").GetDouble(), median.GetProperty("p99ms").GetDouble());
        var memory = service.PeakMemoryBytes / 1_000_000;
        var note = string.Create(CultureInfo.InvariantCulture, $"p50 {p50:0.0} ms, p99 {p99:0.0} ms, peak {memory} MB");
        return new(
            Rate(median),
            peers.Order().ElementAt(Runs / 2),
            p99,
            lag,
            projections ? string.Create(CultureInfo.InvariantCulture, $"{note}, lag {lag:0.00} s") : note);
    }

    /// <summary>Medians of the runs; the lag is the longest.</summary>
    private sealed record Measured(double Rate, double Peer, double P99, double Lag, string Note);

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
        var result = JsonDocument.Parse(line).RootElement.Clone();
        return result.GetProperty("other").GetInt64() == 0
            ? result
            : throw new InvalidOperationException($"Answers other than 201: {result}");
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

    private static string? Find(string program) =>
        new[] { "/usr/bin", "/usr/local/bin" }
            .Concat(Directory.Exists("/usr/lib/postgresql")
                ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(d => Path.Combine(d, "bin"))
                : [])
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    internal static async Task<string> RunAsync(string program, string[] arguments)
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
