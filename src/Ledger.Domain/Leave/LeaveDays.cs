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
/// off in one place; public holidays are not known here yet.</summary>
public static class LeaveDays
{
    /// <summary>From the first day through the last; none where the last is before.</summary>
    public static int Count(Pack pack, LocalDate from, LocalDate through)
    {
        ArgumentNullException.ThrowIfNull(pack);
        return through < from ? 0
            : pack.LeaveUnit == LeaveUnit.WorkingDays ? WorkingDays.Count(from, through)
            : Period.DaysBetween(from, through) + 1;
    }
}
