using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Ledger.Api.Approvals;
using Ledger.Api.Batches;
using Ledger.Domain;
using Ledger.Domain.Approvals;
using Ledger.Domain.Journals;
using Ledger.EventStore;

namespace Ledger.Api.Journals;

/// <summary>A batch that is recorded as a whole or not at all, in one append.</summary>
internal static class AtomicBatch
{
    public const int EntriesMax = 1_000;

    public static async ValueTask AnswerAsync(
        Call call, BatchItems<PostJournalEntry> items, BatchResults<PostJournalEntry> results)
    {
        var read = await ReadAllAsync(items);
        var refused = new List<BatchItem<PostJournalEntry>>();
        var doer = call.Doer with { CanWait = false };
        var outcome = await call.TransactAsync(reading => DecideAsync(read, reading, doer, refused));
        if (outcome is Transacted<Recorded>.Done done)
        {
            await WriteAsync(call, items, read, done, results);
        }
        else if (outcome is Transacted<Recorded>.Refused)
        {
            await RefuseAsync(call, items, refused);
        }
        else
        {
            await Http.WriteAsync(call.Context, Http.ProblemOf(outcome)!);
        }
    }

    private static async Task<List<BatchItem<PostJournalEntry>>> ReadAllAsync(BatchItems<PostJournalEntry> items)
    {
        var read = await items.ReadAsync(EntriesMax + 1);
        while (read.Count <= EntriesMax && await items.ReadAsync(EntriesMax + 1) is { Count: > 0 } more)
        {
            read.AddRange(more);
        }

        var events = read.Sum(item => item.Command?.ReverseOn is null ? 1 : 3);
        return events <= AppendRequest.EventsMax
            ? read
            : throw RequestProblems.Fail(
                RequestProblems.BatchTooLarge,
                $"An atomic batch holds up to {EntriesMax} entries, of which one with reverseOn counts for three. "
                + "Send several batches, or leave out ?atomic=true.");
    }

    /// <summary>Decides the entries in order, each on what those before it would leave. All that stand in the way are
    /// told at once, also those that could not be read.</summary>
    private static async ValueTask<Verdict<Recorded>> DecideAsync(
        List<BatchItem<PostJournalEntry>> items, Reading reading, Doer doer, List<BatchItem<PostJournalEntry>> refused)
    {
        refused.Clear();
        var batch = new Batch(reading, doer);
        var withDimensions = items.Exists(item => item.Command is { } entry && JournalWrites.NamesDimensions(entry));
        var books = await JournalWrites.BooksAsync(reading, doer.Clock, withDimensions);
        foreach (var item in items)
        {
            if (item.Command is null)
            {
                refused.Add(item);
            }
            else if (await batch.DecideAsync(item.Command, books) is { } refusal)
            {
                refused.Add(item with { Problem = Http.ProblemOf(refusal) });
            }
        }

        return refused.Count > 0
            ? Verdict.Refuse<Recorded>(new(RequestProblems.BatchRefused, "Some entries are refused."))
            : Verdict.Append(
                new Recorded(batch.Places, batch.Events),
                [(Streams.Approvals, batch.Approvals), .. batch.Writes]);
    }

    private static ValueTask WriteAsync(
        Call call,
        BatchItems<PostJournalEntry> items,
        List<BatchItem<PostJournalEntry>> read,
        Transacted<Recorded>.Done done,
        BatchResults<PostJournalEntry> results)
    {
        var last = 0L;
        var first = done.Sequence - done.Answer.Events + 1;
        for (var i = 0; i < read.Count; i++)
        {
            var place = done.Answer.Places[i];
            var at = place.Offset < 0 ? place.Before : new(first + place.Offset, done.Recorded);
            last = Math.Max(last, at.Sequence);
            results.Write(read[i], new Transacted<Written>.Done(
                new Written(place.Version), at.Sequence, at.Recorded, place.Offset >= 0));
        }

        results.End();
        call.Answers(last);
        call.Context.Response.Headers[HttpNames.Sequence] = last.ToString(CultureInfo.InvariantCulture);
        return Http.WriteAsync(
            call.Context, Http.StatusOf(done.Appended), items.ContentType, results.Bytes.ToArray());
    }

