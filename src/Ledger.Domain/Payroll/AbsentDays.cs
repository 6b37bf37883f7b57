using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>Why pay is not for work.</summary>
public enum AbsenceReason
{
    Illness,
    Leave,
}

/// <summary>Days of one absence within one period, and pay by which it is found what the employer owes for them.
/// </summary>
/// <param name="From">The first day of the absence.</param>
/// <param name="First">Its first day within the period.</param>
/// <param name="Last">Its last day within the period.</param>
/// <param name="MonthlyPay">Regular pay of a month, as it holds on the first day of the absence.</param>
/// <param name="WorkingDaysOfPeriod">Of the period that holds the first day of the absence.</param>
/// <param name="WeeklyEarnings">Of the eight weeks before.</param>
/// <param name="Earnings">Of the twelve months before, or of the fewer that were worked.</param>
/// <param name="Months">How many months these are.</param>
/// <param name="WorkingDaysOfMonths">Mondays to Fridays of these months.</param>
public sealed record AbsentDays(
    AbsenceReason Reason,
    LocalDate From,
    LocalDate First,
    LocalDate Last,
    decimal MonthlyPay,
    int WorkingDaysOfPeriod,
    decimal WeeklyEarnings,
    decimal Earnings,
    int Months,
    int WorkingDaysOfMonths)
{
    /// <summary>Working days of the absence before the period.</summary>
    public int WorkingDaysBefore => WorkingDays.Count(From, First.PlusDays(-1));

    /// <summary>Working days of the absence within the period.</summary>
    public int WorkingDaysHere => WorkingDays.Count(First, Last);
}
