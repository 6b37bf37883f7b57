using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>For what somebody works, as minimum wages look at it.</summary>
/// <param name="FirstDay">Of the period.</param>
/// <param name="FullTimeHours">Of a week.</param>
/// <param name="YearlyPay">Regular pay, where it is not by the hour.</param>
/// <param name="HourlyPay">The lowest, where it is by the hour.</param>
public sealed record WageTerms(
    LocalDate FirstDay,
    decimal WeeklyHours,
    decimal FullTimeHours,
    bool IsApprentice,
    LawKnown LawKnownOn,
    decimal? YearlyPay = null,
    decimal? HourlyPay = null)
{
    private const int WeeksOfYear = 52;

    /// <summary>Pay of an hour; null where the contract says no hours.</summary>
    public decimal? PerHour =>
        HourlyPay ?? (WeeklyHours == 0 ? null : YearlyPay / (WeeklyHours * WeeksOfYear));

    public decimal PartOfFullTime => FullTimeHours == 0 ? 1 : Math.Min(WeeklyHours / FullTimeHours, 1);
}
