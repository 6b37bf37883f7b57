using System.Text.Json;
using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Journals;
using Ledger.Domain.Keys;
using Ledger.Projections.Audit;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.Audit;

/// <summary>Replay over HTTP: the state of any stream as of any of its versions, and what is behind an entry.</summary>
public static class StreamsApi
{
    /// <summary>Events that are read at once.</summary>
    private const int PieceRows = 1_000;

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        Replay(
            surface, "/companies/{company}/streams/{stream}", "replayRegister", "Replays a register of the company",
            "Such as `company`, `chart`, `dimensions`, `periods`, `keys`, `approvals` or `pay-groups`.");
        Replay(
            surface, "/companies/{company}/streams/{stream}/{document}", "replayDocument", "Replays a document",
            "Such as `journal-entry/order-5512`, `employee/p-17`, `person/p-17` or `pay-run/office-2026-03`.");
        Replay(
            surface, "/companies/{company}/streams/{stream}/{document}/{part}", "replayPart",
            "Replays a part of a document", "Such as `payslip/office-2026-03/p-17` or `time-sheet/p-17/2026-06`.");
        surface.Get("/companies/{company}/journal-entries/{id}/history", HistoryAsync)
            .Needs(Permission.ReadEvents)
            .Is(
                "getJournalEntryHistory", "Journals", "Lists what was recorded of a journal entry",
                "Its own events and those of the approval behind it, or behind its reversal, in the order of "
                + "recording: who did it when, in which request (`correlation`) and because of what (`causation`). "
                + "`GET …/events?correlation=` gives all else of the same request.")
            .Knows()
            .Refuses("journal-entry-unknown")
            .AnswersTable<EventList, EventRow>(EventsApi.ListExample);
    }

    private static void Replay(Surface surface, string pattern, string id, string summary, string description) =>
        surface.Get(pattern, ReplayAsync)
            .Needs(Permission.ReadEvents)
            .Is(
                id, "Audit", summary,
                description + " `state` is what decisions rested on at `version`, as the program's own rules make it "
                + "of the events; it is null where there are no such rules, or where an event is not known here. "
                + "`rows` are the events up to there, a page at a time; CSV has these alone. Texts on persons stay "
                + "sealed.")
            .Query("version", ParameterKind.Integer, "After so many of its events; by default all that were known.",
                "2")
            .Pages()
            .Knows()
            .Refuses(RequestProblems.StreamNotKnownThen)
            .AnswersTable<StreamAnswer, EventRow>(Example);

    private static async ValueTask ReplayAsync(Call call)
    {
        var (cursor, limit) = (Cursor.Of(call, places: 1), call.Limit());
        var (version, after) = (call.Whole("version", 1, long.MaxValue), cursor?.Number(0) ?? 0);
        string[] names = ["stream", "document", "part"];
        string[] parts = [.. names.Select(name => call.Context.Request.RouteValues[name] as string).OfType<string>()];
        var stream = string.Join('/', parts);
        var isName = parts.All(part => EntryIds.IsValid(part) || Ids.IsValid(part));
        var answer = await call.AskAsync<StreamAnswer>(cursor?.KnownAt ?? call.KnownAt(), async snapshot =>
        {
            var last = isName ? await StreamQueries.VersionAsync(snapshot, stream) : 0;
            if (last == 0 || version > last)
            {
                return QueryRefusals.StreamNotKnownThen(stream, version, last);
            }

            var upto = version ?? last;
            var state = await StateAsync(snapshot, stream, upto);
            var rows = await StreamQueries.EventsAsync(snapshot, stream, after, upto, limit + 1);
            var known = snapshot.Knowledge;
            PersonStreams.NoteRead(call, [stream]);
            return new StreamAnswer(
                snapshot.Company.Code, known.Instant, known.Sequence, call.Asked(), stream, upto, state,
                [.. rows.Take(limit)],
                rows.Count > limit ? Cursor.Write(call, known.Sequence, rows[limit - 1].Version.Text()) : null);
        });
        await call.WriteTableAsync(answer, replay => replay.Rows, replay => replay.Next);
    }

    private static async Task<JsonElement?> StateAsync(Snapshot snapshot, string stream, long version)
    {
        if (StreamState.Of(stream) is not { } state)
        {
            return null;
        }

        for (var after = 0L; after < version;)
        {
            var rows = await StreamQueries.EventsAsync(snapshot, stream, after, version, PieceRows);
            if (rows.Count == 0)
            {
                break;
            }

            foreach (var row in rows)
            {
                state.Then(row);
            }

            after = rows[^1].Version;
        }

        return state.Shown();
    }

    private static async ValueTask HistoryAsync(Call call)
    {
        var id = call.Route("id");
        if (!EntryIds.IsValid(id))
        {
            throw new RequestException(Http.ProblemOf(TextRefusals.IdInvalid("id", id)));
        }

        var answer = await call.AskAsync<EventList>(call.KnownAt(), async snapshot =>
        {
            var found = await StreamQueries.EntryHistoryAsync(snapshot, id);
            return found.Refusal is { } refusal ? refusal : new EventList(
                snapshot.Company.Code, snapshot.Knowledge.Instant, snapshot.Knowledge.Sequence, call.Asked(),
                found.Value!, null);
        });
        await call.WriteTableAsync(answer, list => list.Rows);
    }

    private const string Example = $$"""
        {"company": "acme", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742,
        "parameters": {"version": "3"}, "stream": "periods", "version": 3, "state": {"closedThrough": "2026-03"},
        "rows": [{{EventsApi.LineExample}}], "next": null}
        """;
}

/// <summary>A stream as it was at a version.</summary>
/// <param name="Version">That of its last event that counts.</param>
/// <param name="State">What the domain's rules make of the events up to it; null where it has none.</param>
/// <param name="Rows">The events up to it, a page of them.</param>
public sealed record StreamAnswer(
    string Company,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    string Stream,
    long Version,
    JsonElement? State,
    IReadOnlyList<EventRow> Rows,
    string? Next) : IKnown;
