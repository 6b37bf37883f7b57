using Ledger.Api.OpenApi;
using Ledger.Domain.Audit;
using Ledger.Domain.Keys;
using Ledger.Projections.Audit;

namespace Ledger.Api.Audit;

/// <summary>The salts of the audit log over HTTP: how they are destroyed.</summary>
public static class SaltDeletionApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Put("/companies/{company}/audit/salt-deletions/{id}", PutAsync)
            .Needs(Permission.DeleteSalts)
            .Is(
                "putSaltDeletion", "Audit", "Destroys salts, so that nobody can prove any more what events say",
                "The audit log still shows that the events are there, when they were recorded and by whom, and that "
                + "none was left out; their bodies are in no proof and no bundle any more, which say so. Nothing "
                + "brings a salt back. It is recorded with its `reason`, which must name no natural person, and the "
                + "salts go some moments later, when the audit log has come to it. What the law or the company's "
                + "`retention` keeps is refused with the day from which it may go; what erasing a person recorded may "
                + "go at once. A deletion is never changed: the same again is answered as the first time. It needs a "
                + "second person, where there is one.")
            .Reads<SaltDeletionSent>(
                """
                {"reason": "Nobody has to prove these any more",
                "events": ["0b9f0f5e-6f5c-4b0b-9c1b-6d7a0f3c2a11"]}
                """)
            .Writes<SaltDeletionWritten>(
                """
                {"id": "old-erasures", "events": 1, "version": 1, "sequence": 1802,
                "recorded": "2026-02-01T09:00:00.123456Z"}
                """)
            .MayWait()
            .Refuses("company-unknown", "id-invalid", "text-empty", "text-too-long", "retention-unknown")
            .Refuses(Refusals.Of("SaltDeletion"));
    }

    private static async ValueTask PutAsync(Call call)
    {
        var id = call.Id("id");
        var (reason, events) = await call.BodyAsync(SaltDeletionJson.Read, 0);
        Task<IReadOnlyList<SaltedEvent>>? named = null;
        var outcome = await call.TransactAsync(reading => SaltDeletionWrites.PutAsync(
            new(id, reason, events), reading, call.Doer,
            () => named ??= SaltQueries.NamedAsync(
                call.Ledger.Database, call.Company, events.Take(SaltDeletionDecider.EventsMax))));
        await Writes.AnswerAsync(
            call,
            outcome,
            static (json, done) =>
            {
                json.WriteString("id"u8, done.id);
                json.WriteNumber("events"u8, done.Count);
            },
            (id, events.Count));
    }
}
