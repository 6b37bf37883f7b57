using Ledger.Projections.Balances;
using NodaTime;

namespace Ledger.Tests.Balances;

public sealed class SpansTests
{
    [Fact]
    public void Blocks_and_lines_hold_each_position_up_to_the_last_exactly_once()
    {
        const int size = 3;
        for (var covered = 0; covered <= 3 * 16 * 16 * 2 + 60; covered += size * 7)
        {
            for (var position = 0; position <= covered + 4; position += position % 5 + 1)
            {
                var spans = RecordedSpans.Of(position, covered, size);

                var counts = new int[covered + 5];
                foreach (var block in spans.Blocks)
                {
                    var (after, through) = PositionsOf(block, size);
                    Assert.True(through <= covered, "A block that is not complete has no cells.");
                    Count(counts, after, through, block.Adds);
                }

                Count(counts, spans.After, spans.Through, spans.Adds);
                Assert.All(
                    Enumerable.Range(1, counts.Length - 1),
                    each => Assert.Equal(each <= position ? 1 : 0, counts[each]));
                Assert.True(spans.Blocks.Count <= 15 * 3, $"{position} of {covered}: {spans.Blocks.Count} blocks.");
                Assert.True(spans.Through - spans.After <= Math.Max(size, position - covered));
            }
        }
    }

    [Fact]
    public void Days_months_and_years_hold_each_day_of_a_range_exactly_once()
    {
        var first = new LocalDate(2023, 11, 28);
        for (var from = 0; from < 800; from += 13)
        {
            for (var days = 0; days < 900; days += 7)
            {
                var (since, before) = (first.PlusDays(from), first.PlusDays(from + days));

                var counts = new Dictionary<LocalDate, int>();
                foreach (var span in BookedSpans.Of(since, before))
                {
                    foreach (var day in DaysOf(span))
                    {
                        counts[day] = counts.GetValueOrDefault(day) + (span.Adds ? 1 : -1);
                    }
                }

                Assert.Equal(
                    Enumerable.Range(0, days).Select(since.PlusDays),
                    counts.Where(count => count.Value != 0).Select(count => count.Key).Order());
                Assert.All(counts.Values, count => Assert.InRange(count, 0, 1));
            }
        }
    }

    [Fact]
    public void What_is_more_than_half_of_a_longer_span_is_that_span_less_the_rest() => Assert.Equal(
        [
            new BookedSpan(2, null, new(2026, 1, 1)),
            new BookedSpan(2, new(2026, 1, 1), new(2027, 1, 1)),
            new BookedSpan(1, new(2026, 9, 1), new(2027, 1, 1), Adds: false),
            new BookedSpan(1, new(2026, 9, 1), new(2026, 10, 1)),
            new BookedSpan(0, new(2026, 9, 18), new(2026, 10, 1), Adds: false),
        ],
        BookedSpans.Of(null, new(2026, 9, 18)));

    [Fact]
    public void The_last_days_of_the_calendar_are_added_since_nothing_lies_behind_them() => Assert.Equal(
        [
            new BookedSpan(2, null, new(9999, 1, 1)),
            new BookedSpan(1, new(9999, 1, 1), new(9999, 12, 1)),
            new BookedSpan(0, new(9999, 12, 1), new(9999, 12, 31)),
        ],
        BookedSpans.Of(null, new(9999, 12, 31)));

    private static (long After, long Through) PositionsOf(Block block, long size)
    {
        for (var level = 1; level < block.Level; level++)
        {
            size *= 16;
        }

        return (block.Number * size, (block.Number + 1) * size);
    }

    private static void Count(int[] counts, long after, long through, bool adds)
    {
        for (var position = after + 1; position <= through; position++)
        {
            counts[position] += adds ? 1 : -1;
        }
    }

    private static IEnumerable<LocalDate> DaysOf(BookedSpan span)
    {
        var since = span.Since!.Value;
        Assert.True(span.Level == 0 || since.Day == 1);
        Assert.True(span.Level < 2 || since.Month == 1);
        for (var day = since; day < span.Before; day = day.PlusDays(1))
        {
            yield return day;
        }
    }
}
