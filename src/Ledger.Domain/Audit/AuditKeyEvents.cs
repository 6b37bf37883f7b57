namespace Ledger.Domain.Audit;

/// <summary>Stream <c>audit-keys</c> in the tenant <c>*DEFAULT*</c>: by which keys the audit logs are signed.</summary>
public abstract record AuditKeyEvent;

/// <summary>From here on, checkpoints of all logs are signed by this key, too.</summary>
/// <param name="Ledger">The name of the ledger: the origins of its logs begin with it.</param>
/// <param name="PublicKey">Ed25519, base64.</param>
[EventName("audit_key_published")]
public sealed record AuditKeyPublished(string Ledger, string PublicKey) : AuditKeyEvent;

/// <summary>From here on, checkpoints are no longer signed by this key.</summary>
/// <param name="PublicKey">Ed25519, base64.</param>
/// <param name="Reason">Why; such as that its private half is lost.</param>
[EventName("audit_key_retired")]
public sealed record AuditKeyRetired(string PublicKey, string Reason) : AuditKeyEvent;
