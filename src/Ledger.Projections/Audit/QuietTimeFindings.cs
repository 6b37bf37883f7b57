using System.Globalization;
using Ledger.Domain.Audit;
using Ledger.Domain.TimeSheets;
using Ledger.Projections.Queries;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Projections.Audit;

/// <summary>
/// Entries that were recorded when nobody is expected to. Recordings never go back, so each quiet span is a run of
/// positions: nothing else is read, however many entries there are.
/// </summary>
public static class QuietTimeFindings
{
    private static readonly LocalDateTimePattern Minutes =
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd' 'HH':'mm");

    /// <summary>Entries recorded on a day of rest in the company's time zone.</summary>
    public static Task<FindingsThen> OnRestDaysAsync(Snapshot snapshot, JournalScope scope, RestDays rest)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(rest);
        var zone = snapshot.Company.Zone;
        return InAsync(
            snapshot,
            scope,
            (first, last) => rest.Between(first, last, zone),
            (first, last) => Unknown(snapshot, rest.Holidays, first.Year, last.Year),
            finding =>
            {
                var local = finding.Recorded.InZone(zone).LocalDateTime;
                return $"Recorded on {rest.NameOf(local.Date)}, {Minutes.Format(local)}";
            });
    }

    /// <summary>Entries recorded at night by the clocks of the company's time zone.</summary>
    public static Task<FindingsThen> AtNightAsync(Snapshot snapshot, JournalScope scope, NightHours night)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(scope);
        var zone = snapshot.Company.Zone;
        return InAsync(
            snapshot,
            scope,
            (first, last) => night.Between(first, last, zone),
            (_, _) => [],
            finding => $"Recorded at night, {Minutes.Format(finding.Recorded.InZone(zone).LocalDateTime)}");
    }

    /// <summary>A year whose holidays are not known is said: its holidays pass for working days.</summary>
    private static IReadOnlyList<string> Unknown(Snapshot snapshot, HolidayCalendar? holidays, int first, int last)
    {
        var years = Enumerable.Range(first, last - first + 1).Where(year => holidays?.Knows(year) is not true)
            .Select(year => year.ToString(CultureInfo.InvariantCulture)).ToArray();
        return years.Length == 0 ? [] :
        [
            $"Public holidays of {string.Join(", ", years)} are not known here for {snapshot.Company.Country}: only "
                + "weekends are rest days then",
        ];
    }

    private static async Task<FindingsThen> InAsync(
        Snapshot snapshot,
        JournalScope scope,
        Func<LocalDate, LocalDate, IReadOnlyList<Interval>> spansOf,
        Func<LocalDate, LocalDate, IReadOnlyList<string>> remarksOf,
        Func<JournalFinding, string> because)
    {
        var select = await FindingSelect.OfAsync(snapshot, scope);
        if (await DaysAsync(snapshot, select.Before, select.Through) is not { } days)
        {
            return new([], null, []);
        }

        // Each page says what must be known to read all of them, so the days are those of the whole scope.
        var spans = spansOf(days.First, days.Last);
        var ends = await FindingSelect.PositionsAtAsync(
            snapshot,
            spans.SelectMany(each => (Instant[])
                [FindingSelect.JustBefore(each.Start), FindingSelect.JustBefore(each.End)]));
        var runs = Enumerable.Range(0, spans.Count)
            .Select(i => (Low: Math.Max(ends[2 * i], select.After), High: Math.Min(ends[(2 * i) + 1], select.Through)))
            .Where(run => run.Low < run.High)
            .ToArray();
        var (lows, highs) = (
            select.Add(runs.Select(run => run.Low).ToArray()), select.Add(runs.Select(run => run.High).ToArray()));
        var limit = select.Add(scope.Limit + 1);

        // The runs come in their order, and so do the entries of each: the page ends as soon as it is full.
        return await select.SendAsync(
            $$"""
            select {{JournalFinding.Columns}}, 0::bigint
            from unnest({{lows}}::bigint[], {{highs}}::bigint[]) r (low, high)
            cross join lateral (
                select * from ledger_read.journal_entry_{v} e
                where {{select.Where}} and e.position > r.low and e.position <= r.high
                order by e.position limit {{limit}} offset 0) e
            cross join lateral (select {{FindingSelect.OfEntry}}, null::bigint as mark) f
            limit {{limit}}
            """,
            (finding, _) => because(finding),
            remarksOf(days.First, days.Last));
    }

    /// <summary>The local days of the first and last recording of a span of positions; null where it is
    /// empty.</summary>
    internal static async Task<(LocalDate First, LocalDate Last)?> DaysAsync(
        Snapshot snapshot, long after, long through)
    {
        var found = snapshot.Ask(
            "select l.recorded from ledger.log l where l.company = $1 and l.position = any ($2) order by l.position",
            row => row.GetInstant(0).InZone(snapshot.Company.Zone).Date,
            snapshot.Company.Code,
            (long[])[after + 1, through]);
        await snapshot.SendAsync();
        return after >= through || found.Count == 0 ? null : (found[0], found[^1]);
    }
}
