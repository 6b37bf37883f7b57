using System.Collections.Immutable;
using NodaTime;

namespace Ledger.Domain.Keys;

/// <summary>A secret that opens a key, until an instant if another one has taken its place.</summary>
/// <param name="IsOwn">
/// Made for the key itself, so that nobody else was shown it. One that somebody else's key made is known to them, and
/// does not stand for another person.
/// </param>
public sealed record HeldSecret(KeySecret Secret, Instant? Until, bool IsOwn);

/// <summary>A key as it is now.</summary>
/// <param name="Id">As the company calls it; the prefix for the owner's keys.</param>
/// <param name="Details">Null for the owner's keys.</param>
/// <param name="FirstPrefix">Names the key as an actor.</param>
/// <param name="Secrets">The latest ones; the last is the one in use.</param>
/// <param name="Version">The ring's version at the key's last change: the key's ETag.</param>
public sealed record Key(
    string Id,
    KeyDetails? Details,
    Instant? ValidFrom,
    Instant? ValidUntil,
    string FirstPrefix,
    ValueList<HeldSecret> Secrets,
    bool IsRevoked,
    long Version)
{
    /// <summary>Who holds the owner's keys, and no key of a company.</summary>
    public const string OwnersHolder = "owner";

    /// <summary>As events name it; the same after each rotation.</summary>
    public string Actor => $"key:{FirstPrefix}";

    public string Holder => Details is null ? OwnersHolder : Details.Holder ?? Id;

    /// <summary>Whether two holders are one person: keys of before that was refused may differ by case.</summary>
    public static bool AreOne(string? one, string? other) =>
        string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    public PermissionSet Permissions => Details is null
        ? Keys.Permissions.Of(Role.Owner)
        : Keys.Permissions.Of(Details.Roles);

    /// <summary>What it may do by this secret: nobody approves, runs pay or pays by one that somebody else
    /// knows.</summary>
    public PermissionSet PermissionsBy(HeldSecret secret) =>
        secret.IsOwn ? Permissions : Permissions.Without(Keys.Permissions.OfOwnSecret);

    /// <summary>Whether it holds at that instant, as far as its days and its revocation go.</summary>
    public bool HoldsAt(Instant instant) => !IsRevoked && !(ValidFrom > instant) && !(ValidUntil <= instant);

    /// <summary>Whether key and secret hold at that instant.</summary>
    public bool HoldsAt(Instant instant, HeldSecret secret) => HoldsAt(instant) && !(secret.Until <= instant);
}

/// <summary>All keys that were issued, by their ids.</summary>
public sealed class KeyRing
{
    /// <summary>Secrets of a key that are remembered; those before them ended long ago.</summary>
    public const int SecretsMax = 16;

    /// <summary>Revoked keys that are told of at once, the latest ones.</summary>
    private const int RevokedMax = 10;

    public static KeyRing Initial { get; } = new(
        ImmutableDictionary.Create<string, Key>(StringComparer.Ordinal),
        ImmutableHashSet.Create(StringComparer.OrdinalIgnoreCase, Key.OwnersHolder), 0);

    private readonly ImmutableDictionary<string, Key> keys;
    private readonly ImmutableHashSet<string> recorders;

    private KeyRing(ImmutableDictionary<string, Key> keys, ImmutableHashSet<string> recorders, long version) =>
        (this.keys, this.recorders, Version) = (keys, recorders, version);

    public long Version { get; }

    /// <summary>In the ordinal order of their ids.</summary>
    public IEnumerable<Key> Keys => keys.Values.OrderBy(key => key.Id, StringComparer.Ordinal);

    public Key? Find(string id) => keys.GetValueOrDefault(id);

    /// <summary>The key that has or had a secret with this prefix.</summary>
    public Key? FindByPrefix(string prefix) => keys.Values.FirstOrDefault(key =>
        key.FirstPrefix == prefix || key.Secrets.Any(held => held.Secret.Prefix == prefix));

