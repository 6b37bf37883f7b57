using NodaTime;

namespace Ledger.Domain.Payroll.UnitedKingdom;

/// <summary>
/// Where a payment stands in the tax year, which begins on 6 April: up to which week or month pay and tax are added
/// up.
/// </summary>
/// <param name="Number">The week or month up to which it counts: 2, 4, … for pay every two weeks.</param>
/// <param name="Length">Weeks or months that it pays.</param>
public readonly record struct TaxPeriod(bool IsWeekly, int Number, int Length)
{
    /// <summary>A payment in week 53, 54 or 56 is beyond the 52 weeks of the tables, and stands by itself.</summary>
    public bool IsBeyondTables => Number > PerYear;

    public int PerYear => IsWeekly ? 52 : 12;

    /// <summary>The last payment of an ordinary year, or a later one.</summary>
    public bool IsLast => Number >= PerYear;

    /// <summary>Null for frequencies that the tables do not know.</summary>
    /// <param name="period">The number of the pay period, from 1; null finds it from the day of payment.</param>
    public static TaxPeriod? Of(PayFrequency frequency, LocalDate payDate, int? period)
    {
        var start = StartOfYear(payDate);
        if (Weeks(frequency) is { } weeks)
        {
            var days = Period.DaysBetween(start, payDate);
            return new(true, (period ?? ((days / (7 * weeks)) + 1)) * weeks, weeks);
        }

        if (Months(frequency) is { } months)
        {
            var whole = ((payDate.Year - start.Year) * 12) + payDate.Month - start.Month
                - (payDate.Day < start.Day ? 1 : 0);
            return new(false, (period ?? ((whole / months) + 1)) * months, months);
        }

        return null;
    }

    public static LocalDate StartOfYear(LocalDate day)
    {
        var start = new LocalDate(day.Year, 4, 6);
        return day < start ? start.PlusYears(-1) : start;
    }

    /// <summary>The last day of the weeks or months that hold a day of payment, within the tax year.</summary>
    public static LocalDate EndOf(PayFrequency frequency, LocalDate payDate)
    {
        var (start, period) = (StartOfYear(payDate), Of(frequency, payDate, null)!.Value);
        var next = period.IsWeekly ? start.PlusWeeks(period.Number) : start.PlusMonths(period.Number);
        return LocalDate.Min(next, start.PlusYears(1)).PlusDays(-1);
    }

    /// <summary>The week of the tax year, from 1.</summary>
    public static int WeekOf(LocalDate day) => (Period.DaysBetween(StartOfYear(day), day) / 7) + 1;

    private static int? Weeks(PayFrequency frequency) => frequency switch
    {
        PayFrequency.Weekly => 1,
        PayFrequency.TwoWeekly => 2,
        PayFrequency.FourWeekly => 4,
        _ => null,
    };

    private static int? Months(PayFrequency frequency) => frequency switch
    {
        PayFrequency.Monthly => 1,
        PayFrequency.Quarterly => 3,
        PayFrequency.HalfYearly => 6,
        PayFrequency.Yearly => 12,
        _ => null,
    };
}
