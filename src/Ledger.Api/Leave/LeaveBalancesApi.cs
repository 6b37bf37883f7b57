using Ledger.Api.Employees;
using Ledger.Api.PayRuns;
using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.Keys;
using Ledger.Domain.Leave;
using Ledger.Domain.Payroll;
using Ledger.EventStore;
using Ledger.Projections.Employees;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.Leave;

/// <summary>The leave of one employee over HTTP, found from their events, so it is exact on both clocks.</summary>
public static class LeaveBalancesApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/employees/{employee}/leave-balances", ShowAsync)
            .Needs(Permission.ReadPeople, own: Permission.ReadOwnPeople)
            .Is(
                "getLeaveBalances", "Employees", "Shows the leave of an employee, year by year",
                "What came from the year before, what the days of employment earned, what was taken, and what is left "
                + "on a day, each with its working. `planned` is recorded to be taken after that day, `lapsed` was not "
                + "carried over. After the last day of employment, `settlement` says what is left comes to. Without "
                + "leave by law or by an entitlement of their own there are no rows.")
            .Query("asOf", ParameterKind.Date, "The day; today by default.", "2026-03-31")
            .Knows()
            .Refuses("employee-unknown")
            .AnswersTable<LeaveBalances, LeaveYearShown>(Example);
    }

    private static async ValueTask ShowAsync(Call call)
    {
        var (id, asked) = (EmployeeReadsApi.IdOf(call), call.Day("asOf"));
        var answer = await call.AskAsync(call.KnownAt(), async snapshot =>
            await EmployeeLog.EventsAsync(snapshot, id) is { Count: > 0 } events
                ? new Asked(events, LeaveQuestion.Of(call, snapshot, asked))
                : (Answer<Asked>)EmployeeRefusals.Unknown(id));
        if (answer.Refusal is null)
        {
            call.NotePersonalDataRead(id);
        }

        await call.WriteTableAsync<LeaveBalances, LeaveYearShown>(
            answer.Refusal is { } refusal ? refusal : await BalancesAsync(call, id, answer.Value!),
            balances => balances.Rows);
    }

    private static async ValueTask<LeaveBalances> BalancesAsync(Call call, string id, Asked asked)
    {
        var (question, employee) = (
            asked.Question, call.Ledger.PayRunFacts.Fold(Streams.EmployeeFold, asked.Events));
        var law = await question.LawAsync(call);
        var pack = law.PackOf(employee, question.AsOf);
        var balance = pack is null ? null
            : LeaveBalance.Of(employee, pack, question.AsOf, law.Known.GetValueOrDefault(pack.Name));
        return new(
            call.Company, id, question.AsOf, question.Known.Instant, question.Known.Sequence, pack?.Name, balance?.Unit,
            balance is null ? null : LeaveYearShown.Days(balance.Days),
            [.. (balance?.Years ?? []).Select(LeaveYearShown.Of)],
            balance is null ? null : SettlementOf(employee, pack!, balance, question.AsOf));
    }

    private static LeaveSettlement? SettlementOf(
        Employee employee, Pack pack, LeaveBalance balance, LocalDate asOf)
    {
        var hasEnded = employee.Contracts.Values.All(each => employee.EndOf(each.Details) <= asOf);
        return hasEnded && balance.Days > 0 && LeaveLiability.Of(employee, pack, balance) is { } liability
            ? new(
                pack.UnusedLeaveElement, LeaveYearShown.Days(liability.Days), PayslipShown.Money(liability.DailyPay),
                PayslipShown.Money(liability.Amount), pack.CurrencyOn(balance.Through))
            : null;
    }

    private sealed record Asked(IReadOnlyList<RecordedEvent> Events, LeaveQuestion Question);

    private const string Example = """
        {"company": "acme", "employee": "p-17", "asOf": "2026-03-31", "knownAt": "2026-04-02T08:15:00.123456Z",
        "knownAtSequence": 1742, "pack": "bg", "unit": "workingDays", "balance": "2.93", "rows": [{"year": 2026,
        "entitlement": "20.00", "opening": "0.00", "accrued": "4.93", "taken": "2.00", "balance": "2.93",
        "planned": "5.00", "lapsed": "0.00", "working": [{"kind": "accrued", "from": "2026-01-01",
        "through": "2026-03-31", "days": "4.93", "daysPerYear": "20",
        "source": "Labour Code, art. 155 (4): basic paid annual leave is at least 20 working days", "absence": null,
        "version": null}, {"kind": "taken", "from": "2026-02-02", "through": "2026-02-03", "days": "2.00",
        "daysPerYear": null, "source": null, "absence": "a1", "version": 6}]}], "settlement": null}
        """;
}

/// <summary>The leave of an employee.</summary>
/// <param name="Pack">The law by which it is found; null where no contract says one.</param>
/// <param name="Unit">In which days it is counted.</param>
/// <param name="Balance">Of the last year; null where there is no leave.</param>
public sealed record LeaveBalances(
    string Company,
    string Employee,
    LocalDate AsOf,
    Instant? KnownAt,
    long KnownAtSequence,
    string? Pack,
    LeaveUnit? Unit,
    Amount? Balance,
    IReadOnlyList<LeaveYearShown> Rows,
    LeaveSettlement? Settlement) : IKnown;

/// <summary>A leave year, which is that of the calendar: <c>balance</c> is <c>opening</c> and <c>accrued</c> less
/// <c>taken</c>.</summary>
/// <param name="Entitlement">Of all days of employment of the year that are known, also of those to come.</param>
/// <param name="Opening">From the year before, or from opening figures.</param>
/// <param name="Accrued">By the days of employment so far.</param>
/// <param name="Planned">Recorded to be taken after the day, also in later years.</param>
/// <param name="Lapsed">Not carried over at the end of the year.</param>
public sealed record LeaveYearShown(
    int Year,
    Amount Entitlement,
    Amount Opening,
    Amount Accrued,
    Amount Taken,
    Amount Balance,
    Amount Planned,
    Amount Lapsed,
    IReadOnlyList<LeaveStepShown> Working)
{
    private const int Digits = 2;

    internal static Amount Days(decimal days) => new(days, Digits);

    internal static LeaveYearShown Of(LeaveYear year) => new(
        year.Year, Days(year.Entitlement), Days(year.Opening), Days(year.Accrued), Days(year.Taken),
        Days(year.Balance), Days(year.Planned), Days(year.Lapsed), [.. year.Working.Select(LeaveStepShown.Of)]);
}

/// <summary>A part of a leave year, and why it is there.</summary>
/// <param name="DaysPerYear">By which it accrued.</param>
/// <param name="Source">Of the law's figure, where it accrued by law.</param>
/// <param name="Absence">What was taken, or is planned.</param>
/// <param name="Version">That of the employee's event behind it.</param>
public sealed record LeaveStepShown(
    LeaveStepKind Kind,
    LocalDate From,
    LocalDate Through,
    Amount Days,
    decimal? DaysPerYear,
    string? Source,
    string? Absence,
    long? Version)
{
    internal static LeaveStepShown Of(LeaveStep step) => new(
        step.Kind, step.From, step.Through, LeaveYearShown.Days(step.Days), step.DaysPerYear, step.Source, step.Absence,
        step.Version);
}

/// <summary>What leave that was not taken comes to when employment has ended. It is a suggestion: it is paid once it is
/// recorded as pay.</summary>
/// <param name="Element">Of pay, as the pack names it; null where the law here knows none.</param>
/// <param name="DailyPay">By which the days are valued.</param>
public sealed record LeaveSettlement(
    string? Element, Amount Days, Amount DailyPay, Amount Amount, UnitCode Currency);