    /// <summary>One problem for the whole batch, with a result for each entry that stood in the way.</summary>
    private static ValueTask RefuseAsync(
        Call call, BatchItems<PostJournalEntry> items, List<BatchItem<PostJournalEntry>> refused)
    {
        var problem = RequestProblems.Of(
            RequestProblems.BatchRefused,
            $"Nothing was recorded, because {refused.Count} of the entries cannot be: see results.");
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Http.JsonOptions))
        {
            json.WriteStartObject();
            Http.WriteMembers(json, problem);
            json.WriteStartArray("results"u8);
            foreach (var item in refused)
            {
                json.WriteStartObject();
                json.WriteNumber(items.PositionName, item.Position);
                if (item.Command is not null)
                {
                    json.WriteString("id"u8, item.Command.Id);
                }

                Http.WriteMembers(json, item.Problem!);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Http.WriteAsync(call.Context, problem.Status, Http.ProblemJson, bytes.WrittenMemory);
    }

    /// <summary>What became of each entry, when the batch is recorded.</summary>
    /// <param name="Events">How many events were appended.</param>
    private sealed record Recorded(IReadOnlyList<Place> Places, int Events);

    /// <param name="Version">Of the entry right after it was posted.</param>
    /// <param name="Offset">Of its last event in the append; -1 where it was recorded before.</param>
    private readonly record struct Place(long Version, int Offset, Recording Before);

    /// <summary>The entries that were decided so far.</summary>
    private sealed class Batch(Reading reading, Doer doer)
    {
        private readonly Dictionary<string, (JournalEntry State, Recording First, int Offset)> streams =
            new(StringComparer.Ordinal);

        public List<Place> Places { get; } = [];

        public List<(string Stream, IReadOnlyList<object> Events)> Writes { get; } = [];

        public int Events { get; private set; }

        /// <summary>What is recorded of entries that one person may post alone.</summary>
        public List<object> Approvals { get; } = [];

        public async ValueTask<Refusal?> DecideAsync(PostJournalEntry command, Books books)
        {
            var entry = await FindAsync(command.Id);
            var corrected = command.Corrects is { } corrects && EntryIds.IsValid(corrects)
                ? (await FindAsync(corrects)).State
                : null;
            var last = command.ReverseOn is null ? command.Id : EntryIds.ReversalOf(command.Id);
            await FindAsync(last);
            var person = await JournalWrites.PersonAsync(reading, command.CounterpartyPerson);
            var both = JournalDecider.DecideWithReversal(command, entry.State, books, corrected, person);
            if (both.Entry.Refusal is { } refusal)
            {
                return refusal;
            }

            var deed = await SecondPerson.DeedOfAsync(both.Entry.Events, command.Id, ApprovalKind.PostEntry, reading);
            if (deed is not null)
            {
                var (seen, waits, _) = await SecondPerson.LookAsync(deed, reading, doer);
                if (waits is not null)
                {
                    return waits;
                }

                Approvals.AddRange(seen!.Events);
            }

            Append(command.Id, both.Entry.Events);
            Append(EntryIds.ReversalOf(command.Id), both.Reversal.Events);
            var place = streams[last];
            Places.Add(new(command.ReverseOn is null ? 1 : 2, place.Offset, place.First));
            return null;
        }

        private async ValueTask<(JournalEntry State, Recording First, int Offset)> FindAsync(string id)
        {
            if (!streams.TryGetValue(id, out var known))
            {
                var loaded = await reading.NewDocumentAsync(Streams.Entry(id), Streams.EntryFold);
                streams.Add(id, known = (loaded.State, loaded.First, -1));
            }

            return known;
        }

        private void Append(string id, ValueList<JournalEvent> events)
        {
            if (events.Count == 0)
            {
                return;
            }

            var stream = streams[id];
            foreach (var each in events)
            {
                stream.State = JournalEntry.Evolve(stream.State, each);
            }

            Events += events.Count;
            streams[id] = stream with { Offset = Events - 1 };
            Writes.Add((Streams.Entry(id), events));
        }
    }
}
