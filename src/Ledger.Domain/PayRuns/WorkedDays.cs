using Ledger.Domain.PayGroups;
using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>Days as numbers, so that counting them costs nothing.</summary>
internal static class WorkedDays
{
    public static int Of(LocalDate day) => day.ToDateOnly().DayNumber;

    /// <summary>Days from the first through the last that a proration counts; none where the last is before.</summary>
    public static int Count(int from, int through, Proration proration) =>
        through < from ? 0
        : proration == Proration.CalendarDays ? through - from + 1
        : WorkingDaysBefore(through + 1) - WorkingDaysBefore(from);

    /// <summary>Monday to Friday. Day 0 is a Monday.</summary>
    private static int WorkingDaysBefore(int day) => (day / 7 * 5) + Math.Min(day % 7, 5);
}

/// <summary>Days from the first through the last.</summary>
internal readonly record struct DaySpan(int From, int Through)
{
    public DaySpan And(DaySpan other) => new(Math.Max(From, other.From), Math.Min(Through, other.Through));
}
