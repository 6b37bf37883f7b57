namespace Ledger.Projections.Audit;

/// <summary>What the database has of an audit log is not what was signed or hashed; the message says what, and what to
/// do.</summary>
public sealed class AuditLogException(string message) : Exception(message);
