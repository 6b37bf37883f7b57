using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.Projections.Audit;
using Ledger.Projections.Queries;

namespace Ledger.Api.Audit;

/// <summary>The log of accesses over HTTP, for auditors.</summary>
public static class AccessLogApi
{
    /// <summary>The last second of the year 9999.</summary>
    private const long SecondMax = 253_402_300_799;

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/access-log", AccessesAsync)
            .Needs(Permission.ReadAccessLog)
            .Is(
                "listAccesses", "Audit", "Lists who was refused at a company, and who read personal data",
                "One row for all requests that are alike within a second, with their `count`, in the order of time. "
                    + "Refused are requests without a known key (a row for those of a minute), those that the key may "
                    + "not send, also where the answer was that there is no such thing, those for what was erased, "
                    + "those for a company that the key does not see, and those beyond the rate. It is no part "
                    + "of the events: rows are there a second or two after the request, and are deleted after some "
                    + "time. A row with the code `others` counts what was too much to be told apart, of whichever "
                    + "company.")
            .Spans("from", "to", "Asked")
            .Query("actor", ParameterKind.Text, "Only of this actor.", "key:k3yprefx")
            .Query("code", ParameterKind.Text, "Only with this code.", "permission-missing")
            .Query("person", ParameterKind.Text, "Only rows that name this person.", "person-12")
            .Pages()
            .Refuses(
                RequestProblems.ParameterMalformed, RequestProblems.ProjectionBehind, RequestProblems.QueryTookTooLong,
                RequestProblems.NotAcceptable, "company-unknown", "id-invalid")
            .AnswersTable<AccessList, AccessRow>(Example);
    }

    private static async ValueTask AccessesAsync(Call call)
    {
        var cursor = Cursor.Of(call, places: 2);
        var span = call.Span("from", "to");
        var answer = await call.AskAsync<AccessList>(KnownAt.Now, async snapshot =>
        {
            var (since, until) = span.In(snapshot);
            var after = cursor is null ? null : new AccessPlace(cursor.Number(0, SecondMax), cursor.Number(1));
            var filter = new AccessFilter(
                since, until, call.Query("actor"), call.Query("code"), call.Query("person"), after);
            var found = await AccessLogQueries.AccessesAsync(snapshot, filter, call.Limit());
            var next = found.Last is { } last ? Cursor.Write(call, 0, last.Second.Text(), last.Id.Text()) : null;
            return new AccessList(snapshot.Company.Code, call.Asked(), found.Rows, next);
        });
        await call.WriteTableAsync(answer, list => list.Rows, list => list.Next);
    }

    private const string Example = """
        {"company": "acme", "parameters": {"code": "permission-missing"}, "rows": [{"second": "2026-04-02T08:15:00Z",
        "actor": "key:k3yprefx", "method": "GET", "route": "/companies/{company}/balances", "code":
        "permission-missing", "person": null, "address": null, "count": 12}], "next": null}
        """;
}

/// <summary>A page of accesses; <c>Parameters</c> repeats what was asked.</summary>
public sealed record AccessList(
    string Company, ValueMap<string> Parameters, IReadOnlyList<AccessRow> Rows, string? Next);
