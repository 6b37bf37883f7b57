using System.Diagnostics;
using System.Globalization;
using Ledger.Benchmarks.CatchUp;
using Ledger.EventStore;
using Ledger.Projections;
using Ledger.Projections.Balances;
using Ledger.Projections.Queries;
using Ledger.Projections.Statements;
using NodaTime;
using Npgsql;

namespace Ledger.Benchmarks.Queries;

/// <summary>
/// Trial balance and balances at days and knowledge drawn by chance, in process and with a warm cache. It must not
/// matter how many entries there are. Beside them the same answer summed from the lines, as without movement cells.
/// </summary>
internal static class Questions
{
    private const int WarmUps = 100;
    private const int Asked = 100;
    private const int AskedOfAll = 5;
    private const double FloorMilliseconds = 20;
    private const string Floor = "≤ 20 ms";

    public static BenchmarkGroup Group { get; } = new("queries", RunAsync);

    private static async IAsyncEnumerable<BenchmarkRow> RunAsync(BenchmarkContext context)
    {
        int[] sizes = context.Quick ? [1_000, 10_000, 50_000] : [10_000, 100_000, 1_000_000];
        foreach (var (companies, entries) in sizes.Select(size => (1, size)).Append((1_000, sizes[^1])))
        {
            var connection = await context.NewDatabaseAsync();
            context.Say(FormattableString.Invariant($"queries: filling {entries} entries, {companies} companies"));
            await FillAsync(connection, companies, entries);
            var books = Name(entries) + " entries" + (companies == 1 ? "" : $" of {Name(companies)} companies");
            await using var reader = new LedgerReader(LedgerSource.Create(BenchmarkDatabases.AsService(connection)));
            await using var database = NpgsqlDataSource.Create(connection);
            var span = await SpanAsync(database);

            var now = await MeasureAsync(random => TrialBalanceAsync(reader, span, random, companies, isPast: false));
            var past = await MeasureAsync(random => TrialBalanceAsync(reader, span, random, companies, isPast: true));
            var balances = await MeasureAsync(random => BalancesAsync(reader, span, random, companies));
            var lines = await MeasureAsync(random => SumLinesAsync(database, span, random, companies));
            yield return Row($"trial balance, any day, known now, {books}", now, lines);
            yield return Row($"trial balance, any day, known at any time, {books}", past, lines);
            yield return Row($"balances by a dimension, both clocks, {books}", balances, null);
            foreach (var (work, ask) in Pages.Of(reader, companies, span.Day))
            {
                var page = await MeasureAsync(ask);
                yield return Row($"{work}, {books}", page, null) with { Floor = "", Met = null };
            }

            foreach (var (work, ask) in AuditTests.Of(reader, companies))
            {
                var page = await MeasureAsync(ask, warmUps: 1, AskedOfAll);
                yield return Row($"{work}, {books}", page, null) with { Floor = "", Met = null };
            }
        }
    }

    private static BenchmarkRow Row(string work, double[] measured, double[]? lines)
    {
        var (median, worst) = (measured[measured.Length / 2], measured[measured.Length * 95 / 100]);
        return new(
            work,
            median,
            "ms",
            lines is null ? "" : "summed from the lines",
            lines?[lines.Length / 2],
            Floor,
            median <= FloorMilliseconds,
            FormattableString.Invariant($"p95 {worst:0.0} ms"));
    }

    private static async Task FillAsync(string connection, int companies, int entries)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        var last = await BooksSeed.FillAsync(database, companies, entries, documents: true);
        await using var loop = new ProjectionLoop(database, EventCatalog.Ledger);
        loop.Start();
        if (!await loop.WaitForAsync(last, TimeSpan.FromMinutes(30)))
        {
            throw new InvalidOperationException($"The loop stopped: {loop.Status.Stopped}");
        }

        // What the server does by itself in the background within a minute or two.
        await using var vacuum = database.CreateCommand("vacuum analyze");
        vacuum.CommandTimeout = 0;
        await vacuum.ExecuteNonQueryAsync();
    }

    /// <summary>Sorted milliseconds of questions that are the same in every run.</summary>
    private static async Task<double[]> MeasureAsync(
        Func<Random, Task> ask, int warmUps = WarmUps, int asked = Asked)
    {
        var random = new Random(11);
        for (var i = 0; i < warmUps; i++)
        {
            await ask(random);
        }

        var milliseconds = new double[asked];
        for (var i = 0; i < asked; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await ask(random);
            milliseconds[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        return milliseconds;
    }

    private static async Task TrialBalanceAsync(
        LedgerReader reader, Span span, Random random, int companies, bool isPast)
    {
        var to = span.Day(random);
        KnownAt knownAt = isPast ? new KnownAt.OfSequence(random.NextInt64(span.First, span.Last + 1)) : KnownAt.Now;
        Check(await reader.AskAsync(
            new(Company(random, companies), knownAt),
            snapshot => TrialBalanceQueries.TrialBalanceAsync(
                snapshot, to.PlusDays(-random.Next(120)), to, DimensionQuery.None, BeforeKind.Nothing)));
    }

    private static async Task BalancesAsync(LedgerReader reader, Span span, Random random, int companies)
    {
        var knownAt = new KnownAt.OfSequence(random.NextInt64(span.First, span.Last + 1));
        Check(await reader.AskAsync(
            new(Company(random, companies), knownAt),
            snapshot => BalanceQueries.BalancesAsync(snapshot, span.Day(random), null, new("shop", []))));
    }

    private static async Task SumLinesAsync(NpgsqlDataSource database, Span span, Random random, int companies)
    {
        await using var command = database.CreateCommand("""
            select account, unit, sum(debit), sum(credit), sum(base_debit), sum(base_credit)
            from views.journal_line
            where company = $1 and booked_on <= $2 and position <= $3
            group by account, unit
            """);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = Company(random, companies) });
        command.Parameters.Add(new() { Value = span.Day(random).ToDateOnly() });
        command.Parameters.Add(new() { Value = random.NextInt64(1, span.Last / companies) });
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            _ = rows.GetDecimal(2);
        }
    }

    private static async Task<Span> SpanAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("""
            select min(booked_on), max(booked_on), min(sequence), max(sequence) from views.journal_entry
            """);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return new(
            LocalDate.FromDateOnly(row.GetFieldValue<DateOnly>(0)),
            LocalDate.FromDateOnly(row.GetFieldValue<DateOnly>(1)),
            row.GetInt64(2),
            row.GetInt64(3));
    }

    private static string Company(Random random, int companies) => BooksSeed.Company(random.Next(companies));

    private static string Name(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    internal static void Check<T>(Answer<T> answer)
    {
        if (answer.Refusal is { } refusal)
        {
            throw new InvalidOperationException(refusal.Message);
        }
    }

    /// <summary>The days and sequences that questions are drawn from.</summary>
    private sealed record Span(LocalDate From, LocalDate To, long First, long Last)
    {
        public LocalDate Day(Random random) => From.PlusDays(random.Next(Period.DaysBetween(From, To) + 1));
    }
}
