using NodaTime;

namespace Ledger.Domain.TimeSheets;

/// <summary>A break, which is no work.</summary>
public sealed record TimeBreak(WallTime From, WallTime Through);

/// <summary>Time that was worked, as the clock on the wall showed it; withdrawn when it did not happen.</summary>
/// <param name="Through">The end, which is not worked any more; at most 24 hours later.</param>
/// <param name="Zone">An IANA name, such as Europe/Sofia; that of the company by default.</param>
/// <param name="Breaks">Within it, in any order.</param>
public sealed record TimeEntryDetails(
    WallTime From,
    WallTime Through,
    string? Zone = null,
    ValueList<TimeBreak>? Breaks = null,
    bool? Withdrawn = null);

/// <summary>From an instant to another.</summary>
public sealed record TimeSpent(Instant From, Instant Through)
{
    internal static int MinutesOf(Instant from, Instant through) =>
        (int)((through - from).ToInt64Nanoseconds() / NodaConstants.NanosecondsPerMinute);
}

/// <summary>When it was, by the time zone as it was known then, so that later changes of the rules of zones change no
/// hour that was worked.</summary>
/// <param name="Breaks">In order.</param>
public sealed record TimeResolved(
    string Zone, Instant From, Instant Through, ValueList<TimeSpent>? Breaks = null)
{
    /// <summary>What passed, less breaks.</summary>
    public int WorkedMinutes() => TimeSpent.MinutesOf(From, Through)
        - (Breaks ?? ValueList<TimeSpent>.Empty).Sum(each => TimeSpent.MinutesOf(each.From, each.Through));
}

/// <summary>Stream <c>time-sheet/{employee}/{month}</c>: the time that somebody worked, by the month in which each
/// entry begins. What is recorded again under the same id corrects what was recorded before.</summary>
public abstract record TimeSheetEvent;

/// <param name="Details">As it was sent.</param>
/// <param name="Resolved">What it comes to.</param>
[EventName("time_entry_recorded")]
public sealed record TimeEntryRecorded(string Entry, TimeEntryDetails Details, TimeResolved Resolved) : TimeSheetEvent;
