using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Ledger.EventStore.Audit;

/// <summary>One line of signature below a note.</summary>
/// <param name="Bytes">What follows the id of the key.</param>
public sealed record NoteSignature(string Name, uint KeyId, byte[] Bytes)
{
    public override string ToString()
    {
        var id = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(id, KeyId);
        return $"— {Name} {Convert.ToBase64String([.. id, .. Bytes])}\n";
    }
}

/// <summary>A text that is signed, as C2SP's signed-note writes it.</summary>
/// <param name="Text">Ends with a newline.</param>
public sealed record SignedNote(string Text, IReadOnlyList<NoteSignature> Signatures)
{
    private const int SignaturesMax = 64;
    private const int LengthMax = 1 << 20;

    /// <summary>The last second of the year 9999: nobody has cosigned later.</summary>
    private const long SecondsMax = 253_402_300_799;

    /// <summary>A key's private half signs the text.</summary>
    public static NoteSignature Sign(string text, VerifierKey key, ReadOnlySpan<byte> privateKey)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(key.Name, key.Id, Ed25519.Sign(privateKey, Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>A witness signs the text of a checkpoint, and when.</summary>
    /// <param name="seconds">Since 1970.</param>
    public static NoteSignature Cosign(string text, VerifierKey key, ReadOnlySpan<byte> privateKey, long seconds)
    {
        ArgumentNullException.ThrowIfNull(key);
        var time = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, seconds);
        return new(key.Name, key.Id, [.. time, .. Ed25519.Sign(privateKey, Cosigned(text, seconds))]);
    }

    /// <returns>Null where it is no note, or nobody signed it.</returns>
    public static SignedNote? Parse(string note)
    {
        ArgumentNullException.ThrowIfNull(note);
        var split = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || split + 2 >= note.Length || note.Length > LengthMax || !note.EndsWith('\n')
            || note.Any(each => each < 0x20 && each != '\n'))
        {
            return null;
        }

        var lines = note[(split + 2)..^1].Split('\n');
        var signatures = lines.Select(ParseSignature).OfType<NoteSignature>().ToArray();
        return signatures.Length == lines.Length && lines.Length <= SignaturesMax
            ? new(note[..(split + 1)], signatures) : null;
    }

    /// <summary>The same of a file that somebody kept: pages and editors end it with more newlines than one, or with
    /// none.</summary>
    public static SignedNote? ParseKept(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Parse(file.TrimEnd('\r', '\n') + "\n");
    }

    /// <summary>Whether a signature bears the name and the id of the key, right or wrong.</summary>
    public bool Bears(VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Of(key).Count > 0;
    }

    /// <summary>Whether the key signed it.</summary>
    /// <returns>False also where no signature is of this key.</returns>
    public bool IsSignedBy(VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var own = Of(key);
        var text = Encoding.UTF8.GetBytes(Text);
        return key.Kind == SignatureKind.Log && own.Count > 0
            && own.All(each => Ed25519.Verify(key.PublicKey, text, each.Bytes));
    }

    /// <summary>When a witness first cosigned it, in seconds since 1970.</summary>
    /// <returns>Null where it did not, or where any of the signatures that bear its key is wrong.</returns>
    public long? CosignedBy(VerifierKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var times = Of(key).Select(each => TimeOf(each, key)).ToArray();
        return key.Kind == SignatureKind.Cosignature && Array.TrueForAll(times, time => time is not null)
            ? times.Min() : null;
    }

    public SignedNote With(params IEnumerable<NoteSignature> more) =>
        this with { Signatures = [.. Signatures, .. more] };

    public override string ToString() => $"{Text}\n{string.Concat(Signatures)}";

    private static byte[] Cosigned(string text, long seconds) => Encoding.UTF8.GetBytes(
        $"cosignature/v1\ntime {seconds.ToString(CultureInfo.InvariantCulture)}\n{text}");

    private long? TimeOf(NoteSignature cosignature, VerifierKey key)
    {
        if (cosignature.Bytes.Length != 8 + Ed25519.SignatureLength)
        {
            return null;
        }

        var seconds = BinaryPrimitives.ReadInt64BigEndian(cosignature.Bytes);
        return seconds is >= 0 and <= SecondsMax
            && Ed25519.Verify(key.PublicKey, Cosigned(Text, seconds), cosignature.Bytes.AsSpan(8))
                ? seconds : null;
    }

    private static NoteSignature? ParseSignature(string line)
    {
        var parts = line.Split(' ');
        return parts is ["—", var name, var signature] && VerifierKey.IsName(name)
            && Base64.Decode(signature) is { Length: > 4 } bytes
                ? new(name, BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes[4..]) : null;
    }

    private IReadOnlyList<NoteSignature> Of(VerifierKey key) =>
        [.. Signatures.Where(each => each.KeyId == key.Id && each.Name == key.Name)];
}
