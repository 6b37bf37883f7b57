using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.Azerbaijan;

/// <summary>Pay for days not worked. Division comes last, because a quotient that was cut off makes a half round
/// down.</summary>
public static class AzerbaijaniLeave
{
    /// <summary>Average calendar days of a month.</summary>
    private const decimal DaysOfMonth = 30.4m;

    /// <summary>For calendar days of leave, from the earnings of the twelve calendar months before.</summary>
    /// <remarks>Labour Code, art. 140.</remarks>
    public static decimal LeavePay(decimal earningsOfYear, int calendarDays) =>
        ToCents(earningsOfYear * calendarDays / (12 * DaysOfMonth));

    /// <summary>For working days missed through illness, from the earnings of the twelve months before.</summary>
    /// <param name="part">0.8 for an insurance record of 8 to 12 years. The parts below and above are not confirmed by
    /// a source, so whoever calls says which.</param>
    /// <remarks>Law on Social Insurance, sick pay.</remarks>
    public static decimal SickPay(decimal earningsOfYear, int workingDaysOfYear, int workingDaysMissed, decimal part) =>
        workingDaysOfYear == 0 ? 0 : ToCents(earningsOfYear * workingDaysMissed * part / workingDaysOfYear);
}
