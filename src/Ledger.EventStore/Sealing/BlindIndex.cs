using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Ledger.EventStore.Sealing;

/// <summary>
/// How a text on a person is found without being readable: by HMAC-SHA256 of it under a key of its company. Width,
/// case and blanks make no difference.
/// </summary>
public static partial class BlindIndex
{
    public static byte[] TokenOf(byte[] key, string text) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(Normalized(text)));

    internal static string Normalized(string text) => Blanks().Replace(
        text.Normalize(NormalizationForm.FormKC).ToUpperInvariant(), " ").Trim();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();
}
