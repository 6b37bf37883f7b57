using System.Diagnostics;
using System.Net;
using Ledger.Api.Limits;

namespace Ledger.Tests.Limits;

public sealed class RateLimitTests
{
    private static readonly long Second = Stopwatch.Frequency;

    [Fact]
    public void What_may_come_at_once_is_the_burst_and_then_the_rate()
    {
        var limit = new RateLimit<string>(perSecond: 10, burst: 20);

        Assert.Equal(20, Admitted(limit, "a", 100, at: 5 * Second));
        Assert.Equal(0, Admitted(limit, "a", 100, at: (5 * Second) + (Second / 20)));
        Assert.Equal(1, Admitted(limit, "a", 100, at: (5 * Second) + (Second / 10)));
        Assert.Equal(9, Admitted(limit, "a", 100, at: 6 * Second));
        Assert.Equal(20, Admitted(limit, "a", 100, at: 60 * Second));
    }

    [Fact]
    public void Who_is_refused_is_told_when_there_is_a_token()
    {
        var limit = new RateLimit<string>(perSecond: 2, burst: 2);
        Admitted(limit, "a", 2, at: Second);

        var wait = limit.Take("a", Second);

        Assert.Equal(TimeSpan.FromSeconds(0.5), wait);
        Assert.Null(limit.Take("a", Second + (long)(wait!.Value.TotalSeconds * Second)));
    }

    [Fact]
    public void Nobody_pays_for_another()
    {
        var limit = new RateLimit<string>(perSecond: 1, burst: 1);

        Assert.Equal(1, Admitted(limit, "a", 10, at: Second));
        Assert.Equal(1, Admitted(limit, "b", 10, at: Second));
    }

    [Fact]
    public void A_rate_of_zero_is_no_limit() =>
        Assert.Equal(10_000, Admitted(new(perSecond: 0, burst: 0), "a", 10_000, at: Second));

    [Fact]
    public async Task Callers_at_the_same_time_get_exactly_the_tokens_that_there_are()
    {
        var limit = new RateLimit<string>(perSecond: 1_000, burst: 1_000);

        var admitted = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Task.Run(() => Admitted(limit, "a", 1_000, at: Second))));

        Assert.Equal(1_000, admitted.Sum());
    }

    [Fact]
    public void However_many_callers_come_only_so_many_are_remembered()
    {
        var limit = new RateLimit<int>(perSecond: 1, burst: 1);

        for (var caller = 0; caller < 3 * RateLimit<int>.CallersMax; caller++)
        {
            Assert.Null(limit.Take(caller, Second));
        }

        Assert.Null(limit.Take(0, Second));
        Assert.NotNull(limit.Take(0, Second));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void All_addresses_of_a_network_of_ipv6_are_one_caller(string one, string other, bool same) => Assert.Equal(
        same, RateLimits.NetworkOf(IPAddress.Parse(one)) == RateLimits.NetworkOf(IPAddress.Parse(other)));

    private static int Admitted(RateLimit<string> limit, string caller, int requests, long at) =>
        Enumerable.Range(0, requests).Count(_ => limit.Take(caller, at) is null);
}
