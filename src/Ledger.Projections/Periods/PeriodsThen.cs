using Ledger.Domain.Periods;
using Ledger.Projections.Queries;

namespace Ledger.Projections.Periods;

/// <summary>Which months were closed, as known then.</summary>
public static class PeriodsThen
{
    /// <returns>The version is that of the stream of periods then, each event of which is a change.</returns>
    public static async Task<(FiscalCalendar Calendar, int Version)> CalendarAsync(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var changes = PeriodQueries.Ask(snapshot);
        await snapshot.SendAsync();
        return (changes.Select(EventOf).Aggregate(FiscalCalendar.Initial, FiscalCalendar.Evolve), changes.Count);
    }

    private static PeriodEvent EventOf(PeriodChangeThen change)
    {
        var month = change.Period.ToYearMonth();
        return change.Event switch
        {
            "closed" => new PeriodClosed(month),
            "reopened" => new PeriodReopened(month, change.Reason!),
            "final" => new FiscalYearFinalized(month),
            _ => throw new ArgumentOutOfRangeException(nameof(change), change.Event, "This is no change of a period."),
        };
    }
}
