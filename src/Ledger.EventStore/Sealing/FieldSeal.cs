using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.EventStore.Sealing;

/// <summary>The one place in the whole store where a text stands.</summary>
/// <param name="Event">Made before the text is sealed, and never used for other content.</param>
/// <param name="Path">Within the event, as <see cref="PersonalMembers"/> writes it.</param>
public sealed record FieldPlace(
    Guid Event, string Company, string Stream, long Version, string Type, string Path)
{
    /// <summary>What a ciphertext is bound to: five lines, none of which can hold a line break.</summary>
    internal byte[] Context => Encoding.UTF8.GetBytes(string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{Company}\n{Stream}\n{Version}\n{Type}\n{Path}"));
}

/// <summary>
/// Seals one text: AES-256-GCM under HKDF-SHA256(key of person and purpose, event id ‖ path), bound to its place. The
/// derived key seals one text and no other, so the nonce is fixed, the same text in the same place is the same
/// ciphertext, and who is shown the key of one text can read nothing else.
/// </summary>
public static class FieldSeal
{
    public const int KeyLength = 32;

    /// <summary>Texts are filled up to a multiple of this: a ciphertext does not tell how long a name is.</summary>
    internal const int Block = 32;

    private const int TagLength = 16;

    /// <summary>base64url of the ciphertext and its tag.</summary>
    public static string Seal(byte[] key, FieldPlace place, string text)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(text);
        var length = Encoding.UTF8.GetByteCount(text);
        var plain = new byte[(length / Block + 1) * Block];
        Encoding.UTF8.GetBytes(text, plain);
        var bytes = new byte[plain.Length + TagLength];
        using var cipher = Cipher(key, place);
        cipher.Encrypt(Nonce, plain, bytes.AsSpan(0, plain.Length), bytes.AsSpan(plain.Length), place.Context);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The text; null when this was not sealed by this key in this place.</summary>
    public static string? Open(byte[] key, FieldPlace place, string ciphertext)
    {
        ArgumentNullException.ThrowIfNull(place);
        try
        {
            var bytes = Base64Url.DecodeFromChars(ciphertext);
            if (bytes.Length <= TagLength)
            {
                return null;
            }

            var plain = new byte[bytes.Length - TagLength];
            using var cipher = Cipher(key, place);
            cipher.Decrypt(Nonce, bytes.AsSpan(0, plain.Length), bytes.AsSpan(plain.Length), plain, place.Context);
            return Encoding.UTF8.GetString(plain.AsSpan().TrimEnd((byte)0));
        }
        catch (Exception e) when (e is AuthenticationTagMismatchException or FormatException)
        {
            return null;
        }
    }

    private static ReadOnlySpan<byte> Nonce => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static AesGcm Cipher(byte[] key, FieldPlace place)
    {
        var path = Encoding.UTF8.GetBytes(place.Path);
        var info = new byte[16 + path.Length];
        place.Event.TryWriteBytes(info, bigEndian: true, out _);
        path.CopyTo(info, 16);
        Span<byte> derived = stackalloc byte[KeyLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt: [], info);
        var cipher = new AesGcm(derived, TagLength);
        CryptographicOperations.ZeroMemory(derived);
        return cipher;
    }
}
