using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>Days as numbers, so that counting them costs nothing.</summary>
public static class WorkingDays
{
    public static int Of(LocalDate day) => day.ToDateOnly().DayNumber;

    /// <summary>Mondays to Fridays from the first day through the last; none where the last is before.</summary>
    public static int Count(LocalDate from, LocalDate through) => Count(Of(from), Of(through));

    /// <summary>The same, by numbers of days.</summary>
    public static int Count(int from, int through) => through < from ? 0 : Before(through + 1) - Before(from);

    /// <summary>Day 0 is a Monday.</summary>
    private static int Before(int day) => (day / 7 * 5) + Math.Min(day % 7, 5);
}
