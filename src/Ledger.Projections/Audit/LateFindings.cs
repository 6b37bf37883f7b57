using System.Globalization;
using Ledger.Projections.Periods;
using Ledger.Projections.Queries;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Projections.Audit;

/// <summary>Entries that were recorded long after their date, or after their month had been closed.</summary>
public static class LateFindings
{
    /// <summary>Entries recorded more than so many days after the day they are booked on.</summary>
    public static async Task<FindingsThen> LateAsync(Snapshot snapshot, JournalScope scope, int days)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(scope);
        var select = await FindingSelect.OfAsync(snapshot, scope);
        if (await QuietTimeFindings.DaysAsync(snapshot, select.After, select.Through) is not { } recorded)
        {
            return new([], null, []);
        }

        // The local day of a recording is found among the beginnings of days, by our own time zones.
        var zone = snapshot.Company.Zone;
        var starts = Enumerable.Range(0, Period.DaysBetween(recorded.First, recorded.Last) + 1)
            .Select(i => zone.AtStartOfDay(recorded.First.PlusDays(i)).ToInstant().ToDateTimeUtc()).ToArray();
        var late = $"{select.Add(recorded.First.ToDateOnly())}::date + "
            + $"width_bucket(e.recorded, {select.Add(starts)}::timestamptz[]) - 1 - e.booked_on";
        return await select.PageAsync(
            $"select {FindingSelect.OfEntry}, ({late})::bigint as mark where {late} > {select.Add(days)}",
            (_, mark) => string.Create(
                CultureInfo.InvariantCulture, $"Recorded {mark} days after the day it is booked on"));
    }

    /// <summary>
    /// Entries of a month that were recorded after it was closed for the first time. A closed month takes none, so it
    /// had been reopened.
    /// </summary>
    public static async Task<FindingsThen> AfterClosingAsync(Snapshot snapshot, JournalScope scope)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(scope);
        var changes = PeriodQueries.Ask(snapshot);
        var select = await FindingSelect.OfAsync(snapshot, scope);
        var closings = FirstClosings(changes);
        if (closings.Count == 0)
        {
            return new([], null, []);
        }

        // Months up to the first end were closed at the first position, those up to the second at the second …
        var ends = select.Add(closings.Select(each => each.Period.PlusMonths(1).ToDateOnly()).ToArray());
        var positions = select.Add(closings.Select(each => each.Position).ToArray());
        return await select.PageAsync(
            $"""
            select {FindingSelect.OfEntry}, c.position as mark
            from (select ({positions}::bigint[])[width_bucket(e.booked_on, {ends}::date[]) + 1] as position) c
            where e.position > c.position
            """,
            (finding, mark) => Sentence(finding, changes, mark, snapshot.Company.Zone));
    }

    /// <summary>The closings that closed months never closed before, in order.</summary>
    private static List<PeriodChangeThen> FirstClosings(IEnumerable<PeriodChangeThen> changes)
    {
        var closings = new List<PeriodChangeThen>();
        foreach (var change in changes)
        {
            if (change.Event != "reopened" && (closings.Count == 0 || change.Period > closings[^1].Period))
            {
                closings.Add(change);
            }
        }

        return closings;
    }

    private static string Sentence(
        JournalFinding finding, IEnumerable<PeriodChangeThen> changes, long closedAt, DateTimeZone zone)
    {
        var month = finding.BookedOn.ToYearMonth().OnDayOfMonth(1);
        var closing = changes.First(change => change.Position == closedAt);
        var reopening = PeriodQueries.LastReopening(changes, month, finding.Position);
        var said = $"{YearMonthPattern.Iso.Format(month.ToYearMonth())} had been closed on {Day(closing)}";
        return reopening is null
            ? said
            : $"{said} and was reopened on {Day(reopening)} by {reopening.Actor ?? "somebody unknown"}: "
                + reopening.Reason;

        string Day(PeriodChangeThen change) => LocalDatePattern.Iso.Format(change.Recorded.InZone(zone).Date);
    }
}
