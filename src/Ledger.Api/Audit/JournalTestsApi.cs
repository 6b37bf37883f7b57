using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Audit;
using Ledger.Domain.Keys;
using Ledger.Domain.Payroll;
using Ledger.Projections.Audit;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.Audit;

/// <summary>The tests that auditors run on journal entries (ISA 240), over HTTP; docs/audit-tests.md defines
/// them.</summary>
public static class JournalTestsApi
{
    private const string Root = "/companies/{company}/audit/journal-tests/";

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        Test(
            surface, "rest-days", "findEntriesOnRestDays", "Finds entries recorded on days of rest",
            "Weekends, and public holidays of the company's country as far as they are known here, by the company's "
                + "time zone. `remarks` names years whose holidays are not known.",
            RestDays)
            .Query(
                "weekend", ParameterKind.Text, "Days of the week; saturday,sunday by default.", "friday,saturday")
            .Query(
                "region", ParameterKind.Text,
                "The part of the country whose own holidays count; england-and-wales by default, where that is one.",
                "scotland");
        Test(
            surface, "night", "findEntriesAtNight", "Finds entries recorded at night",
            "By the clocks of the company's time zone.", AtNight)
            .Query("nightFrom", ParameterKind.Text, "When night begins; 22:00 by default.", "20:00")
            .Query("nightTo", ParameterKind.Text, "When it ends; 06:00 by default.", "07:30");
        Test(
            surface, "late", "findLateEntries", "Finds entries recorded long after their date",
            "By the day of recording in the company's time zone.", Late)
            .Query("days", ParameterKind.Integer, "More than so many days after it; 30 by default.", "60");
        Test(
            surface, "after-closing", "findEntriesAfterClosing", "Finds entries recorded after their month was closed",
            "Once it had been closed for the first time, and opened again: with who reopened it, and why.",
            (_, snapshot, scope) => LateFindings.AfterClosingAsync(snapshot, scope));
        Test(
            surface, "round-amounts", "findRoundAmounts", "Finds entries with round amounts",
            "Some line's amount, in its unit, is a multiple; the first such line is told.", Round)
            .Query("multiple", ParameterKind.Amount, "Above zero; 1000 by default.", "500");
        Test(
            surface, "below-limit", "findEntriesBelowLimit", "Finds entries just below a limit of approval",
            "Of the limits above which four eyes must see an entry or a reversal, as they were when it was recorded. "
                + "Amounts are compared in the functional currency.", BelowLimit)
            .Query("percent", ParameterKind.Amount, "At most so many percent below it; 10 by default.", "5")
            .Query("limit", ParameterKind.Amount, "A limit of your own instead.", "10000.00");
        Test(
            surface, "duplicates", "findDuplicateEntries", "Finds entries that may have been recorded twice",
            "In groups that begin with their first entry, which `related` names. What was taken back is left out. By "
                + "`amount`: the same account, side, amount, unit and booked day of a line; by `document` or "
                + "`reference`: the same one and the same counterparty.", Duplicates, hasActor: false)
            .QueryOneOf("by", "By what they are the same.", "amount", "document", "reference")
            .Query("account", ParameterKind.Text, "By amount: only lines on this account.", "501");
        Test(
            surface, "seldom-users", "findEntriesOfSeldomUsers", "Finds entries of those who hardly ever record any",
            "By the number of entries of each actor among those that are tested.", Seldom)
            .Query("most", ParameterKind.Integer, "At most so many; 5 by default.", "3");
        Test(
            surface, "unusual-accounts", "findUnusualAccounts", "Finds entries between accounts that hardly ever meet",
            "One account is debited and another credited as in hardly any other of the entries that are tested. "
                + $"Entries of more than {RareFindings.LinesMax} lines are left out.", Pairs)
            .Query("most", ParameterKind.Integer, "In at most so many entries; 1 by default.", "3");
    }

    private delegate Task<FindingsThen> Finds(Call call, Snapshot snapshot, JournalScope scope);

    private static Operation Test(
        Surface surface, string test, string id, string summary, string description, Finds finds, bool hasActor = true)
    {
        var operation = surface.Get(Root + test, call => FindAsync(call, finds))
            .Needs(Permission.ReadEvents)
            .Is(
                id, "Audit", summary,
                description + " A finding is no fault, but a reason to look. Parameters narrow which entries are "
                + "tested; docs/audit-tests.md says what findings mean.")
            .Query("from", ParameterKind.Date, "The first booked day.", "2026-01-01")
            .Query("to", ParameterKind.Date, "The last booked day.", "2026-12-31")
            .Spans("recordedFrom", "recordedTo", "Recorded")
            .Pages()
            .Knows()
            .AnswersTable<JournalFindingList, JournalFinding>(Example);
        return hasActor
            ? operation.Query("actor", ParameterKind.Text, "Recorded by this actor.", "key:k3yprefx")
            : operation;
    }

    private static async ValueTask FindAsync(Call call, Finds finds)
    {
        var cursor = Cursor.Of(call, places: 2);
        var (days, recorded, actor) = (call.Days(), call.Span("recordedFrom", "recordedTo"), call.Query("actor"));
        var after = cursor is null ? null : new FindingPlace(cursor.Number(0), cursor.Number(1));
        var limit = call.Limit();
        var answer = await call.AskAsync<JournalFindingList>(cursor?.KnownAt ?? call.KnownAt(), async snapshot =>
        {
            var (since, until) = recorded.In(snapshot);
            var scope = new JournalScope(days.From, days.To, since, until, actor, after, limit);
            var found = await finds(call, snapshot, scope);
            var known = snapshot.Knowledge;
            return new JournalFindingList(
                snapshot.Company.Code, known.Instant, known.Sequence, call.Asked(), found.Remarks, found.Rows,
                found.Last is { } last
                    ? Cursor.Write(call, known.Sequence, last.Group.Text(), last.Position.Text())
                    : null);
        });
        await call.WriteTableAsync(answer, list => list.Rows, list => list.Next);
    }

    private static Task<FindingsThen> RestDays(Call call, Snapshot snapshot, JournalScope scope)
    {
        var pack = Packs.All.FirstOrDefault(each => each.Country == snapshot.Company.Country);
        return QuietTimeFindings.OnRestDaysAsync(
            snapshot, scope, new(call.Weekend(), pack?.Holidays, call.HolidayRegion()));
    }

    private static Task<FindingsThen> AtNight(Call call, Snapshot snapshot, JournalScope scope)
    {
        var night = new NightHours(
            call.Time("nightFrom") ?? new LocalTime(22, 0), call.Time("nightTo") ?? new LocalTime(6, 0));
        return night.From == night.To
            ? throw Call.Malformed("nightFrom", call.Query("nightFrom") ?? "22:00", "another time than nightTo")
            : QuietTimeFindings.AtNightAsync(snapshot, scope, night);
    }

    private static Task<FindingsThen> Late(Call call, Snapshot snapshot, JournalScope scope) =>
        LateFindings.LateAsync(snapshot, scope, (int)(call.Whole("days", 0, 100_000) ?? 30));

    private static Task<FindingsThen> Round(Call call, Snapshot snapshot, JournalScope scope)
    {
        var multiple = call.Amount("multiple") ?? 1000m;
        return multiple > 0
            ? AmountFindings.RoundAsync(snapshot, scope, multiple)
            : throw Call.Malformed("multiple", call.Query("multiple")!, "an amount above zero such as 1000");
    }

    private static Task<FindingsThen> BelowLimit(Call call, Snapshot snapshot, JournalScope scope)
    {
        var (percent, limit) = (call.Amount("percent") ?? 10m, call.Amount("limit"));
        return percent is < 0 or > 100
            ? throw Call.Malformed("percent", call.Query("percent")!, "a number from 0 to 100 such as 10")
            : limit <= 0
            ? throw Call.Malformed("limit", call.Query("limit")!, "an amount above zero such as 10000.00")
            : AmountFindings.BelowLimitAsync(snapshot, scope, percent, limit);
    }

    private static Task<FindingsThen> Duplicates(Call call, Snapshot snapshot, JournalScope scope)
    {
        var by = call.Choice("by", DuplicatesBy.Amount, DuplicatesBy.Document, DuplicatesBy.Reference)
            ?? DuplicatesBy.Amount;
        var account = call.Query("account");
        return account is not null && by != DuplicatesBy.Amount
            ? throw Call.Malformed("account", account, "it only with by=amount, or leave it out")
            : DuplicateFindings.FindAsync(snapshot, scope, by, account);
    }

    private static Task<FindingsThen> Seldom(Call call, Snapshot snapshot, JournalScope scope) =>
        RareFindings.OfSeldomActorsAsync(snapshot, scope, (int)(call.Whole("most", 1, 100_000) ?? 5));

    private static Task<FindingsThen> Pairs(Call call, Snapshot snapshot, JournalScope scope) =>
        RareFindings.OfRarePairsAsync(snapshot, scope, (int)(call.Whole("most", 1, 100_000) ?? 1));

    private const string Example = """
        {"company": "acme", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742, "parameters":
        {"from": "2026-01-01"}, "remarks": [], "rows": [{"entry": "order-5512", "fiscalYear": 2026, "number": 17,
        "bookedOn": "2026-03-31", "recorded": "2026-04-02T08:15:00.123456Z", "actor": "key:k3yprefx",
        "correlation": null, "kind": "normal", "total": "1000.00", "account": "501", "contra": null, "amount":
        "1000.00", "unit": "EUR", "related": null, "because":
        "1000.00 EUR to the debit of 501 is a multiple of 1000", "sequence": 1741, "position": 1200}], "next": null}
        """;
}

/// <summary>A page of findings; <c>Parameters</c> repeats what was asked.</summary>
/// <param name="Remarks">What must be known to read them.</param>
public sealed record JournalFindingList(
    string Company,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    IReadOnlyList<string> Remarks,
    IReadOnlyList<JournalFinding> Rows,
    string? Next) : IKnown;
