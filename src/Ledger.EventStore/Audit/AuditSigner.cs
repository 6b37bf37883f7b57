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

    /// <summary>Tells sets of keys apart.</summary>
    public string Id => string.Join(' ', keys.Select(key => Convert.ToBase64String(key.Public)));

    /// <summary>The public halves, in the order of the private ones.</summary>
    public IReadOnlyList<byte[]> PublicKeys => [.. keys.Select(key => key.Public)];

    /// <summary>The origin of a company's log; that of the log over all logs for an empty code.</summary>
    public static string OriginOf(string ledger, string company)
    {
        ArgumentNullException.ThrowIfNull(company);
        return company.Length == 0 ? ledger : $"{ledger}/{company}";
    }

    /// <summary>Whether one of the keys signed a note of a log.</summary>
    public bool HasSigned(SignedNote note, string company)
    {
        ArgumentNullException.ThrowIfNull(note);
        return KeysUnder(company).Any(note.IsSignedBy);
    }

    /// <summary>Whether a note of a log names each of the keys as one that signed. The signatures are not
    /// checked.</summary>
    public bool IsNamedIn(SignedNote note, string company)
    {
        ArgumentNullException.ThrowIfNull(note);
        return KeysUnder(company).All(key =>
            note.Signatures.Any(each => each.KeyId == key.Id && each.Name == key.Name));
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

    private IEnumerable<VerifierKey> KeysUnder(string company)
    {
        var origin = OriginOf(Ledger, company);
        return keys.Select(key => new VerifierKey(origin, SignatureKind.Log, key.Public));
    }
}
