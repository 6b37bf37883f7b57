using Ledger.Benchmarks.CatchUp;
using Ledger.Projections.Audit;
using Ledger.Projections.Queries;

namespace Ledger.Benchmarks.Queries;

/// <summary>The tests of an auditor that look at all entries or lines, the first page of each.</summary>
internal static class AuditTests
{
    private const int Shown = 200;

    private static readonly JournalScope All = new(null, null, null, null, null, null, Shown);

    /// <param name="reader">Answers.</param>
    /// <param name="companies">How many there are, of which one is drawn each time.</param>
    public static IEnumerable<(string Work, Func<Random, Task> Ask)> Of(LedgerReader reader, int companies)
    {
        Func<Random, Task> Asks<T>(Func<Snapshot, Task<T>> query) => async random => Questions.Check(
            await reader.AskAsync<T>(
                new(BooksSeed.Company(random.Next(companies)), KnownAt.Now),
                async snapshot => await query(snapshot)));

        yield return ("duplicates by amount", Asks(snapshot =>
            DuplicateFindings.FindAsync(snapshot, All, DuplicatesBy.Amount, null)));
        yield return ("unusual accounts", Asks(snapshot =>
            RareFindings.OfRarePairsAsync(snapshot, All, 1)));
        yield return ("round amounts, of which there are none", Asks(snapshot =>
            AmountFindings.RoundAsync(snapshot, All, 1_000_000m)));
        yield return ("missing numbers of documents", Asks(snapshot =>
            MissingNumbers.OfDocumentsAsync(snapshot, All, "", null, 10, null)));
    }
}