    /// <summary>Whether anybody but this holder may do it at that instant, by a secret that only they know.</summary>
    public bool HasAnotherWith(Permission permission, string holder, Instant instant) => keys.Values.Any(key =>
        IsAnother(key, holder) && key.Secrets.Any(
            secret => key.HoldsAt(instant, secret) && key.PermissionsBy(secret).Has(permission)));

    /// <summary>Keys of others who could do it, had these not been revoked: the latest ten.</summary>
    public ValueList<string> RevokedWith(Permission permission, string holder) => keys.Values
        .Where(key => key.IsRevoked && IsAnother(key, holder) && key.PermissionsBy(key.Secrets[^1]).Has(permission))
        .OrderByDescending(key => key.Version).Take(RevokedMax).Select(key => key.Id).ToValueList();

    /// <summary>A key of a company that names the ledger's owner, from before that was refused, is no further person:
    /// where the owner is one of the company's, they are one without it.</summary>
    private static bool IsAnother(Key key, string holder) =>
        !Key.AreOne(key.Holder, holder) && (key.Details is null || !Key.AreOne(key.Holder, Key.OwnersHolder));

    /// <summary>Whether this holder may record people, or once could: whoever is paid may be somebody whom they
    /// recorded then.</summary>
    public bool CouldRecordPeople(string holder) => recorders.Contains(holder);

    /// <summary>Another holder's name that is the same but for its case, also of a key that was revoked: who asked by
    /// the one would agree by the other.</summary>
    public string? HolderLike(string holder, string? exceptId = null) => Keys
        .Where(key => key.Id != exceptId && key.Holder != holder
            && Key.AreOne(key.Holder, holder))
        .Select(key => key.Holder).FirstOrDefault();

    /// <summary>What this holder, by these roles and by all keys but one, would be that nobody may be at once. What
    /// they are without these roles, by keys of before it was refused, is left to them.</summary>
    public (Role One, Role Other)? Excludes(
        string holder, IReadOnlyCollection<Role> roles, string? exceptId = null) =>
        Permissions.ExcludingAmong(keys.Values
            .Where(key => key.Id != exceptId && !key.IsRevoked && Key.AreOne(key.Holder, holder)
                && key.Details is not null)
            .SelectMany(key => key.Details!.Roles)
            .Concat(roles)
            .ToHashSet(), asked: roles);

    public static KeyRing Evolve(KeyRing state, KeyEvent @event)
    {
        ArgumentNullException.ThrowIfNull(state);
        return @event switch
        {
            KeyIssued e => state.With(new(
                e.Id ?? e.Prefix, e.Key, e.ValidFrom, e.ValidUntil, e.Prefix,
                [new(new(e.Prefix, e.Sha256), null, IsOwn: e.Key is null)], IsRevoked: false, 0)),
            KeyChanged e => state.With(Changed(state.keys[e.Id], e)),
            KeyRotated e => state.With(Rotated(state.keys[e.Id], e)),
            KeyRevoked e => state.With(state.keys[e.Id] with { IsRevoked = true }),
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not of the key ring."),
        };
    }

    /// <summary>Whoever held the key before still knows its secrets: none is the new holder's own.</summary>
    private static Key Changed(Key key, KeyChanged e)
    {
        var now = key with { Details = e.Key, ValidFrom = e.ValidFrom, ValidUntil = e.ValidUntil };
        return now.Holder == key.Holder
            ? now
            : now with { Secrets = key.Secrets.Select(held => held with { IsOwn = false }).ToValueList() };
    }

    /// <summary>What held already for a shorter time than the rotation leaves does not hold longer by it.</summary>
    private static Key Rotated(Key key, KeyRotated e)
    {
        var before = key.Secrets.Select(held =>
            held with { Until = held.Until < e.PreviousUntil ? held.Until : e.PreviousUntil });
        return key with
        {
            Secrets = before.Append(new(new(e.Prefix, e.Sha256), null, IsOwn: e.Own is true)).TakeLast(SecretsMax)
                .ToValueList(),
        };
    }

    private KeyRing With(Key key) => new(
        keys.SetItem(key.Id, key with { Version = Version + 1 }),
        key.Permissions.Has(Permission.RecordPeople) ? recorders.Add(key.Holder) : recorders, Version + 1);
}
