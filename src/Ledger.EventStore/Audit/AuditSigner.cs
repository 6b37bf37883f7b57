namespace Ledger.EventStore.Audit;

/// <summary>
/// Signs the checkpoints of a ledger's logs. One key signs all of them, each under its origin; while a key is exchanged
/// there are two, and a note carries both signatures.
/// </summary>
public sealed class AuditSigner
{
    private readonly (byte[] Private, byte[] Public)[] keys;

    /// <param name="ledger">Its name: the origin of the log over all logs.</param>
    /// <param name="privateKeys">32 bytes each; the one that is in use longest comes first.</param>
    public AuditSigner(string ledger, IEnumerable<byte[]> privateKeys)
    {
        ArgumentNullException.ThrowIfNull(privateKeys);
        Ledger = ledger;
        keys = [.. privateKeys.Select(each => (each, Ed25519.PublicKeyOf(each)))];
    }

    public string Ledger { get; }

    /// <summary>The public halves, in the order of the private ones.</summary>
    public IReadOnlyList<byte[]> PublicKeys => [.. keys.Select(key => key.Public)];

    /// <summary>The origin of a company's log; that of the log over all logs for an empty code.</summary>
    public static string OriginOf(string ledger, string company)
    {
        ArgumentNullException.ThrowIfNull(company);
        return company.Length == 0 ? ledger : $"{ledger}/{company}";
    }

    /// <summary>The note of a checkpoint.</summary>
    public string Sign(string company, long size, byte[] root)
    {
        var origin = OriginOf(Ledger, company);
        var text = new Checkpoint(origin, size, root).ToString();
        return new SignedNote(
            text,
            [
                .. keys.Select(key =>
                    SignedNote.Sign(text, new(origin, SignatureKind.Log, key.Public), key.Private)),
            ]).ToString();
    }
}
