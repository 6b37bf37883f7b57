using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Projections.Balances;

/// <summary>
/// Movements over ranges of days that overlap: they are cut into segments that do not, each of which is summed once, so
/// that twelve month ends cost little more than one.
/// </summary>
internal sealed class MovementRanges
{
    private readonly List<Segment> ranges = [];
    private readonly List<Segment> segments = [];
    private TurnoverQuery? query;

    /// <summary>Adds a range; its number is what the sums are asked by.</summary>
    public int Add(LocalDate? from, LocalDate to, long position)
    {
        ranges.Add(new(from, to, position));
        return ranges.Count - 1;
    }

    public void Ask(Snapshot snapshot, IReadOnlyList<string>? accounts, DimensionQuery dimension)
    {
        foreach (var known in ranges.GroupBy(range => range.Position))
        {
            var ends = known.Select(range => range.To)
                .Concat(known.Where(range => range.From is not null).Select(range => range.From!.Value.PlusDays(-1)))
                .Distinct().Order().ToArray();
            LocalDate? from = null;
            foreach (var end in ends)
            {
                segments.Add(new(from, end, known.Key));
                from = end.PlusDays(1);
            }
        }

        segments.RemoveAll(segment => !ranges.Exists(range => Covers(range, segment)));
        query = TurnoverQuery.Ask(snapshot, segments, accounts, dimension);
    }

    /// <summary>The turnovers of each range, in the order in which they were added.</summary>
    /// <param name="counts">Whether a movement counts in the range of that number.</param>
    public Turnovers Sums(Func<int, Movement, bool> counts)
    {
        var (total, byValue) = query!.Sums();
        return Turnovers.Of(
            ranges.Count, Spread(total, counts), byValue is null ? null : Spread(byValue, counts), _ => true);
    }

    private IEnumerable<Movement> Spread(IEnumerable<Movement> movements, Func<int, Movement, bool> counts) =>
        from movement in movements
        from range in Enumerable.Range(0, ranges.Count)
        where Covers(ranges[range], segments[movement.Segment]) && counts(range, movement)
        select movement with { Segment = range };

    private static bool Covers(Segment range, Segment segment) =>
        range.Position == segment.Position && segment.To <= range.To
        && (range.From is null || (segment.From is { } from && from >= range.From));
}
