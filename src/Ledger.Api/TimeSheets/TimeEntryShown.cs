using Ledger.Domain;
using Ledger.Domain.TimeSheets;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.TimeSheets;

/// <summary>Time that an employee worked, as known then; <c>Parameters</c> repeats what was asked.</summary>
public sealed record TimeEntryList(
    string Company,
    Instant? KnownAt,
    long KnownAtSequence,
    string Employee,
    ValueMap<string> Parameters,
    IReadOnlyList<TimeEntryShown> Rows) : IKnown;

/// <summary>An entry.</summary>
/// <param name="Zone">In which clocks showed it.</param>
/// <param name="Hours">That passed, less breaks, to two places.</param>
/// <param name="Withdrawn">It did not happen.</param>
/// <param name="Month">Of the sheet in which it stands.</param>
/// <param name="Version">Of that sheet at its last change: send it as If-Match to correct the entry.</param>
public sealed record TimeEntryShown(
    string Entry,
    WallTime From,
    WallTime Through,
    string Zone,
    Amount Hours,
    IReadOnlyList<TimeBreak> Breaks,
    bool Withdrawn,
    YearMonth Month,
    long Version)
{
    internal static TimeEntryShown Of(YearMonth month, TimeEntry entry) => new(
        entry.Id, entry.Details.From, entry.Details.Through, entry.Resolved.Zone,
        HoursShown.Of(entry.Resolved.WorkedMinutes()), entry.Details.Breaks ?? ValueList<TimeBreak>.Empty,
        !entry.Counts, month, entry.Version);
}
