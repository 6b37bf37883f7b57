using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Ledger.Api.Limits;

/// <summary>How often a caller may ask, and how often an address may come with what is no key.</summary>
public sealed class RateLimits(EdgeLimits limits)
{
    private readonly RateLimit<string> requests =
        new(limits.RequestsPerSecond, limits.RequestsPerSecond * limits.BurstSeconds);

    private readonly RateLimit<ulong> failures =
        new(limits.FailedAuthenticationsPerSecond, limits.FailedAuthenticationsPerSecond * limits.BurstSeconds);

    private readonly RateLimit<ulong> lookUps =
        new(limits.FailedAuthenticationsPerSecond, limits.FailedAuthenticationsPerSecond * limits.BurstSeconds);

    /// <param name="actor">Whoever was found to ask.</param>
    /// <exception cref="RequestException">It asks too often.</exception>
    public void Admit(string actor)
    {
        if (requests.Take(actor, Stopwatch.GetTimestamp()) is { } wait)
        {
            throw new RequestException(Refusal(
                RequestProblems.TooManyRequests,
                $"This key may send {limits.RequestsPerSecond} requests a second. Nothing was done: send it again "
                    + "later.",
                wait));
        }
    }

    /// <summary>
    /// To be asked before the database is, for a key that this process has not seen. Nobody whose key it has seen is
    /// locked out by others at the same address.
    /// </summary>
    /// <exception cref="RequestException">Its address has come with too many.</exception>
    public void AdmitStranger(IPAddress? address)
    {
        if (TooMany(lookUps, address) is { } problem)
        {
            throw new RequestException(problem);
        }
    }

    /// <summary>What is answered to a request that failed for want of a known key; null while its address has not come
    /// with too many.</summary>
    public Problem? RefuseUnknown(IPAddress? address) => TooMany(failures, address);

    /// <summary>An IPv4 address, or the network of an IPv6 address, since a caller has all addresses of its own
    /// network.</summary>
    internal static ulong NetworkOf(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is null || !address.TryWriteBytes(bytes, out var length))
        {
            return 0;
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6
            ? BinaryPrimitives.ReadUInt64BigEndian(bytes)
            : BinaryPrimitives.ReadUInt32BigEndian(bytes[(length - 4)..]);
    }

    private static Problem? TooMany(RateLimit<ulong> limit, IPAddress? address) =>
        limit.Take(NetworkOf(address), Stopwatch.GetTimestamp()) is { } wait
            ? Refusal(
                RequestProblems.TooManyFailedAuthentications,
                "Too many requests without a known key came from this address. Send the right key.",
                wait)
            : null;

    private static Problem Refusal(string code, string detail, TimeSpan wait) =>
        RequestProblems.Of(code, detail) with { RetryAfter = (int)Math.Ceiling(wait.TotalSeconds) };
}
