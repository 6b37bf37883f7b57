using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.Projections.Audit;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.Audit;

/// <summary>Who recorded what, and who could, over HTTP.</summary>
public static class ActivityApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/audit/activity", ActivityAsync)
            .Needs(Permission.ReadEvents)
            .Is(
                "listActivity", "Audit", "Sums up who recorded what",
                "By `actor`: each key, and each who came by token. By `person`: all keys of one holder, as it was "
                + "when they were used. By `stream`: each entry, employee or register, with who touched it. Counts "
                + "of events by type, the first and the last, and on how many days of the company.")
            .QueryOneOf("by", "By what it is told apart.", "actor", "person", "stream")
            .Spans("from", "to", "Recorded")
            .Query("stream", ParameterKind.Text, "Only of streams that begin so.", "employee/")
            .Pages()
            .Knows()
            .AnswersTable<ActivityList, ActivityRow>(ActivityExample);
        surface.Get("/companies/{company}/audit/permissions", PermissionsAsync)
            .Needs(Permission.ReadEvents)
            .Is(
                "listPermissionsOverTime", "Audit", "Lists who could do what from when to when",
                "By the events of keys, those of the ledger's owner included: a row for each time in which a key "
                + "could do the same, with who saw to it. Whoever comes by token has what the issuer says, which no "
                + "event tells. `asOf` leaves what held at that moment; `from` and `to` what held at some time "
                + "between.")
            .Query("asOf", ParameterKind.Knowledge, "What held at this instant, or at the end of this day.",
                "2026-04-05")
            .Spans("from", "to", "What held")
            .QueryOneOf(
                "permission", "Only where it is among them.",
                [.. Enum.GetValues<Permission>().Select(Json.Choice<Permission>.NameOf)])
            .Pages()
            .Knows()
            .AnswersTable<PermissionSpanList, PermissionSpan>(PermissionsExample);
    }

    private static async ValueTask ActivityAsync(Call call)
    {
        var (cursor, limit) = (Cursor.Of(call, places: 1), call.Limit());
        var by = call.Choice("by", ActivityBy.Actor, ActivityBy.Person, ActivityBy.Stream) ?? ActivityBy.Actor;
        var (span, prefix) = (call.Span("from", "to"), call.Query("stream"));
        var answer = await call.AskAsync<ActivityList>(cursor?.KnownAt ?? call.KnownAt(), async snapshot =>
        {
            var (since, until) = span.In(snapshot);
            var found = await ActivityQueries.ActivityAsync(
                snapshot, by, since, until, prefix, cursor?.Place[0], limit);
            var known = snapshot.Knowledge;
            return new ActivityList(
                snapshot.Company.Code, known.Instant, known.Sequence, call.Asked(), found.Rows,
                found.Last is { } last ? Cursor.Write(call, known.Sequence, last) : null);
        });
        await call.WriteTableAsync(answer, list => list.Rows, list => list.Next);
    }

    private static async ValueTask PermissionsAsync(Call call)
    {
        var (cursor, limit) = (Cursor.Of(call, places: 1), call.Limit());
        var (asOf, span) = (call.KnownAt("asOf"), call.Span("from", "to"));
        if (asOf is not null && (span.From is not null || span.To is not null))
        {
            throw RequestProblems.Fail(
                RequestProblems.ParameterMalformed, "asOf and from or to say the same: send asOf, or the others.");
        }

        var permission = call.Choice<Permission>("permission", Enum.GetValues<Permission>());
        var skipped = (int)(cursor?.Number(0, int.MaxValue) ?? 0);
        var answer = await call.AskAsync<PermissionSpanList>(cursor?.KnownAt ?? call.KnownAt(), async snapshot =>
        {
            var (since, until) = asOf is null ? span.In(snapshot)
                : (snapshot.InstantOf(asOf), snapshot.InstantOf(asOf));
            var rows = await KeyHistoryQueries.SpansAsync(snapshot, since, until, permission);
            var known = snapshot.Knowledge;
            return new PermissionSpanList(
                snapshot.Company.Code, known.Instant, known.Sequence, call.Asked(),
                [.. rows.Skip(skipped).Take(limit)],
                rows.Count - skipped > limit
                    ? Cursor.Write(call, known.Sequence, ((long)skipped + limit).Text()) : null);
        });
        await call.WriteTableAsync(answer, list => list.Rows, list => list.Next);
    }

    private const string ActivityExample = """
        {"company": "acme", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742, "parameters":
        {"by": "actor"}, "rows": [{"actor": "key:k3yprefx", "key": "shop", "person": "maria", "stream": null,
        "events": 120, "first": "2026-01-02T08:15:00.123456Z", "last": "2026-04-01T18:00:00.5Z", "days": 61,
        "types": {"journal_entry_posted": 120}, "actors": {"key:k3yprefx": 120}}], "next": null}
        """;

    private const string PermissionsExample = """
        {"company": "acme", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742, "parameters":
        {"asOf": "2026-04-01"}, "rows": [{"key": "shop", "actor": "key:k3yprefx", "holder": "maria", "person": null,
        "roles": ["payer"], "permissions": ["readCompany", "useOwnKey", "readPacks", "releasePayments",
        "readPayments"], "from": "2026-01-02T08:15:00.123456Z", "until": null, "sequence": 12, "by": "key:abcd2345"}],
        "next": null}
        """;
}

/// <summary>A page of activity; <c>Parameters</c> repeats what was asked.</summary>
public sealed record ActivityList(
    string Company,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    IReadOnlyList<ActivityRow> Rows,
    string? Next) : IKnown;

/// <summary>A page of permissions over time; <c>Parameters</c> repeats what was asked.</summary>
public sealed record PermissionSpanList(
    string Company,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    IReadOnlyList<PermissionSpan> Rows,
    string? Next) : IKnown;
