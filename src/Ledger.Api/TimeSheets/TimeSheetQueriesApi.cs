using Ledger.Api.Employees;
using Ledger.Api.Queries;
using Ledger.Domain.Employees;
using Ledger.Domain.Keys;
using Ledger.Domain.TimeSheets;
using Ledger.EventStore;
using Ledger.Projections.Employees;
using Ledger.Projections.Queries;
using Ledger.Projections.TimeSheets;
using NodaTime;

namespace Ledger.Api.TimeSheets;

/// <summary>Time that was worked over HTTP, as recorded and by kind: read from the events, so it is exact on both
/// clocks.</summary>
public static class TimeSheetQueriesApi
{
    private const string Path = "/companies/{company}/employees/{employee}";

    private const int DaysMax = 366;

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        InSpan(surface.Get(Path + "/time-entries", ListAsync)
            .Needs(Permission.ReadPeople, own: Permission.ReadOwnPeople)
            .Is(
                "listTimeEntries", "Time", "Lists the time that an employee worked, in order",
                "Entries that begin on these days, with those that were withdrawn. Each has its `version`, to be sent "
                + "as `If-Match` when it is corrected."))
            .AnswersTable<TimeEntryList, TimeEntryShown>(ListExample);
        InSpan(surface.Get(Path + "/hours", HoursAsync)
            .Needs(Permission.ReadPeople, own: Permission.ReadOwnPeople)
            .Is(
                "listHours", "Time", "Shows hours by day and kind, with the working",
                "By the law of the contract of each day: normal, overtime, on days of rest and on public holidays, "
                + "which add up to what was worked; those of the night are among them. Work over midnight counts on "
                + "both days."))
            .AnswersTable<HoursList, DayShown>(HoursExample);
    }

    private const string ListExample = """
        {"company": "acme", "knownAt": "2026-06-30T18:00:00.123456Z", "knownAtSequence": 1742, "employee": "p-17",
        "parameters": {"from": "2026-06-01", "to": "2026-06-30"}, "rows": [{"entry": "t-2026-06-01",
        "from": "2026-06-01T22:00", "through": "2026-06-02T06:00", "zone": "Europe/Sofia", "hours": "7.50",
        "breaks": [{"from": "2026-06-02T01:00", "through": "2026-06-02T01:30"}], "withdrawn": false,
        "month": "2026-06", "version": 1}]}
        """;

    private const string HoursExample = """
        {"company": "acme", "knownAt": "2026-06-30T18:00:00.123456Z", "knownAtSequence": 1742, "employee": "p-17",
        "parameters": {"from": "2026-06-01", "to": "2026-06-01"}, "total": {"worked": "2.00", "normal": "2.00",
        "overtime": "0.00", "restDay": "0.00", "publicHoliday": "0.00", "night": "2.00"}, "rows": [{
        "day": "2026-06-01", "contract": "c1", "pack": "bg", "holiday": null, "holidaysKnown": true, "minutes": 120,
        "worked": "2.00", "normal": "2.00", "overtime": "0.00", "restDay": "0.00", "publicHoliday": "0.00",
        "night": "2.00", "working": [{"entry": "t-2026-06-01", "from": "2026-06-01T22:00+03:00",
        "through": "2026-06-02T00:00+03:00", "minutes": 120, "kind": "normal", "night": true}]}]}
        """;

    private static Operation InSpan(Operation operation) => operation
        .Query("from", ParameterKind.Date, "The first day.", "2026-06-01", required: true)
        .Query("to", ParameterKind.Date, "The last day, at most a year later.", "2026-06-30", required: true)
        .Knows()
        .Refuses("employee-unknown", RequestProblems.ParameterMissing);

    private static async ValueTask ListAsync(Call call)
    {
        var (id, span) = (EmployeeReadsApi.IdOf(call), SpanOf(call));
        var answer = await call.AskAsync(call.KnownAt(), async snapshot =>
        {
            if (await EmployeeLog.EventsAsync(snapshot, id, limit: 1) is { Count: 0 })
            {
                return (Answer<TimeEntryList>)EmployeeRefusals.Unknown(id);
            }

            var sheets = SheetsOf(await EventsAsync(snapshot, id, span.Start, span.End), id, span.Start, span.End);
            return new TimeEntryList(
                call.Company, snapshot.Knowledge.Instant, snapshot.Knowledge.Sequence, id, call.Asked(),
                [
                    .. sheets.SelectMany(each => each.Sheet.Entries.Values, (each, entry) => (each.Month, entry))
                        .Where(each => span.Contains(each.entry.Details.From.Local.Date))
                        .OrderBy(each => each.entry.Resolved.From)
                        .ThenBy(each => each.entry.Id, StringComparer.Ordinal)
                        .Select(each => TimeEntryShown.Of(each.Month, each.entry)),
                ]);
        });
        Note(call, id, answer.Value);
        await call.WriteTableAsync(answer, list => list.Rows);
    }

    /// <summary>Days of a week before and of the day before count as well: overtime begins after them.</summary>
    private static async ValueTask HoursAsync(Call call)
    {
        var (id, span) = (EmployeeReadsApi.IdOf(call), SpanOf(call));
        var first = span.Start.PlusDays(-7);
        var answer = await call.AskAsync(call.KnownAt(), async snapshot =>
        {
            var recorded = await EmployeeLog.EventsAsync(snapshot, id);
            if (recorded.Count == 0)
            {
                return (Answer<HoursList>)EmployeeRefusals.Unknown(id);
            }

            var employee = Fold(Streams.EmployeeFold, recorded);
            var events = await EventsAsync(snapshot, id, first, span.End);
            var groups = Fold(Streams.PayGroupsFold, events[Streams.PayGroups]);
            var days = HoursOfDays.Of(SheetsOf(events, id, first, span.End), employee, groups, span);
            var total = days.Aggregate(
                default(DayMinutes), (sum, day) => sum.With(day.Minutes));
            return new HoursList(
                call.Company, snapshot.Knowledge.Instant, snapshot.Knowledge.Sequence, id, call.Asked(),
                HoursShown.Of(total), [.. days.Select(day => day.Shown())]);
        });
        Note(call, id, answer.Value);
        await call.WriteTableAsync(answer, list => list.Rows);
    }

    /// <summary>When somebody worked is theirs, as their names are: who read it is noted.</summary>
    private static void Note(Call call, string employee, object? shown)
    {
        if (shown is not null)
        {
            call.NotePersonalDataRead(employee);
        }
    }

    private static DateInterval SpanOf(Call call)
    {
        var from = Needed("from");
        var to = Needed("to");
        return to < from || Period.DaysBetween(from, to) >= DaysMax
            ? throw Call.Malformed(
                "to", call.Query("to")!, $"a day from {call.Query("from")} on, and not a year or more later")
            : new(from, to);

        LocalDate Needed(string name) => call.Day(name) ?? throw RequestProblems.Fail(
            RequestProblems.ParameterMissing, $"{name} is missing. Send a day, such as {name}=2026-06-01.");
    }

    private static Task<ILookup<string, RecordedEvent>> EventsAsync(
        Snapshot snapshot, string employee, LocalDate from, LocalDate to) => TimeSheetLog.EventsAsync(
        snapshot,
        [Streams.PayGroups, .. MonthsOf(from, to).Select(month => Streams.TimeSheet(employee, month))]);

    private static IReadOnlyList<SheetOfMonth> SheetsOf(
        ILookup<string, RecordedEvent> events, string employee, LocalDate from, LocalDate to) =>
    [
        .. MonthsOf(from, to).Select(month => new SheetOfMonth(
            month, Fold(Streams.TimeSheetFold, events[Streams.TimeSheet(employee, month)]))),
    ];

    private static IEnumerable<YearMonth> MonthsOf(LocalDate from, LocalDate to)
    {
        for (var month = from.ToYearMonth(); month <= to.ToYearMonth(); month = month.PlusMonths(1))
        {
            yield return month;
        }
    }

    private static TState Fold<TState>(Fold<TState> fold, IEnumerable<RecordedEvent> events) =>
        events.Aggregate(fold.Initial, (state, each) => fold.Evolve(state, EventCatalog.Ledger.Read(each)));
}
