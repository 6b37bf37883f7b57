using System.Collections.Frozen;
using System.Diagnostics;
using System.Security.Cryptography;
using Ledger.Domain.Keys;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.Keys;

/// <summary>A secret that this process knows, and the key that it opens.</summary>
public sealed class HeldKey(KeyShelf shelf, Key key, HeldSecret held)
{
    private readonly byte[] sha256 = Convert.FromHexString(held.Secret.Sha256);

    public KeyShelf Shelf { get; } = shelf;

    public Key Key { get; } = key;

    public string Prefix => held.Secret.Prefix;

    /// <summary>Compares in constant time.</summary>
    public bool Is(ReadOnlySpan<byte> otherSha256) => CryptographicOperations.FixedTimeEquals(sha256, otherSha256);

    /// <summary>Whether key and secret hold at that instant.</summary>
    public bool HoldsAt(Instant instant) => Key.HoldsAt(instant, held);
}

/// <summary>The keys of a company, or of the whole ledger, as this process knows them at one version.</summary>
/// <param name="Ring">What they were folded to.</param>
/// <param name="Seen">The version, as a condition of what is appended by their authority.</param>
public sealed record KnownKeys(
    KeyRing Ring, VersionCondition Seen, FrozenDictionary<string, (HeldKey Key, Caller Caller)> ByPrefix);

/// <summary>Keeps the keys of one company, or those of the whole ledger, up to the events.</summary>
public sealed class KeyShelf(Store store, string tenant)
{
    public const string Stream = "keys";

    private readonly SemaphoreSlim checking = new(1);
    private KnownKeys now = new(
        KeyRing.Initial, new(Stream, 0, tenant), FrozenDictionary<string, (HeldKey, Caller)>.Empty);

    private long checkedAt;

    /// <summary>The company whose keys these are, or the tenant of those that hold in every one.</summary>
    public string Tenant => tenant;

    public KnownKeys Now => Volatile.Read(ref now);

    /// <summary>How long ago the events were last looked at.</summary>
    public TimeSpan Age => Volatile.Read(ref checkedAt) is var at && at == 0
        ? TimeSpan.MaxValue
        : Stopwatch.GetElapsedTime(at);

    /// <summary>Looks at the events unless somebody is at it already.</summary>
    public void CheckBehind()
    {
        if (checking.CurrentCount > 0)
        {
            _ = IgnoreAsync(AsOfAsync(Stopwatch.GetTimestamp()));
        }
    }

    /// <summary>The keys as they were at this timestamp of <see cref="Stopwatch"/> or later.</summary>
    public async Task<KnownKeys> AsOfAsync(long timestamp)
    {
        if (Volatile.Read(ref checkedAt) >= timestamp)
        {
            return Now;
        }

        await checking.WaitAsync();
        try
        {
            if (Volatile.Read(ref checkedAt) < timestamp)
            {
                var began = Stopwatch.GetTimestamp();
                var events = await store.ReadStreamAsync(tenant, Stream, now.Seen.Version);
                if (events.Count > 0)
                {
                    Volatile.Write(ref now, Known(events.Aggregate(
                        now.Ring, (ring, each) => KeyRing.Evolve(ring, (KeyEvent)EventCatalog.Ledger.Read(each)))));
                }

                Volatile.Write(ref checkedAt, began);
            }

            return Now;
        }
        finally
        {
            checking.Release();
        }
    }

    private KnownKeys Known(KeyRing ring)
    {
        var before = now.ByPrefix.Values.DistinctBy(each => each.Caller.Actor)
            .ToDictionary(each => each.Caller.Actor, each => each.Caller.Recent, StringComparer.Ordinal);
        var byPrefix = new Dictionary<string, (HeldKey, Caller)>(StringComparer.Ordinal);
        foreach (var key in ring.Keys)
        {
            var recent = before.GetValueOrDefault(key.Actor) ?? new();
            foreach (var secret in key.Secrets)
            {
                var held = new HeldKey(this, key, secret);
                byPrefix.Add(secret.Secret.Prefix, (held, new(key.Actor, key.Holder, key.PermissionsBy(secret), recent)
                {
                    HasOwnSecret = secret.IsOwn,
                    Roles = key.Details is null ? [Role.Owner] : [.. key.Details.Roles.Order()],
                    Person = key.Details?.Person,
                    Key = held,
                }));
            }
        }

        return new(
            ring, new(Stream, ring.Version, tenant), byPrefix.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>Whoever needs an answer asks again, and is told the fault then.</summary>
    private static async Task IgnoreAsync(Task check) =>
        await check.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
