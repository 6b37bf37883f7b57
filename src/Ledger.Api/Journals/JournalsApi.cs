using Ledger.Domain;
using Ledger.Domain.Journals;
using Ledger.EventStore;

namespace Ledger.Api.Journals;

/// <summary>Journal entries over HTTP, what posts and reverses them one by one.</summary>
public static class JournalsApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Put("/companies/{company}/journal-entries/{id}", PutAsync);
        surface.Post("/companies/{company}/journal-entries", PostAsync);
        surface.Post("/companies/{company}/journal-entries/{id}/reversal", ReverseAsync);
    }

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
        var clock = call.Ledger.Clock;
        var outcome = await call.Ledger.Transact.RunAsync(
            call.Company, call.Metadata, reading => JournalWrites.PostAsync(command, reading, clock));
        await AnswerAsync(call, outcome, command.Id, null, command.ReverseOn is null ? null : command.Id);
    }

    private static async ValueTask ReverseAsync(Call call)
    {
        var id = call.Id("id");
        var command = await call.BodyAsync(JournalJson.ReadReversal, id);
        var clock = call.Ledger.Clock;
        var outcome = await call.Ledger.Transact.RunAsync(
            call.Company, call.Metadata, reading => JournalWrites.ReverseAsync(command, reading, clock));
        await AnswerAsync(call, outcome, EntryIds.ReversalOf(id), id, null);
    }

    private static ValueTask AnswerAsync(
        Call call, Transacted<Written> outcome, string id, string? reverses, string? reversed) => Writes.AnswerAsync(
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
            },
            (id, reverses, reversed));
}
