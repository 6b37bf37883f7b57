using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Domain.Keys;

namespace Ledger.Api.Keys;

/// <summary>How a key is written: <c>bo_</c>, 8 characters that find it, <c>_</c>, and 256 random bits as
/// base64url.</summary>
public static class KeyText
{
    public const int PrefixLength = 8;
    public const int Length = 3 + PrefixLength + 1 + 43;

    /// <summary>A new text, and what may be recorded of it.</summary>
    public static (string Text, KeySecret Secret) MakeSecret()
    {
        var text = Make();
        return (text, new(PrefixOf(text)!, HashOf(text)));
    }

    public static string Make()
    {
        var prefix = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", PrefixLength);
        var secret = System.Buffers.Text.Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        return string.Create(CultureInfo.InvariantCulture, $"bo_{prefix}_{secret}");
    }

    /// <summary>The part that finds the key; null for a text that is no key.</summary>
    public static string? PrefixOf(ReadOnlySpan<char> key) =>
        key.Length == Length && key.StartsWith("bo_", StringComparison.Ordinal) && key[3 + PrefixLength] == '_'
        && Ascii.IsValid(key)
            ? key.Slice(3, PrefixLength).ToString()
            : null;

    /// <summary>The hash of the whole key, as it is stored.</summary>
    public static string HashOf(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(key, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>The hash of the whole key.</summary>
    public static void Hash(ReadOnlySpan<char> key, Span<byte> sha256)
    {
        Span<byte> utf8 = stackalloc byte[Length];
        var length = Encoding.UTF8.GetBytes(key, utf8);
        SHA256.HashData(utf8[..length], sha256);
    }
}
