using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Ledger.EventStore.Sealing;

/// <summary>
/// How a person is found by a name that cannot be read: by HMAC-SHA256 of it under a key of the company. Width, case
/// and blanks make no difference.
/// </summary>
public static partial class BlindIndex
{
    public static byte[] TokenOf(byte[] key, string text) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(Normalized(text)));

    /// <summary>Whether whoever searches for one is to find the other.</summary>
    public static bool AreSame(string name, string other) => Normalized(name) == Normalized(other);

    /// <summary>Of texts to the letter. Each has its length before it, so that no part of one passes for a part of
    /// another; and the first byte is none with which a name can begin.</summary>
    public static byte[] FingerprintOf(byte[] key, IReadOnlyList<string?> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        using var all = new MemoryStream();
        all.WriteByte(0xFF);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var text in texts)
        {
            var bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(length, text is null ? -1 : bytes.Length);
            all.Write(length);
            all.Write(bytes);
        }

        return HMACSHA256.HashData(key, all.ToArray());
    }

    internal static string Normalized(string text) => Blanks().Replace(
        text.Normalize(NormalizationForm.FormKC).ToUpperInvariant(), " ").Trim();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();
}
