using Ledger.Api.Approvals;
using Ledger.Api.Import;
using Ledger.Domain.Journals;
using Ledger.EventStore;

namespace Ledger.Api.Journals;

/// <summary>
/// Posts entries that were made from balances, many in a request: all of these, or none. No second person need see
/// them, whatever the limits are: what they come to is nobody's choice.
/// </summary>
internal static class PlannedEntries
{
    private const int EntriesPerRequest = 200;

    private const int LinesPerRequest = 2_000;

    /// <param name="target">The books.</param>
    /// <param name="entries">One that is recorded already is nothing new.</param>
    /// <param name="say">Is told what is refused.</param>
    /// <returns>How many were posted now, and how many were refused.</returns>
    public static async Task<(int Posted, int Refused)> PostAsync(
        BooksTarget target, IReadOnlyList<PostJournalEntry> entries, Action<string> say)
    {
        var requests = Requests(entries);
        var (posted, refused) = (0, 0);
        foreach (var (request, outcome) in requests.Zip(await target.WriteAsync(requests, PostAsync)))
        {
            posted += outcome.IsNew ? request.Count : 0;
            if (outcome.Refusal is { } refusal)
            {
                refused += request.Count;
                say($"{refusal.Message} ({refusal.Code})");
            }
        }

        return (posted, refused);
    }

    private static List<List<PostJournalEntry>> Requests(IEnumerable<PostJournalEntry> entries)
    {
        var requests = new List<List<PostJournalEntry>>();
        var lines = LinesPerRequest;
        foreach (var entry in entries)
        {
            lines += entry.Lines.Count;
            if (lines > LinesPerRequest || requests[^1].Count == EntriesPerRequest)
            {
                requests.Add([]);
                lines = entry.Lines.Count;
            }

            requests[^1].Add(entry);
        }

        return requests;
    }

    private static async ValueTask<Verdict<Written>> PostAsync(
        List<PostJournalEntry> entries, Reading reading, Doer doer)
    {
        var books = await JournalWrites.BooksAsync(reading, doer.Clock, entries.Exists(JournalWrites.NamesDimensions));
        var opened = OpenedBooks.For(entries, books);
        var writes = new List<(string Stream, IReadOnlyList<object> Events)>();
        foreach (var entry in entries)
        {
            var stream = Streams.Entry(entry.Id);
            var (state, _) = await reading.NewDocumentAsync(stream, Streams.EntryFold);
            var person = await JournalWrites.PersonAsync(reading, entry.CounterpartyPerson);
            var decision = JournalDecider.Decide(entry, state, opened.Books, person: person);
            if (decision.Refusal is { } refusal)
            {
                return refusal with { Message = $"{entry.Id}: {refusal.Message}" };
            }

            if (decision.Events.Count > 0)
            {
                writes.Add((stream, decision.Events));
            }
        }

        return writes.Count == 0
            ? Verdict.Nothing(default(Written))
            : Verdict.Append(
                default(Written),
                [(Streams.Chart, opened.Chart), (Streams.Dimensions, opened.Dimensions), .. writes]);
    }
}
