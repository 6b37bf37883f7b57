using System.Diagnostics;
using System.Globalization;
using Ledger.EventStore;
using Ledger.Projections;
using Npgsql;

namespace Ledger.Benchmarks.CatchUp;

/// <summary>
/// From events alone to the whole books: log, entries, lines with their indexes, movement cells.
/// </summary>
internal static class CatchUps
{
    private const int Runs = 3;

    public static BenchmarkGroup Group { get; } = new("catch-up", RunAsync);

    private static async IAsyncEnumerable<BenchmarkRow> RunAsync(BenchmarkContext context)
    {
        var entries = context.Quick ? 30_000 : 300_000;
        foreach (var companies in new[] { 1, 1_000 })
        {
            context.Say(FormattableString.Invariant($"catch-up: {entries} entries, {companies} companies"));
            var rates = new List<double>();
            for (var run = 0; run < Runs; run++)
            {
                await using var database = NpgsqlDataSource.Create(await context.NewDatabaseAsync());
                var last = await BooksSeed.FillAsync(database, companies, entries);
                var seconds = await CatchUpAsync(database, last);
                rates.Add(entries / seconds);
                context.Say(FormattableString.Invariant($"  {entries / seconds:F0} entries/s"));
            }

            rates.Sort();
            var floor = companies == 1 ? 30_000 : 0;
            yield return new BenchmarkRow(
                "catch-up of the whole books, " + companies.ToString("N0", CultureInfo.InvariantCulture)
                    + (companies == 1 ? " company" : " companies"),
                rates[Runs / 2],
                "entries/s",
                Floor: floor > 0 ? "≥ 30,000 entries/s" : "",
                Met: floor > 0 ? rates[Runs / 2] >= floor : null,
                Note: FormattableString.Invariant($"{entries} entries, 3 lines each"));
        }
    }

    private static async Task<double> CatchUpAsync(NpgsqlDataSource database, long last)
    {
        var clock = Stopwatch.StartNew();
        await using var loop = new ProjectionLoop(database, EventCatalog.Ledger);
        loop.Start();
        return await loop.WaitForAsync(last, TimeSpan.FromMinutes(30))
            ? clock.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"The loop stopped: {loop.Status.Stopped}");
    }
}
