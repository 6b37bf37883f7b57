using System.Globalization;

namespace Ledger.EventStore.Audit;

/// <summary>How large a log is, and its root: the text of a note, as C2SP's tlog-checkpoint writes it.</summary>
/// <param name="Origin">Names the log.</param>
/// <param name="Size">Leaves.</param>
/// <param name="Root">32 bytes.</param>
public sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    /// <returns>Null where it is none. Lines of extension are not allowed.</returns>
    public static Checkpoint? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('\n') is [{ Length: > 0 } origin, var digits, var hash, ""]
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && digits == size.ToString(CultureInfo.InvariantCulture)
            && Base64.Decode(hash) is { Length: MerkleTree.HashLength } root
                ? new(origin, size, root) : null;
    }

    /// <summary>Three lines.</summary>
    public override string ToString() =>
        $"{Origin}\n{Size.ToString(CultureInfo.InvariantCulture)}\n{Convert.ToBase64String(Root)}\n";
}
