using System.Collections.Immutable;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Domain.TimeSheets;

/// <summary>An entry of a time sheet.</summary>
/// <param name="Version">That of the sheet at its last change: its ETag, and the event behind it.</param>
public sealed record TimeEntry(string Id, TimeEntryDetails Details, TimeResolved Resolved, long Version)
{
    public bool Counts => Details.Withdrawn is not true;
}

/// <summary>The entries of one employee that begin in one month.</summary>
public sealed record TimeSheet
{
    /// <summary>The stream of a time sheet has this before its employee and its month.</summary>
    public const string StreamPrefix = "time-sheet/";

    public static TimeSheet Initial { get; } = new();

    /// <summary>How many events there are.</summary>
    public long Version { get; private init; }

    public ImmutableSortedDictionary<string, TimeEntry> Entries { get; private init; } =
        ImmutableSortedDictionary.Create<string, TimeEntry>(StringComparer.Ordinal);

    /// <summary>The month of the entry's first local day.</summary>
    public static YearMonth MonthOf(TimeEntryDetails details)
    {
        ArgumentNullException.ThrowIfNull(details);
        return details.From.Local.Date.ToYearMonth();
    }

    public static string NameOf(YearMonth month) => YearMonthPattern.Iso.Format(month);

    public static TimeSheet Evolve(TimeSheet state, TimeSheetEvent @event)
    {
        ArgumentNullException.ThrowIfNull(state);
        var version = state.Version + 1;
        return @event switch
        {
            TimeEntryRecorded e => state with
            {
                Version = version,
                Entries = state.Entries.SetItem(e.Entry, new(e.Entry, e.Details, e.Resolved, version)),
            },
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not a time sheet's."),
        };
    }
}
