using NodaTime;

namespace Ledger.Domain.Periods;

/// <summary>
/// Which months are closed. Closing closes every earlier month and reopening reopens every later one, so one month says
/// it all: everything up to <see cref="ClosedThrough"/> is closed.
/// </summary>
/// <param name="ClosedThrough">The last closed month; null while none is.</param>
/// <param name="ReopenedThrough">The last month that was closed once and is open now; null if there is none.</param>
/// <param name="FinalThrough">The last month of the last final fiscal year.</param>
public sealed record FiscalCalendar(YearMonth? ClosedThrough, YearMonth? ReopenedThrough, YearMonth? FinalThrough)
{
    public static FiscalCalendar Initial { get; } = new(null, null, null);

    public bool IsClosed(YearMonth period) => ClosedThrough is { } through && period <= through;

    public bool IsFinal(YearMonth period) => FinalThrough is { } through && period <= through;

    /// <summary>The earliest month that was closed once and is open now.</summary>
    public YearMonth? FirstReopened => ReopenedThrough is null ? null : ClosedThrough!.Value.PlusMonths(1);

    public static FiscalCalendar Evolve(FiscalCalendar state, PeriodEvent @event) => @event switch
    {
        PeriodClosed e => state with
        {
            ClosedThrough = e.Period,
            ReopenedThrough = state.ReopenedThrough > e.Period ? state.ReopenedThrough : null,
        },
        PeriodReopened e => state with
        {
            ClosedThrough = e.Period.PlusMonths(-1),
            ReopenedThrough = state.ReopenedThrough ?? state.ClosedThrough,
        },
        FiscalYearFinalized e => state with { FinalThrough = e.LastPeriod },
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not a period's."),
    };
}
