using System.Text.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.People;
using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Journals;
using Ledger.Domain.Keys;
using Ledger.EventStore;
using Ledger.Projections.Journals;
using Ledger.Projections.Queries;

namespace Ledger.Api.Journals;

/// <summary>Journal entries over HTTP, what posts and reverses them one by one.</summary>
public static class JournalsApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Put("/companies/{company}/journal-entries/{id}", PutAsync)
            .Needs(Permission.PostEntries)
            .Is(
                "putJournalEntry", "Journals", "Posts an entry",
                "An entry is never changed: the same content again is answered as the first time, also after its "
                    + "month was "
                + "closed; other content is 409. A line in another unit than the functional currency carries "
                + "`baseAmount`, "
                + "or `rate`, by which the service converts, half away from zero. `counterparty` is text for an "
                + "organisation, and `{person, name}` for a natural person, whose name is stored encrypted.")
            .Prefers()
            .Reads<Entry>(EntryExample)
            .Writes<EntryWritten>(WrittenExample)
            .MayWait()
            .RefusesEntries();
        surface.Post("/companies/{company}/journal-entries", PostAsync)
            .Needs(Permission.PostEntries)
            .Is(
                "postJournalEntry", "Journals", "Posts an entry whose id is the Idempotency-Key",
                "For callers who have no id for the entry; otherwise the same as to PUT it.")
            .Header(HttpNames.IdempotencyKey, "Becomes the entry's id.", "7f1c2f9e-order-1001", required: true)
            .Prefers()
            .Reads<Entry>(EntryExample)
            .Writes<EntryWritten>(WrittenExample)
            .MayWait()
            .Refuses(RequestProblems.IdempotencyKeyMissing)
            .RefusesEntries();
        surface.Post("/companies/{company}/journal-entries/{id}/reversal", ReverseAsync)
            .Needs(Permission.PostEntries)
            .Is(
                "reverseJournalEntry", "Journals", "Takes an entry back by another one",
                "The reversal has the entry's id with `~reversal` behind it. `mirror` swaps the sides, `red` keeps "
                    + "them and "
                + "makes the amounts negative, so that turnovers stay clean.")
            .Prefers()
            .Reads<Reversal>("""{"bookedOn": "2026-02-01", "reason": "Wrong account", "method": "mirror"}""")
            .Writes<ReversalWritten>(ReversedExample)
            .MayWait()
            .Refuses(RequestProblems.DateMalformed, RequestProblems.DateOutOfRange)
            .Refuses("company-unknown", "date-outside-books", "period-closed", "fiscal-year-final", "text-empty")
            .Refuses("text-too-long")
            .Refuses(Refusals.Of("Reversal"));
    }

    /// <summary>Everything that an entry can be refused for.</summary>
    internal static Operation RefusesEntries(this Operation operation) => operation
        .Refuses(RequestProblems.AmountMalformed, RequestProblems.DateMalformed, RequestProblems.DateOutOfRange)
        .Refuses("company-unknown", "period-closed", "fiscal-year-final", "unit-unknown", "text-too-long")
        .Refuses("personal-data-erased", "text-empty")
        .Refuses(Refusals.Of("Journal", "Line"));

    private static Operation Prefers(this Operation operation) => operation.Header(
        "Prefer",
        "`return=representation` waits up to two seconds for the tables and answers with the entry as queries give it, "
        + "its number included; `Preference-Applied` says that it did.",
        "return=representation");

    internal const string EntryFields = """
        "bookedOn": "2026-01-31", "description": "Order 1001", "reference": "1001", "lines": [
        {"account": "501", "side": "debit", "amount": "118.80", "currency": "USD", "rate": "0.9091"},
        {"account": "703", "side": "credit", "amount": "108.00", "dimensions": {"department": "sales"}}]
        """;

    private const string EntryExample = "{" + EntryFields + "}";

    private const string WrittenExample = """
        {"id": "order-1001", "version": 1, "sequence": 1742, "recorded": "2026-01-31T16:20:00.123456Z"}
        """;

    private const string ReversedExample = """
        {"id": "order-1001~reversal", "reverses": "order-1001", "version": 1, "sequence": 1801,
        "recorded": "2026-02-01T09:00:00.123456Z"}
        """;

    private static async ValueTask PutAsync(Call call) =>
        await PostAsync(call, await call.BodyAsync(JournalJson.ReadEntry, call.Id("id")));

    private static async ValueTask PostAsync(Call call)
    {
        var key = call.Context.Request.Headers[HttpNames.IdempotencyKey];
        if (key.Count == 0)
        {
            throw RequestProblems.Fail(
                RequestProblems.IdempotencyKeyMissing,
                "Send an Idempotency-Key, which becomes the entry's id, or PUT the entry under an id of yours.");
        }

        // The draft of the IETF writes the key as a quoted string; most callers leave the quotes out.
        var id = key.ToString();
        id = id.Length > 2 && id[0] == '"' && id[^1] == '"' ? id[1..^1] : id;
        if (!Ids.IsValid(id))
        {
            throw new RequestException(Http.ProblemOf(TextRefusals.IdInvalid(HttpNames.IdempotencyKey, id)));
        }

        call.Context.Response.Headers.Location = $"/companies/{call.Company}/journal-entries/{id}";
        await PostAsync(call, await call.BodyAsync(JournalJson.ReadEntry, id));
    }

    private static async ValueTask PostAsync(Call call, PostJournalEntry command)
    {
        var doer = call.Doer;
        var outcome = await call.TransactAsync(reading => JournalWrites.PostAsync(command, reading, doer));
        await AnswerAsync(call, outcome, command.Id, null, command.ReverseOn is null ? null : command.Id);
    }

    private static async ValueTask ReverseAsync(Call call)
    {
        var id = call.Id("id");
        var command = await call.BodyAsync(JournalJson.ReadReversal, id);
        await OwnEntries.RequireAsync(call, id);
        var doer = call.Doer;
        var outcome = await call.TransactAsync(reading => JournalWrites.ReverseAsync(command, reading, doer));
        await AnswerAsync(call, outcome, EntryIds.ReversalOf(id), id, null);
    }

    private static async ValueTask AnswerAsync(
        Call call, Transacted<Written> outcome, string id, string? reverses, string? reversed)
    {
        var representation = call.WantsRepresentation && outcome is Transacted<Written>.Done
        {
            Answer.Approval: null,
        } done
            ? await ReadAsync(call, id, Writes.PlaceOf(done).Sequence)
            : null;
        await Writes.AnswerAsync(
            call,
            outcome,
            static (json, entry) =>
            {
                json.WriteString("id"u8, entry.id);
                if (entry.reverses is not null)
                {
                    json.WriteString("reverses"u8, entry.reverses);
                }

                if (entry.reversed is not null)
                {
                    json.WriteString("reversal"u8, EntryIds.ReversalOf(entry.reversed));
                }

                if (entry.representation is { } read)
                {
                    json.WriteNumber("number"u8, read.Entry.Number);
                    json.WritePropertyName("entry"u8);
                    JsonSerializer.Serialize(json, read.Entry, QueryJson.Options);
                    json.WritePropertyName("lines"u8);
                    JsonSerializer.Serialize(json, read.Lines, QueryJson.Options);
                }
            },
            (id, reverses, reversed, representation));
    }

    /// <summary>
    /// The entry as queries give it, once the tables have it. Null when that takes too long: the entry is recorded all
    /// the same, and the answer says so.
    /// </summary>
    private static async Task<JournalEntryThen?> ReadAsync(Call call, string id, long sequence)
    {
        var question = new Question(call.Company, KnownAt.Now, sequence);
        var answer = await call.Ledger.Reader.AskAsync(question, snapshot => JournalQueries.EntryAsync(snapshot, id));
        if (answer.Value is { } found && !OwnEntries.MayRead(call, found.Entry.Actor))
        {
            return null;
        }

        if (answer.Value is not null)
        {
            call.Context.Response.Headers["Preference-Applied"] = "return=representation";
        }

        return answer.Value is { } read ? read with { Entry = await call.WithNameAsync(read.Entry) } : null;
    }
}
