using Ledger.Api.Import;

namespace Ledger.Tests.Import;

public sealed class OccurrenceCounterTests
{
    [Fact]
    public void Each_content_is_counted_for_itself()
    {
        var counter = new OccurrenceCounter();
        ContentHash one = new(1, 0), two = new(2, 2);

        Assert.Equal([1, 1, 2, 3, 2], new[] { one, two, one, one, two }.Select(counter.Next));
        Assert.Equal((3, 2, 0), (counter.CountOf(one), counter.CountOf(two), counter.CountOf(new(3, 3))));
    }

    [Fact]
    public void A_table_that_has_grown_forgets_nothing()
    {
        var counter = new OccurrenceCounter();
        static ContentHash Content(int i) => new((ulong)i, unchecked((ulong)i * 0x9E3779B97F4A7C15));

        for (var i = 1; i <= 50_000; i++)
        {
            Assert.Equal(1, counter.Next(Content(i)));
        }

        for (var i = 1; i <= 50_000; i++)
        {
            Assert.Equal(2, counter.Next(Content(i)));
        }
    }
}
