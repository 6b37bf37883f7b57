using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.EventStore.Audit;

/// <summary>What a signature of a note says.</summary>
public enum SignatureKind : byte
{
    /// <summary>Ed25519 over the text of the note.</summary>
    Log = 0x01,

    /// <summary>A cosignature of a witness: Ed25519 over a time and the text of a checkpoint.</summary>
    Cosignature = 0x04,
}

/// <summary>A public key with the name that its signatures carry, as C2SP's signed-note writes it.</summary>
/// <param name="Name">Without white space and plus signs; for a log, its origin.</param>
/// <param name="PublicKey">32 bytes.</param>
public sealed record VerifierKey(string Name, SignatureKind Kind, byte[] PublicKey)
{
    /// <summary>Tells keys of one name apart.</summary>
    public uint Id { get; } = IdOf(Name, Kind, PublicKey);

    public static bool IsName(string name) =>
        !string.IsNullOrEmpty(name)
        && !name.Any(each => char.IsWhiteSpace(each) || char.IsControl(each) || each == '+');

    /// <summary>Reads <c>NAME+ID+KEY</c>.</summary>
    /// <returns>Null where it is no such key; its id must be the one that follows from the rest.</returns>
    public static VerifierKey? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Trim().Split('+', 3);
        if (parts.Length != 3 || !IsName(parts[0]) || parts[1].Length != 8
            || !uint.TryParse(parts[1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        var key = Base64.Decode(parts[2]);
        return key is [(byte)SignatureKind.Log or (byte)SignatureKind.Cosignature, ..]
            && key.Length == 1 + Ed25519.KeyLength
            && new VerifierKey(parts[0], (SignatureKind)key[0], key[1..]) is var parsed && parsed.Id == id
                ? parsed : null;
    }

    /// <summary>The same public key under another name.</summary>
    public VerifierKey Under(string name) => new(name, Kind, PublicKey);

    public override string ToString() =>
        $"{Name}+{Id.ToString("x8", CultureInfo.InvariantCulture)}+"
        + Convert.ToBase64String([(byte)Kind, .. PublicKey]);

    private static uint IdOf(string name, SignatureKind kind, byte[] publicKey) =>
        BinaryPrimitives.ReadUInt32BigEndian(
            SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', (byte)kind, .. publicKey]));
}
