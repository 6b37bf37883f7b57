using Ledger.Benchmarks.CatchUp;
using Ledger.Projections.Journals;
using Ledger.Projections.Queries;
using Ledger.Projections.Statements;
using NodaTime;

namespace Ledger.Benchmarks.Queries;

/// <summary>Pages of entries and lines, as a person turns them and as an export reads them.</summary>
internal static class Pages
{
    private const int Shown = 100;
    private const int ExportedAtOnce = 1_000;
    private const int References = 1_000_000;
    private const int Counterparties = 5_000;

    /// <param name="reader">Answers.</param>
    /// <param name="companies">How many there are, of which one is drawn each time.</param>
    /// <param name="day">Draws a booked day.</param>
    public static IEnumerable<(string Work, Func<Random, Task> Ask)> Of(
        LedgerReader reader, int companies, Func<Random, LocalDate> day)
    {
        Task AskAsync<T>(Random random, Func<Snapshot, Task<Answer<T>>> query) => AskedAsync(
            reader, BooksSeed.Company(random.Next(companies)), query);
        Task EntriesAsync(Random random, JournalFilter filter, JournalOrder order) => AskAsync(
            random, snapshot => JournalQueries.EntriesAsync(snapshot, filter, new(order, true, null, Shown)));

        yield return ("a page of entries up to any day", random => EntriesAsync(
            random, new(To: day(random)), JournalOrder.BookedOn));
        yield return ("entries of a reference", random => EntriesAsync(
            random, new(Reference: FormattableString.Invariant($"order-{random.Next(References)}")),
            JournalOrder.BookedOn));
        yield return ("entries of a counterparty", random => EntriesAsync(
            random, new(Counterparty: FormattableString.Invariant($"customer-{random.Next(Counterparties)}")),
            JournalOrder.Recorded));
        yield return ("a page of an account's ledger behind any day", random => AskAsync(
            random, snapshot => GeneralLedgerQueries.PageAsync(snapshot, new(
                day(random), new(2099, 12, 31), "1017", DimensionQuery.None, null, Shown))));
        yield return ("a run of 1,000 exported entries", random => AskAsync(
            random, snapshot => JournalExportQueries.RunAsync(snapshot, new(0, null, null), ExportedAtOnce)));
    }

    private static async Task AskedAsync<T>(
        LedgerReader reader, string company, Func<Snapshot, Task<Answer<T>>> query) =>
        Questions.Check(await reader.AskAsync(new(company, KnownAt.Now), query));
}
