using System.Globalization;
using Ledger.Api.People;
using Ledger.Api.Queries;
using Ledger.Domain.Keys;
using Ledger.Projections.Journals;
using Ledger.Projections.Queries;
using Ledger.Projections.Statements;
using NodaTime;

namespace Ledger.Api.Reports;

/// <summary>What became of closed periods, over HTTP.</summary>
public static class RestatementsApi
{
    private const string Entries = "entries";

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/reports/restatements", RestatementsAsync)
            .Needs(Permission.ReadReports)
            .Is(
                "getRestatements", "Reports", "Shows what changed in a period after its end",
                "Late entries (recorded after the end of the period, before it was first closed) and restating ones "
                + "(recorded after that) are kept apart. `rows` are the lines of the balance sheet at the end of the "
                + "period "
                + "and of its income statement that came late or changed: `asClosed`, `change`, `now`, and how much "
                + "of what "
                + "was closed came `late`. `entries` say who recorded what, when, and why the period was open, a "
                + "page at a "
                + "time; entries booked in earlier periods are among them, because they change the balance sheet. "
                + "`kind` goes by the first closing, whatever times are compared; `countsIn` says whether an entry "
                + "is part of `asClosed` or of `change`, and the effects of the latter come to the change. CSV "
                + "gives the rows, or with `show=entries` the entries.")
            .Query("period", ParameterKind.Month, "The month.", "2026-03", required: true)
            .Query(
                "knownFrom", ParameterKind.Knowledge, "What `asClosed` knows; by default what the first closing knew.",
                "2026-04-05")
            .Query("knownTo", ParameterKind.Knowledge, "What `now` knows; everything by default.", "2026-06-30")
            .QueryOneOf("show", "What CSV gives.", "rows", Entries)
            .Pages()
            .Query(
                "atLeast", ParameterKind.Integer,
                "Waits up to two seconds until this event is in the tables; by default the last that was answered to "
                + "the "
                + "same key.", "1742")
            .Header(HttpNames.AtLeast, "The same as `atLeast`.", "1742")
            .RefusesQuestions()
            .Refuses(RequestProblems.ParameterMissing)
            .AnswersTable<Restatements, RestatementRow>(Example);
    }

    private static async ValueTask RestatementsAsync(Call call)
    {
        var period = call.Month("period") ?? throw RequestProblems.Fail(
            RequestProblems.ParameterMissing, "period is missing. Send the month to look at, such as period=2026-03.");
        var (cursor, limit, knownFrom, knownTo) =
            (Cursor.Of(call, places: 1), call.Limit(), call.KnownAt("knownFrom"), call.KnownAt("knownTo"));
        var show = call.Query("show");
        if (show is not (null or "rows" or Entries))
        {
            throw Call.Malformed("show", show, "rows or entries");
        }

        var clock = call.Ledger.Clock;
        var after = cursor is null ? null : new JournalPlace(default, cursor.Number(0));
        var answer = await call.AskAsync<Restatements>(cursor?.KnownAt ?? knownTo ?? KnownAt.Now, async snapshot =>
        {
            if (knownFrom is not null && IsAhead(snapshot, knownFrom, clock))
            {
                throw Call.Malformed("knownFrom", call.Query("knownFrom")!, "a time that is not still to come");
            }

            if (knownFrom is not null && knownTo is not null
                && snapshot.InstantOf(knownFrom) > snapshot.InstantOf(knownTo))
            {
                throw Call.Malformed(
                    "knownFrom", call.Query("knownFrom")!, $"a time up to knownTo, which is {call.Query("knownTo")}");
            }

            var found = await RestatementQueries.RestatementsAsync(snapshot, new(period, knownFrom, after, limit));
            if (found.Refusal is { } refusal)
            {
                return refusal;
            }

            var (then, known) = (found.Value!, snapshot.Knowledge);
            return new Restatements(
                snapshot.Company.Code,
                period,
                then.FirstClosed,
                then.KnownFrom,
                then.KnownFromSequence,
                known.Instant,
                known.Sequence,
                snapshot.Company.Currency,
                then.Result,
                then.Equity,
                then.Rows,
                then.Entries,
                then.Last is { } last
                    ? Cursor.Write(call, known.Sequence, last.Position.ToString(CultureInfo.InvariantCulture))
                    : null);
        });
        answer = await call.WithNamesAsync(
            answer, async table => table with { Entries = await call.WithNamesAsync(table.Entries) });
        await (show == Entries
            ? call.WriteTableAsync(answer, table => table.Entries, table => table.Next)
            : call.WriteTableAsync(answer, table => table.Rows, table => table.Next));
    }

    private static bool IsAhead(Snapshot snapshot, KnownAt known, IClock clock) => known switch
    {
        KnownAt.EndOf end => end.Day > snapshot.DayOf(clock.GetCurrentInstant()),
        KnownAt.OfInstant of => of.Instant > clock.GetCurrentInstant(),
        _ => false,
    };

    private const string Example = """
        {"company": "acme", "period": "2026-03", "firstClosed": "2026-04-05T09:00:00Z", "knownFrom":
        "2026-04-05T09:00:00Z",
        "knownFromSequence": 1700, "knownAt": "2026-05-02T08:15:00.123456Z", "knownAtSequence": 1742, "currency": "EUR",
        "result": {"asClosed": "100.00", "change": "-50.00", "now": "50.00"}, "equity": {"asClosed": "5100.00",
        "change":
        "-50.00", "now": "5050.00"}, "rows": [{"statement": "income-statement", "section": "expenses", "kind":
        "account",
        "account": "62", "name": "Rent", "level": 0, "late": "0.00", "asClosed": "800.00", "change": "50.00", "now":
        "850.00"}], "entries": [{"kind": "restating",
        "countsIn": "change", "id": "rent-2026-03-b", "fiscalYear": 2026, "number": 41,
        "bookedOn":
        "2026-03-31", "description": "Rent was raised", "reference": null, "documentType": "letter", "documentNumber":
        "L-7", "documentDate": "2026-04-20", "counterparty": "landlord", "corrects": null, "reverses": null, "reason":
        null, "total": "50.00", "effectOnResult": "-50.00", "effectOnEquity": "-50.00", "actor": "key:k3yprefx",
        "recorded": "2026-05-02T08:15:00.123456Z", "sequence": 1742, "reopenedAt": "2026-05-02T08:00:00Z", "reopenedBy":
        "key:k3yprefx", "reopeningReason": "The landlord's letter came late", "counterpartyPerson": null}],
        "next": null}
        """;
}

/// <summary>What became of a period after its end.</summary>
/// <param name="FirstClosed">When the period was first closed; null when it never was.</param>
/// <param name="KnownFrom">What <c>asClosed</c> knows.</param>
/// <param name="Result">Of the period.</param>
/// <param name="Equity">At the end of the period, results included.</param>
/// <param name="Next">The cursor of the next page of entries; null at the end.</param>
public sealed record Restatements(
    string Company,
    YearMonth Period,
    Instant? FirstClosed,
    Instant? KnownFrom,
    long KnownFromSequence,
    Instant? KnownAt,
    long KnownAtSequence,
    string Currency,
    RestatementEffect Result,
    RestatementEffect Equity,
    IReadOnlyList<RestatementRow> Rows,
    IReadOnlyList<RestatementEntry> Entries,
    string? Next) : IKnown;
