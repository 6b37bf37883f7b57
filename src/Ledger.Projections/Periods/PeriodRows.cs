using NodaTime;

namespace Ledger.Projections.Periods;

/// <summary>A closing, reopening or final closing of a month.</summary>
internal static class PeriodRows
{
    public static void Add(CopyBuffer periods, in LoggedEvent at, string what, YearMonth period, string? reason) =>
        periods.Row(8)
            .Text(at.Company).Long(at.Position).Long(at.Sequence).Long(at.Recorded)
            .Text(what).Date(period.OnDayOfMonth(1)).Text(reason).Text(at.Actor);
}
