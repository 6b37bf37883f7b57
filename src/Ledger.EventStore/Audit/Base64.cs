namespace Ledger.EventStore.Audit;

/// <summary>Base64 with padding, strictly: one text for each sequence of bytes.</summary>
public static class Base64
{
    /// <summary>Null where it is none, or not the one text of its bytes.</summary>
    public static byte[]? Decode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = new byte[(text.Length + 3) / 4 * 3];
        return Convert.TryFromBase64String(text, bytes, out var length)
            && Convert.ToBase64String(bytes, 0, length) == text
                ? bytes[..length] : null;
    }
}
