using Ledger.Api.Import;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.Journals;

/// <summary>Posts entries that were made from balances.</summary>
internal static class PlannedEntries
{
    /// <param name="target">The books.</param>
    /// <param name="entries">Each stands alone; one that is recorded already is nothing new.</param>
    /// <param name="say">Is told of each that is refused.</param>
    /// <returns>How many were posted now, and how many were refused.</returns>
    public static async Task<(int Posted, int Refused)> PostAsync(
        BooksTarget target, IReadOnlyList<PostJournalEntry> entries, Action<string> say)
    {
        var outcomes = await target.WriteAsync(entries, PostAsync);
        foreach (var (entry, outcome) in entries.Zip(outcomes))
        {
            if (outcome.Refusal is { } refusal)
            {
                say($"{entry.Id}: {refusal.Message} ({refusal.Code})");
            }
        }

        return (outcomes.Count(outcome => outcome.IsNew), outcomes.Count(outcome => outcome.Refusal is not null));
    }

    private static async ValueTask<Verdict<Written>> PostAsync(
        PostJournalEntry entry, Reading reading, IClock clock)
    {
        var stream = Streams.Entry(entry.Id);
        var (state, _) = await reading.NewDocumentAsync(stream, Streams.EntryFold);
        var books = await JournalWrites.BooksAsync(reading, clock, JournalWrites.NamesDimensions(entry));
        var opened = OpenedBooks.For(entry, books);
        var decision = JournalDecider.Decide(entry, state, opened.Books);
        return decision.Refusal is { } refusal ? refusal
            : decision.Events.Count == 0 ? Verdict.Nothing(new Written(1), stream)
            : Verdict.Append(
                new Written(1),
                (Streams.Chart, opened.Chart), (Streams.Dimensions, opened.Dimensions), (stream, decision.Events));
    }
}
