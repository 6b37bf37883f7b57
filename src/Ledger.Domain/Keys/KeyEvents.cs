namespace Ledger.Domain.Keys;

/// <summary>Stream <c>keys</c> of the tenant <c>*DEFAULT*</c>: who may use the API.</summary>
public abstract record KeyEvent;

/// <param name="Prefix">The part of the key that is no secret: it finds the key, and names it as an actor.</param>
/// <param name="Sha256">Of the whole key, 64 lower-case hexadecimal digits. The key itself is stored nowhere.</param>
[EventName("key_issued")]
public sealed record KeyIssued(string Prefix, string Sha256) : KeyEvent;
