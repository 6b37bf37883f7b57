using Ledger.Domain;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Projections.Audit;

/// <summary>By what activity is told apart.</summary>
public enum ActivityBy
{
    /// <summary>Each key, and each who came by token.</summary>
    Actor,

    /// <summary>Each person: all keys that one holder held, and each who came by token.</summary>
    Person,

    /// <summary>Each thing: an entry, an employee, the chart.</summary>
    Stream,
}

/// <summary>What was recorded by somebody, or of something.</summary>
/// <param name="Actor">Who, where it is told by actors.</param>
/// <param name="Key">The id of the actor's key.</param>
/// <param name="Person">The holder, by an opaque id, where it is told by actors or persons.</param>
/// <param name="Stream">Of what, where it is told by streams.</param>
/// <param name="Days">On how many days of the company's time zone.</param>
/// <param name="Types">Events by their types.</param>
/// <param name="Actors">Events by who recorded them; <c>-</c> where that is not known.</param>
public sealed record ActivityRow(
    string? Actor,
    string? Key,
    string? Person,
    string? Stream,
    long Events,
    Instant First,
    Instant Last,
    int Days,
    ValueMap<long> Types,
    ValueMap<long> Actors);

/// <summary>A page of activity; <c>Last</c> is what its last row is told by, and null on the last page.</summary>
public sealed record ActivityThen(IReadOnlyList<ActivityRow> Rows, string? Last);

/// <summary>Reads who recorded what, from the events themselves.</summary>
public static class ActivityQueries
{
    private const string Counts = """
        width_bucket(l.recorded, $4::timestamptz[]) as day, width_bucket(l.sequence, $5::bigint[]) as change,
        count(*) as events, min(l.recorded) as first, max(l.recorded) as last, max(l.sequence) as sequence
        """;

    /// <param name="prefix">Only of streams that begin so.</param>
    /// <param name="after">What the last row of the page before is told by; null for the first page.</param>
    public static async Task<ActivityThen> ActivityAsync(
        Snapshot snapshot, ActivityBy by, Instant? since, Instant? until, string? prefix, string? after, int limit)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var (start, end) = await FindingSelect.PositionsAsync(snapshot, since, until);
        if (await QuietTimeFindings.DaysAsync(snapshot, start, end) is not { } days)
        {
            return new([], null);
        }

        var holders = await KeyHistoryQueries.HoldersAsync(snapshot);
        var zone = snapshot.Company.Zone;
        var midnights = Enumerable.Range(0, Period.DaysBetween(days.First, days.Last) + 1)
            .Select(i => zone.AtStartOfDay(days.First.PlusDays(i)).ToInstant().ToDateTimeUtc()).ToArray();
        var found = snapshot.Ask(
            by == ActivityBy.Stream ? OfStreams : OfActors,
            row => new Count(
                row.GetText(0), row.GetText(1), row.GetString(2), row.GetInt32(3), row.GetInt64(5), row.GetInstant(6),
                row.GetInstant(7), row.GetInt64(8)),
            snapshot.Company.Code,
            start,
            end,
            midnights,
            holders.Changes,
            prefix ?? "",
            after ?? "",
            limit + 1);
        await snapshot.SendAsync();
        var rows = found
            .GroupBy(each => TellsBy(by, each, holders), StringComparer.Ordinal)
            .Where(each => by == ActivityBy.Stream || after is null || string.CompareOrdinal(each.Key, after) > 0);
        var page = (by == ActivityBy.Stream ? rows : rows.OrderBy(each => each.Key, StringComparer.Ordinal))
            .Take(limit + 1).ToArray();
        return new(
            [.. page.Take(limit).Select(each => RowOf(by, each, holders))],
            page.Length > limit ? page[limit - 1].Key : null);
    }

    /// <summary>Counts of everything in the span: one look at each event.</summary>
    private const string OfActors = $"""
        select null::text, e.user_name, e.type, {Counts}
        from ledger.log l
        cross join lateral (
            select e.user_name, e.type, e.stream_id from public.mt_events e where e.seq_id = l.sequence offset 0) e
        where l.company = $1 and l.position > $2 and l.position <= $3 and starts_with(e.stream_id, $6)
        group by e.user_name, e.type, day, change
        """;

    /// <summary>Counts of the streams of a page: streams without an event in the span are passed over.</summary>
    private const string OfStreams = $"""
        select s.id, e.user_name, e.type, {Counts}
        from (
            select t.id from public.mt_streams t
            where t.tenant_id = $1 and t.id > $7 and starts_with(t.id, $6) and exists (
                select from public.mt_events e
                cross join lateral (
                    select from ledger.log l where l.sequence = e.seq_id and l.company = $1
                        and l.position > $2 and l.position <= $3 offset 0) l
                where e.tenant_id = $1 and e.stream_id = t.id)
            order by t.id limit $8) s
        cross join lateral (
            select e.user_name, e.type, e.seq_id from public.mt_events e
            where e.tenant_id = $1 and e.stream_id = s.id offset 0) e
        cross join lateral (
            select l.recorded, l.sequence from ledger.log l
            where l.sequence = e.seq_id and l.company = $1 and l.position > $2 and l.position <= $3 offset 0) l
        group by s.id, e.user_name, e.type, day, change
        order by s.id
        """;

    private static string TellsBy(ActivityBy by, Count count, KeyHolders holders) => by switch
    {
        ActivityBy.Stream => count.Stream!,
        ActivityBy.Person => holders.Of(count.Actor, count.Sequence).Holder ?? "-",
        _ => count.Actor ?? "-",
    };

    private static ActivityRow RowOf(ActivityBy by, IGrouping<string, Count> counts, KeyHolders holders)
    {
        var last = counts.MaxBy(each => each.Sequence)!;
        var (key, holder) = by == ActivityBy.Stream ? (null, null) : holders.Of(last.Actor, last.Sequence);
        return new(
            by == ActivityBy.Actor ? last.Actor : null,
            by == ActivityBy.Actor ? key : null,
            holder,
            last.Stream,
            counts.Sum(each => each.Events),
            counts.Min(each => each.First),
            counts.Max(each => each.Last),
            counts.Select(each => each.Day).Distinct().Count(),
            Sums(counts, each => each.Type),
            Sums(counts, each => each.Actor ?? "-"));
    }

    private static ValueMap<long> Sums(IEnumerable<Count> counts, Func<Count, string> name) =>
        ValueMap<long>.From(counts.GroupBy(name, StringComparer.Ordinal)
            .Select(each => KeyValuePair.Create(each.Key, each.Sum(one => one.Events))));

    private sealed record Count(
        string? Stream, string? Actor, string Type, int Day, long Events, Instant First, Instant Last, long Sequence);
}
