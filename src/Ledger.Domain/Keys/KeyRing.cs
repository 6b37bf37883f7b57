using System.Collections.Immutable;
using NodaTime;

namespace Ledger.Domain.Keys;

/// <summary>A secret that opens a key, until an instant if another one has taken its place.</summary>
public sealed record HeldSecret(KeySecret Secret, Instant? Until);

/// <summary>A key as it is now.</summary>
/// <param name="Id">As the company calls it; the prefix for the owner's keys.</param>
/// <param name="Details">Null for the owner's keys.</param>
/// <param name="Secrets">The last one is the one in use; the first one's prefix names the key as an actor.</param>
/// <param name="Version">The ring's version at the key's last change: the key's ETag.</param>
public sealed record Key(
    string Id,
    KeyDetails? Details,
    Instant? ValidFrom,
    Instant? ValidUntil,
    ValueList<HeldSecret> Secrets,
    bool IsRevoked,
    long Version)
{
    /// <summary>Who holds the owner's keys.</summary>
    public const string OwnersHolder = "owner";

    /// <summary>As events name it; the same after each rotation.</summary>
    public string Actor => $"key:{Secrets[0].Secret.Prefix}";

    public string Holder => Details is null ? OwnersHolder : Details.Holder ?? Id;

    public PermissionSet Permissions => Details is null
        ? Keys.Permissions.Of(Role.Owner)
        : Keys.Permissions.Of(Details.Roles);

    /// <summary>Whether it holds at that instant, as far as its days and its revocation go.</summary>
    public bool HoldsAt(Instant instant) => !IsRevoked && !(ValidFrom > instant) && !(ValidUntil <= instant);
}

/// <summary>All keys that were issued, by their ids.</summary>
public sealed class KeyRing
{
    public static KeyRing Initial { get; } = new(
        ImmutableDictionary.Create<string, Key>(StringComparer.Ordinal), 0);

    private readonly ImmutableDictionary<string, Key> keys;

    private KeyRing(ImmutableDictionary<string, Key> keys, long version) => (this.keys, Version) = (keys, version);

    public long Version { get; }

    /// <summary>In the ordinal order of their ids.</summary>
    public IEnumerable<Key> Keys => keys.Values.OrderBy(key => key.Id, StringComparer.Ordinal);

    public Key? Find(string id) => keys.GetValueOrDefault(id);

    /// <summary>The key that has or had a secret with this prefix.</summary>
    public Key? FindByPrefix(string prefix) =>
        keys.Values.FirstOrDefault(key => key.Secrets.Any(held => held.Secret.Prefix == prefix));

    /// <summary>Whether anybody but this holder may do it at that instant.</summary>
    public bool HasAnotherWith(Permission permission, string holder, Instant instant) => keys.Values.Any(key =>
        key.Holder != holder && key.HoldsAt(instant) && key.Permissions.Has(permission));

    public static KeyRing Evolve(KeyRing state, KeyEvent @event)
    {
        ArgumentNullException.ThrowIfNull(state);
        return @event switch
        {
            KeyIssued e => state.With(new(
                e.Id ?? e.Prefix, e.Key, e.ValidFrom, e.ValidUntil, [new(new(e.Prefix, e.Sha256), null)],
                IsRevoked: false, 0)),
            KeyChanged e => state.With(
                state.keys[e.Id] with { Details = e.Key, ValidFrom = e.ValidFrom, ValidUntil = e.ValidUntil }),
            KeyRotated e => state.With(Rotated(state.keys[e.Id], e)),
            KeyRevoked e => state.With(state.keys[e.Id] with { IsRevoked = true }),
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not of the key ring."),
        };
    }

    /// <summary>What held already for a shorter time than the rotation leaves does not hold longer by it.</summary>
    private static Key Rotated(Key key, KeyRotated e)
    {
        var before = key.Secrets.Select(held =>
            held with { Until = held.Until < e.PreviousUntil ? held.Until : e.PreviousUntil });
        return key with { Secrets = before.Append(new(new(e.Prefix, e.Sha256), null)).ToValueList() };
    }

    private KeyRing With(Key key) => new(keys.SetItem(key.Id, key with { Version = Version + 1 }), Version + 1);
}
