using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.EventStore;
using Microsoft.Extensions.Primitives;
using NodaTime;

namespace Ledger.Api.Keys;

/// <summary>
/// Who may ask. Keys are events: what reads may be a second behind them; what is appended carries their version as a
/// condition, so that nothing is recorded by a key that was revoked before.
/// </summary>
/// <param name="store">Where the keys are.</param>
/// <param name="clock">Keys and secrets hold for a time.</param>
/// <param name="whereToFind">Where the owner's key is, for those who come without one.</param>
/// <param name="tokens">What is taken instead of keys; null takes keys only.</param>
public sealed class KeyRegistry(Store store, IClock clock, string whereToFind, Tokens? tokens = null)
{
    private const int ShelvesMax = 10_000;

    /// <summary>Companies without keys, as those are that there are not.</summary>
    private const int StrangersMax = 1_000;

    /// <summary>What is older is looked at again before it is believed.</summary>
    private static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(1);

    /// <summary>What is older is looked at again meanwhile.</summary>
    private static readonly TimeSpan CheckedEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an unknown key is refused without asking the database again.</summary>
    private static readonly TimeSpan RefusedFor = TimeSpan.FromMilliseconds(50);

    private readonly KeyShelf ledger = new(store, OwnerKey.Tenant);
    private readonly ConcurrentDictionary<string, KeyShelf> companies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, KeyShelf> strangers = new(StringComparer.Ordinal);

    /// <summary>Whether an issuer names people that no key of the company is held by.</summary>
    public bool TakesTokens => tokens is not null;

    /// <summary>
    /// The keys of a company. One without keys is kept for a while and apart: whoever asks for companies that there are
    /// not makes nobody else's keys forgotten, nor what was last answered to them.
    /// </summary>
    public KeyShelf Of(string company)
    {
        if (companies.TryGetValue(company, out var known))
        {
            return known;
        }

        if (strangers.Count >= StrangersMax)
        {
            strangers.Clear();
        }

        return Kept(company, strangers.GetOrAdd(company, static (id, from) => new(from, id), store));
    }

    /// <summary>
    /// Whether this process has never seen the key or token in the header: to look for a key costs the database
    /// something, to check a token's signature costs time, and both are in vain where it is none.
    /// </summary>
    public bool IsStrange(string? company, StringValues authorization)
    {
        var text = KeyIn(authorization);
        if (tokens is not null && Tokens.Looks(text))
        {
            return !tokens.Knows(text);
        }

        if (KeyText.PrefixOf(text) is not { } prefix)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        KeyText.Hash(text, hash);
        return !Holds(ledger, hash) && !(company is not null && Ids.IsValid(company) && Holds(Of(company), hash));

        bool Holds(KeyShelf shelf, ReadOnlySpan<byte> sha256) =>
            shelf.Now.ByPrefix.TryGetValue(prefix, out var known) && known.Key.Is(sha256);
    }

    /// <summary>Whoever this header names in the company; null when this process cannot tell without asking.</summary>
    /// <param name="company">Null, or no id, for a path that names none: then only the owner's keys hold.</param>
    /// <exception cref="RequestException">There is no key in the header, or one that holds no longer.</exception>
    public Caller? Find(string? company, StringValues authorization)
    {
        var text = KeyIn(authorization);
        if (tokens is not null && Tokens.Looks(text))
        {
            return tokens.Find(company, text);
        }

        if (KeyText.PrefixOf(text) is null)
        {
            throw Unknown();
        }

        return FindIn(ledger, authorization)
            ?? (company is not null && Ids.IsValid(company) ? FindIn(Of(company), authorization) : null);
    }

    /// <summary>The same after looking at what was issued and revoked since.</summary>
    /// <exception cref="RequestException">There is no such key.</exception>
    public async Task<Caller> FindAgainAsync(string? company, StringValues authorization)
    {
        if (tokens is not null && Tokens.Looks(KeyIn(authorization)))
        {
            return await tokens.FindAgainAsync(company, KeyIn(authorization).ToString());
        }

        // However long the database took to answer: what it said then is believed, or a slow one would refuse a key.
        var since = Stopwatch.GetTimestamp() - (long)(RefusedFor.TotalSeconds * Stopwatch.Frequency);
        if (FindIn(await ledger.AsOfAsync(since), authorization) is { } ofLedger)
        {
            return ofLedger;
        }

        if (company is null || !Ids.IsValid(company))
        {
            throw Unknown();
        }

        var shelf = Of(company);
        var known = await shelf.AsOfAsync(since);
        Kept(company, shelf);
        return FindIn(known, authorization) ?? throw Unknown();
    }

