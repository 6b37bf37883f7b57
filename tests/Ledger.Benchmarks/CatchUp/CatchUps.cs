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
            var (rates, linesAlone) = (new List<double>(), new List<double>());
            var (eventBytes, bookBytes) = (0L, 0L);
            for (var run = 0; run < Runs; run++)
            {
                var connection = await context.NewDatabaseAsync();
                await using var database = NpgsqlDataSource.Create(connection);
                await using var service = NpgsqlDataSource.Create(BenchmarkDatabases.AsService(connection));
                var last = await BooksSeed.FillAsync(database, companies, entries);
                var seconds = await CatchUpAsync(service, last);
                rates.Add(entries / seconds);
                linesAlone.Add(entries / await SecondsForLinesAloneAsync(database));
                (eventBytes, bookBytes) = await BytesAsync(database);
                context.Say(FormattableString.Invariant($"  {entries / seconds:F0} entries/s"));
            }

            rates.Sort();
            linesAlone.Sort();
            var floor = companies == 1 ? 30_000 : 0;
            yield return new BenchmarkRow(
                "catch-up of the whole books, " + companies.ToString("N0", CultureInfo.InvariantCulture)
                    + (companies == 1 ? " company" : " companies"),
                rates[Runs / 2],
                "entries/s",
                "the lines alone, INSERT … SELECT into a table with the same indexes",
                linesAlone[Runs / 2],
                Floor: floor > 0 ? "≥ 30,000 entries/s" : "",
                Met: floor > 0 ? rates[Runs / 2] >= floor : null,
                Note: FormattableString.Invariant($"{entries} entries, 3 lines each"));
            yield return new BenchmarkRow(
                FormattableString.Invariant($"bytes on disk an entry of 3 lines, {companies:N0} companies"),
                (double)(eventBytes + bookBytes) / entries,
                "bytes",
                Note: FormattableString.Invariant(
                    $"events {eventBytes / entries:N0}, read models {bookBytes / entries:N0}, indexes included"));
        }
    }

    private static async Task<double> SecondsForLinesAloneAsync(NpgsqlDataSource database)
    {
        await using var create = database.CreateCommand(
            "create table bench_line (like ledger_read.journal_line_1 including all)");
        await create.ExecuteNonQueryAsync();
        var clock = Stopwatch.StartNew();
        await using var copy = database.CreateCommand(
            "insert into bench_line select * from ledger_read.journal_line_1 order by company, position, line");
        copy.CommandTimeout = 0;
        await copy.ExecuteNonQueryAsync();
        var seconds = clock.Elapsed.TotalSeconds;
        await using var drop = database.CreateCommand("drop table bench_line");
        await drop.ExecuteNonQueryAsync();
        return seconds;
    }

    private static async Task<(long Events, long Books)> BytesAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("""
            select sum(pg_total_relation_size(oid)) filter (where relnamespace = 'public'::regnamespace),
                sum(pg_total_relation_size(oid)) filter (where relnamespace <> 'public'::regnamespace)
            from pg_class
            where relkind = 'r'
                and relnamespace = any (array['public', 'ledger', 'ledger_read']::regnamespace[])
            """);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return ((long)row.GetDecimal(0), (long)row.GetDecimal(1));
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
