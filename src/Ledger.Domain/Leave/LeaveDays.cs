using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Domain.Leave;

/// <summary>In which days leave is granted and counted.</summary>
public enum LeaveUnit
{
    /// <summary>Monday to Friday, five a week whatever the hours of the contract.</summary>
    WorkingDays,

    CalendarDays,
}

/// <summary>Counts what an absence takes of leave. Nothing else counts it, so that what is free for everybody is taken
/// off in one place.</summary>
public static class LeaveDays
{
    /// <summary>From the first day through the last; none where the last is before. Of years whose public holidays are
    /// not known, weekends alone are taken off.</summary>
    public static int Count(Pack pack, LocalDate from, LocalDate through, LawKnown known = default)
    {
        ArgumentNullException.ThrowIfNull(pack);
        return through < from ? 0
            : pack.LeaveUnit == LeaveUnit.CalendarDays ? Period.DaysBetween(from, through) + 1
            : WorkingDays.Count(from, through) - (pack.HolidaysTakeLeave ? 0 : Holidays(pack, from, through, known));
    }

    /// <summary>Those that fall on weekdays.</summary>
    private static int Holidays(Pack pack, LocalDate from, LocalDate through, LawKnown known)
    {
        var count = 0;
        for (var day = from; day <= through; day = day.PlusDays(1))
        {
            count += day.DayOfWeek is not (IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday)
                && pack.Holidays.On(day, null, known) is not null ? 1 : 0;
        }

        return count;
    }
}
