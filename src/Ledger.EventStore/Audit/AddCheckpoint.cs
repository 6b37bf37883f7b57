using System.Globalization;

namespace Ledger.EventStore.Audit;

/// <summary>What a log sends to a witness, as C2SP's tlog-witness writes it.</summary>
/// <param name="Old">The size that the witness cosigned last.</param>
/// <param name="Proof">Hashes that show that the checkpoint's tree grew out of that one.</param>
/// <param name="Note">The signed checkpoint.</param>
public sealed record AddCheckpoint(long Old, IReadOnlyList<byte[]> Proof, string Note)
{
    public const int ProofMax = 63;

    private const string Beginning = "old ";

    /// <returns>Null where it is none.</returns>
    public static AddCheckpoint? Parse(string body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var split = body.IndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || body[..split].Split('\n', ProofMax + 2) is not [var first, .. var lines]
            || lines.Length > ProofMax || !first.StartsWith(Beginning, StringComparison.Ordinal)
            || SizeOf(first[Beginning.Length..]) is not { } old)
        {
            return null;
        }

        var proof = lines.Select(Base64.Decode).OfType<byte[]>()
            .Where(hash => hash.Length == MerkleTree.HashLength).ToArray();
        return proof.Length == lines.Length ? new(old, proof, body[(split + 2)..]) : null;
    }

    /// <summary>A size as lines write it: digits without leading zeros.</summary>
    /// <returns>Null where it is none.</returns>
    public static long? SizeOf(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            && text == size.ToString(CultureInfo.InvariantCulture)
                ? size : null;

    public override string ToString() =>
        $"{Beginning}{Old.ToString(CultureInfo.InvariantCulture)}\n"
        + string.Concat(Proof.Select(hash => $"{Convert.ToBase64String(hash)}\n"))
        + $"\n{Note}";
}
