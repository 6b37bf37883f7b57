using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Projections.Periods;

/// <summary>A closing, reopening or final closing, as known then.</summary>
/// <param name="Event"><c>closed</c>, <c>reopened</c> or <c>final</c>.</param>
/// <param name="Period">The first day of the month that it names.</param>
public sealed record PeriodChangeThen(
    long Position, long Sequence, Instant Recorded, string Event, LocalDate Period, string? Reason, string? Actor);

/// <summary>Reads what was closed and reopened.</summary>
internal static class PeriodQueries
{
    /// <summary>All changes, in the order of recording.</summary>
    public static Rows<PeriodChangeThen> Ask(Snapshot snapshot)
    {
        const string sql = """
            select position, sequence, recorded, event, period, reason, actor
            from ledger_read.period_history_{v}
            where company = $1 and position <= $2
            order by position
            """;
        return snapshot.Ask(
            sql,
            row => new PeriodChangeThen(
                row.GetInt64(0),
                row.GetInt64(1),
                row.GetInstant(2),
                row.GetString(3),
                row.GetDay(4),
                row.GetText(5),
                row.GetText(6)),
            snapshot.Company.Code,
            snapshot.Knowledge.Position);
    }

    /// <summary>The first closing of a month: closing one closes every earlier one that is open.</summary>
    public static PeriodChangeThen? FirstClosing(IEnumerable<PeriodChangeThen> changes, LocalDate month) =>
        changes.FirstOrDefault(change => change.Event != "reopened" && change.Period >= month);

    /// <summary>
    /// The last reopening before a position that opened a closed month again. Closing a month closes every earlier one,
    /// and reopening it reopens every later one.
    /// </summary>
    public static PeriodChangeThen? LastReopening(
        IEnumerable<PeriodChangeThen> changes, LocalDate month, long beforePosition)
    {
        PeriodChangeThen? reopening = null;
        var isClosed = false;
        foreach (var change in changes.TakeWhile(change => change.Position < beforePosition))
        {
            if (change.Event != "reopened")
            {
                isClosed |= change.Period >= month;
            }
            else if (isClosed && change.Period <= month)
            {
                (reopening, isClosed) = (change, false);
            }
        }

        return reopening;
    }
}
