using NodaTime;

namespace Ledger.Domain.Keys;

/// <summary>Lets whoever holds the key with this hash do everything in every company.</summary>
public sealed record IssueOwnerKey(string Prefix, string Sha256);

/// <summary>Issues a key of a company, or changes what it may do.</summary>
/// <param name="Secret">The secret of a key that is new; passed over when the key exists.</param>
/// <param name="IfMatch">The version that the caller saw; needed to change a key that exists.</param>
public sealed record PutKey(string Id, KeyDetails Key, KeySecret Secret, long? IfMatch = null);

/// <summary>Gives a key another secret; those before it hold until <paramref name="PreviousUntil"/>.</summary>
/// <param name="By">The prefix of the key's own secret that asks for it; null when somebody else's key does.</param>
public sealed record RotateKey(string Id, KeySecret Secret, Instant PreviousUntil, string? By = null);

/// <summary>Ends a key for ever.</summary>
public sealed record RevokeKey(string Id, string Reason);

/// <summary>What is known of a key's text, which itself is stored nowhere.</summary>
/// <param name="Prefix">The part that is no secret and finds the key.</param>
/// <param name="Sha256">Of the whole text, 64 lower-case hexadecimal digits.</param>
public sealed record KeySecret(string Prefix, string Sha256);
