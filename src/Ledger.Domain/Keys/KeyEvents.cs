using NodaTime;

namespace Ledger.Domain.Keys;

/// <summary>What a caller says of a key, as sent.</summary>
/// <param name="Roles">What its holder is to the company; at least one.</param>
/// <param name="Holder">
/// An opaque id of the person who answers for it, or a token's actor (<c>user:…</c>): all keys of one holder, and their
/// tokens, are one person to four eyes. By default the key's id; needed for a role that approves.
/// </param>
/// <param name="From">The first day on which it holds, in the company's time zone.</param>
/// <param name="To">The last day on which it holds, in the company's time zone.</param>
/// <param name="Person">The person whose own data it reads; for the role employee, and only for that.</param>
public sealed record KeyDetails(
    ValueList<Role> Roles,
    string? Holder = null,
    LocalDate? From = null,
    LocalDate? To = null,
    string? Person = null);

/// <summary>
/// Stream <c>keys</c> of a company: who may ask for what in it. In the tenant <c>*DEFAULT*</c> it holds the owner's
/// keys, which hold in every company.
/// </summary>
public abstract record KeyEvent;

/// <param name="Prefix">
/// The part of the key's text that is no secret: it finds the key. The first one of a key names it as an actor.
/// </param>
/// <param name="Sha256">Of the whole text, 64 lower-case hexadecimal digits. The text itself is stored nowhere.</param>
/// <param name="Id">Absent from the owner's keys.</param>
/// <param name="Key">Absent from the owner's keys.</param>
/// <param name="ValidFrom">The instant at which <c>Key.From</c> begins.</param>
/// <param name="ValidUntil">The instant at which <c>Key.To</c> ends.</param>
[EventName("key_issued")]
public sealed record KeyIssued(
    string Prefix,
    string Sha256,
    string? Id = null,
    KeyDetails? Key = null,
    Instant? ValidFrom = null,
    Instant? ValidUntil = null) : KeyEvent;

/// <summary>The key may do something else, or is held by another person, or for other days.</summary>
[EventName("key_changed")]
public sealed record KeyChanged(string Id, KeyDetails Key, Instant? ValidFrom = null, Instant? ValidUntil = null)
    : KeyEvent;

/// <summary>The key has another secret; those before it hold until <paramref name="PreviousUntil"/>.</summary>
/// <param name="Own">True when the key itself asked for it, so that nobody else was shown the secret.</param>
[EventName("key_rotated")]
public sealed record KeyRotated(string Id, string Prefix, string Sha256, Instant PreviousUntil, bool? Own = null)
    : KeyEvent;

[EventName("key_revoked")]
public sealed record KeyRevoked(string Id, string Reason) : KeyEvent;
