using Ledger.EventStore.Audit;

namespace Ledger.Projections.Audit;

/// <summary>By what the audit logs are signed, and what was signed last, which is kept outside of the
/// database.</summary>
/// <param name="SignerAsync">Is asked before each batch, since keys come and go; null where nothing may be signed
/// here.</param>
/// <param name="Last">The last checkpoint of the log over all logs that was signed here, by the ledger's name; null
/// where none is kept.</param>
/// <param name="Keep">Keeps the note of such a one under the ledger's name.</param>
public sealed record AuditSigning(
    Func<CancellationToken, Task<AuditSigner?>> SignerAsync,
    Func<string, Checkpoint?> Last,
    Action<string, string> Keep)
{
    /// <summary>The same keys as long as this process runs, which remembers what it signed.</summary>
    public static AuditSigning By(AuditSigner? signer)
    {
        Checkpoint? last = null;
        return new(
            _ => Task.FromResult(signer), _ => last,
            (_, note) => last = SignedNote.Parse(note) is { } parsed ? Checkpoint.Parse(parsed.Text) : null);
    }
}
