using Ledger.EventStore.Audit;

namespace Ledger.Projections.Audit;

/// <summary>What is known of the audit logs from elsewhere than the database that is checked.</summary>
/// <param name="Keys">Public keys, one of which must have signed the newest note of each log; none where those that the
/// database names have to be believed.</param>
/// <param name="Last">The last checkpoint of the log over all logs that was signed, as it is kept outside of the
/// database; null where none is.</param>
public sealed record AuditTrust(IReadOnlyList<byte[]> Keys, Checkpoint? Last)
{
    public static AuditTrust None { get; } = new([], null);
}