    /// <summary>
    /// Whether the caller may still do this, to be asked within each decision: what is appended then rests on the keys
    /// as they are at that moment.
    /// </summary>
    public ValueTask<Refusal?> StandsAsync(Caller caller, Permission permission, Reading reading)
    {
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(reading);
        if (caller.Key is not { } key)
        {
            return TokenStandsAsync(caller, reading);
        }

        return reading.IsFresh
            ? StandsAgainAsync(caller, key, permission, reading)
            : new(Stands(caller, key, key.Shelf.Now, permission, reading));
    }

    private async ValueTask<Refusal?> StandsAgainAsync(
        Caller caller, HeldKey key, Permission permission, Reading reading) =>
        Stands(caller, key, await key.Shelf.AsOfAsync(reading.Began), permission, reading);

    private Refusal? Stands(Caller caller, HeldKey key, KnownKeys now, Permission permission, Reading reading)
    {
        reading.Require(now.Seen);
        return now.ByPrefix.TryGetValue(key.Prefix, out var known)
            && known.Key.HoldsAt(clock.GetCurrentInstant()) && known.Caller.May(permission)
            && known.Caller.Holder == caller.Holder
            ? null
            : new(RequestProblems.KeyNotValid, "The key was revoked or changed meanwhile. Nothing was recorded.");
    }

    /// <summary>One that has keys stays.</summary>
    private KeyShelf Kept(string company, KeyShelf shelf)
    {
        if (companies.TryGetValue(company, out var kept))
        {
            return kept;
        }

        if (shelf.Now.Seen.Version == 0)
        {
            return shelf;
        }

        if (companies.Count >= ShelvesMax)
        {
            companies.Clear();
        }

        strangers.TryRemove(company, out _);
        return companies.GetOrAdd(company, shelf);
    }

    /// <summary>A token holds for its time, and not beside a key of the same person that excludes its roles, nor beside
    /// one whose holder differs from its own by case only.</summary>
    private async ValueTask<Refusal?> TokenStandsAsync(Caller caller, Reading reading)
    {
        if (caller.Until <= clock.GetCurrentInstant())
        {
            return new(RequestProblems.KeyNotValid, "The time of the token is over. Nothing was recorded.");
        }

        var isNamedAsKeysAre = caller.Holder != caller.Actor;
        if (!isNamedAsKeysAre
            && !Permissions.Excluding.Any(
                pair => caller.Roles.Contains(pair.One) || caller.Roles.Contains(pair.Other)))
        {
            return null;
        }

        var shelf = Of(reading.Company);
        var now = reading.IsFresh ? await shelf.AsOfAsync(reading.Began) : shelf.Now;
        reading.Require(now.Seen);
        var refusal = now.Ring.Excludes(caller.Holder, caller.Roles) is var (one, other)
            ? KeyRefusals.RolesExclude(caller.Holder, one, other)
            : isNamedAsKeysAre && now.Ring.HolderLike(caller.Holder) is { } like
            ? KeyRefusals.HolderDiffersByCase(caller.Holder, like)
            : null;
        return refusal is null ? null : new(RequestProblems.PermissionMissing, refusal.Message);
    }

    /// <summary>Null, too, when what this process knows is too old to be believed.</summary>
    private Caller? FindIn(KeyShelf shelf, StringValues authorization)
    {
        var age = shelf.Age;
        if (age > BelievedFor)
        {
            return null;
        }

        if (age > CheckedEvery)
        {
            shelf.CheckBehind();
        }

        return FindIn(shelf.Now, authorization);
    }

    private Caller? FindIn(KnownKeys keys, StringValues authorization)
    {
        var text = KeyIn(authorization);
        if (KeyText.PrefixOf(text) is not { } prefix || !keys.ByPrefix.TryGetValue(prefix, out var known))
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        KeyText.Hash(text, hash);
        if (!known.Key.Is(hash))
        {
            return null;
        }

        // Only whoever holds the whole key learns that it was one.
        return known.Key.HoldsAt(clock.GetCurrentInstant()) ? known.Caller : throw RequestProblems.Fail(
            RequestProblems.KeyNotValid,
            "This key was revoked, replaced, or holds on other days. Ask whoever issued it for another one.");
    }

    private RequestException Unknown() => RequestProblems.Fail(
        RequestProblems.KeyUnknown, $"This key is not one of this ledger's, or of another company. {whereToFind}");

    private ReadOnlySpan<char> KeyIn(StringValues authorization)
    {
        const string scheme = "Bearer ";
        var text = authorization.Count == 1 ? authorization[0] : null;
        if (text is null || !text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw RequestProblems.Fail(
                RequestProblems.KeyMissing, $"Send your key as 'Authorization: Bearer KEY'. {whereToFind}");
        }

        return text.AsSpan(scheme.Length).Trim();
    }
}
