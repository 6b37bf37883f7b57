using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ledger.Api.Limits;

/// <summary>
/// A token bucket for each caller, in the memory of this process: tokens come at an even rate, up to as many as may be
/// spent at once. To take one costs a look-up and one exchange; nobody waits.
/// </summary>
/// <param name="perSecond">How many tokens come in a second; 0 sets no limit.</param>
/// <param name="burst">How many there are at most.</param>
public sealed class RateLimit<TCaller>(int perSecond, int burst)
    where TCaller : notnull
{
    /// <summary>Callers that are remembered. Beyond them all are forgotten, which refuses nobody.</summary>
    public const int CallersMax = 100_000;

    private readonly long interval = perSecond == 0 ? 0 : Math.Max(1, Stopwatch.Frequency / perSecond);
    private readonly ConcurrentDictionary<TCaller, Bucket> buckets = new();
    private int callers;

    /// <summary>Takes a token: null when there was one, else how long until there is.</summary>
    /// <param name="caller">Whose.</param>
    /// <param name="timestamp">Now, as <see cref="Stopwatch"/> tells it.</param>
    public TimeSpan? Take(TCaller caller, long timestamp) =>
        interval == 0 ? null : BucketOf(caller).Take(timestamp, interval, burst);

    private Bucket BucketOf(TCaller caller)
    {
        if (buckets.TryGetValue(caller, out var known))
        {
            return known;
        }

        if (Interlocked.Increment(ref callers) > CallersMax)
        {
            buckets.Clear();
            Volatile.Write(ref callers, 1);
        }

        return buckets.GetOrAdd(caller, new Bucket());
    }

    /// <summary>A bucket is told by the moment at which it will be full again.</summary>
    private sealed class Bucket
    {
        private long fullAt = long.MinValue;

        public TimeSpan? Take(long now, long interval, int burst)
        {
            while (true)
            {
                var seen = Volatile.Read(ref fullAt);
                var next = Math.Max(seen, now) + interval;
                if (next - now - (interval * burst) is var missing and > 0)
                {
                    return Stopwatch.GetElapsedTime(0, missing);
                }

                if (Interlocked.CompareExchange(ref fullAt, next, seen) == seen)
                {
                    return null;
                }
            }
        }
    }
}
