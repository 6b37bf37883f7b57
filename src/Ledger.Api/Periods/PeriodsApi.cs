using System.Text;
using Ledger.Api.Json;
using Ledger.Api.OpenApi;
using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.Projections.Periods;
using Ledger.Projections.Queries;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Periods;

/// <summary>Periods over HTTP, what changes them.</summary>
public static class PeriodsApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Put("/companies/{company}/periods/{period}", PutAsync)
            .Needs(Permission.ChangePeriods)
            .Is(
                "putPeriod", "Periods", "Closes or reopens a month, or makes a fiscal year final",
                "`closed` closes this month and every earlier one; earlier open months with entries are refused unless "
                + "`through` is true. `open` reopens this month and every later one, and needs a `reason`. `final`, "
                + "sent "
                + "for the last month of a fiscal year, is for ever. What the month already is, is nothing new. To "
                + "reopen a month needs a second person, where there is one.")
            .Header(IfMatchHeader, "The version of the periods that was seen; what changed since is refused.", "\"3\"")
            .Reads<PeriodChange>("""{"status": "closed"}""")
            .Writes<PeriodWritten>(Example)
            .MayWait()
            .Refuses(RequestProblems.MonthMalformed, RequestProblems.DateOutOfRange)
            .Refuses("company-unknown", "if-match-failed", "text-empty", "text-too-long")
            .Refuses(Refusals.Of("Period").Except(["period-closed"]));
        surface.Get("/companies/{company}/periods", GetAsync)
            .Needs(Permission.ReadPeriods)
            .Is(
                "getPeriods", "Periods", "Says which months are closed",
                "As known then. Every month up to `closedThrough` is closed, every later one is open; those up to "
                + "`reopenedThrough` were closed before, and those up to `finalThrough` are never reopened.")
            .Knows()
            .Shows<PeriodsKnown>(ShownExample, "As it was known then.");
    }

    private const string IfMatchHeader = "If-Match";

    private const string Example = """
        {"period": "2026-01", "status": "closed", "version": 1, "sequence": 90,
        "recorded": "2026-02-03T08:00:00.123456Z"}
        """;

    private const string ShownExample = """
        {"company": "acme", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742,
        "closedThrough": "2026-02", "reopenedThrough": null, "finalThrough": "2025-12"}
        """;

    private static async ValueTask GetAsync(Call call)
    {
        var answer = await call.AskAsync<PeriodsKnown>(call.KnownAt(), async snapshot =>
        {
            var (then, version) = await PeriodsThen.CalendarAsync(snapshot);
            call.Context.Response.Headers.ETag = Http.ETag(version);
            var known = snapshot.Knowledge;
            return new PeriodsKnown(
                snapshot.Company.Code, known.Instant, known.Sequence, then.ClosedThrough, then.ReopenedThrough,
                then.FinalThrough);
        });
        await call.WriteAsync(answer);
    }

    private static async ValueTask PutAsync(Call call)
    {
        var period = PeriodOf(call);
        var change = await call.BodyAsync(PeriodJson.Read, 0);
        var ifMatch = call.IfMatch;
        var outcome = await call.TransactAsync(reading =>
            PeriodWrites.PutAsync(period, change, ifMatch, reading, call.Ledger.Facts, call.Doer));
        await Writes.AnswerAsync(
            call,
            outcome,
            static (json, put) =>
            {
                json.WriteString("period"u8, YearMonthPattern.Iso.Format(put.period));
                json.WriteString("status"u8, Choice<PeriodStatus>.NameOf(put.Status));
            },
            (period, change.Status));
    }

    internal static YearMonth PeriodOf(Call call)
    {
        var text = call.Route("period");
        Span<byte> ascii = stackalloc byte[16];
        if (text.Length > ascii.Length || !Encoding.ASCII.TryGetBytes(text, ascii, out var length)
            || !Dates.TryParseMonth(ascii[..length], out var month))
        {
            throw RequestProblems.Fail(
                RequestProblems.MonthMalformed,
                $"The period '{Texts.Shown(text)}' is no month. Send one like 2026-03.");
        }

        return Dates.IsInRange(month.OnDayOfMonth(1)) ? month : throw RequestProblems.Fail(
            RequestProblems.DateOutOfRange, $"The period is {text}. Send a month from 1900-01 to 2199-12.");
    }
}

/// <param name="Status">What it is now, as was asked for.</param>
/// <param name="Version">That of all periods.</param>
public sealed record PeriodWritten(
    YearMonth Period, PeriodStatus Status, long Version, long Sequence, Instant Recorded);

/// <summary>Which months are closed; null where none is.</summary>
public sealed record PeriodsKnown(
    string Company,
    Instant? KnownAt,
    long KnownAtSequence,
    YearMonth? ClosedThrough,
    YearMonth? ReopenedThrough,
    YearMonth? FinalThrough) : IKnown;
