using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.Projections.Audit;
using Ledger.Projections.Queries;

namespace Ledger.Api.Audit;

/// <summary>Sums of refused requests and of reads of personal data, over HTTP.</summary>
public static class AccessSumsApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/audit/accesses", SumsAsync)
            .Needs(Permission.ReadAccessLog)
            .Is(
                "sumAccesses", "Audit", "Sums up who was refused, and who read whose personal data",
                "Of the log of accesses (`GET …/access-log`), a row for each actor, person or route and code. What "
                + "that log does not keep any longer is in no sum.")
            .QueryOneOf("by", "By what it is told apart.", "actor", "person", "route")
            .Query("code", ParameterKind.Text, "Only with this code.", AccessLog.PersonalDataRead)
            .Spans("from", "to", "Asked")
            .Pages()
            .Refuses(
                RequestProblems.ParameterMalformed, RequestProblems.ProjectionBehind, RequestProblems.QueryTookTooLong,
                RequestProblems.NotAcceptable, "company-unknown", "id-invalid")
            .AnswersTable<AccessSumList, AccessSum>(Example);
    }

    private static async ValueTask SumsAsync(Call call)
    {
        var (cursor, limit) = (Cursor.Of(call, places: 2), call.Limit());
        var by = call.Choice("by", AccessBy.Actor, AccessBy.Person, AccessBy.Route) ?? AccessBy.Actor;
        var span = call.Span("from", "to");
        var answer = await call.AskAsync<AccessSumList>(KnownAt.Now, async snapshot =>
        {
            var (since, until) = span.In(snapshot);
            var found = await AccessSumQueries.SumsAsync(
                snapshot, by, since, until, call.Query("code"),
                cursor is null ? null : (cursor.Place[0], cursor.Place[1]), limit);
            var next = found.Last is { } last ? Cursor.Write(call, 0, last.By, last.Code) : null;
            return new AccessSumList(snapshot.Company.Code, call.Asked(), found.Rows, next);
        });
        await call.WriteTableAsync(answer, list => list.Rows, list => list.Next);
    }

    private const string Example = """
        {"company": "acme", "parameters": {"by": "actor"}, "rows": [{"actor": "key:k3yprefx", "person": null,
        "route": null, "code": "personal-data-read", "requests": 12, "actors": 1, "persons": 3, "routes": 2,
        "first": "2026-04-02T08:15:00Z", "last": "2026-04-02T09:15:00Z"}], "next": null}
        """;
}

/// <summary>A page of sums; <c>Parameters</c> repeats what was asked.</summary>
public sealed record AccessSumList(
    string Company, ValueMap<string> Parameters, IReadOnlyList<AccessSum> Rows, string? Next);
