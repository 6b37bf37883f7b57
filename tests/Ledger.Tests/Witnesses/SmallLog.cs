using Ledger.EventStore.Audit;

namespace Ledger.Tests.Witnesses;

/// <summary>A log in memory, with its key: what a witness is shown.</summary>
internal sealed class SmallLog
{
    private readonly List<byte[]> leaves = [];

    public SmallLog(string origin, byte seed)
    {
        Signer = new(origin, [[.. Enumerable.Repeat(seed, Ed25519.KeyLength)]]);
        Key = new(origin, SignatureKind.Log, Signer.PublicKeys[0]);
    }

    public AuditSigner Signer { get; }

    public VerifierKey Key { get; }

    /// <summary>Adds leaves: their data are their number and the branch.</summary>
    public SmallLog Grow(int count, byte branch = 0)
    {
        for (var i = 0; i < count; i++)
        {
            leaves.Add(MerkleTree.HashLeaf([branch, (byte)leaves.Count]));
        }

        return this;
    }

    public string Note(int size) => Signer.Sign("", size, Hash(0, size));

    public IReadOnlyList<byte[]> Proof(int from, int to) =>
        [.. MerkleTree.ConsistencyRanges(from, to).Select(range => Hash((int)range.Start, (int)range.End))];

    /// <summary>What a witness that saw one size is sent to cosign another.</summary>
    public AddCheckpoint Request(int from, int to) => new(from, Proof(from, to), Note(to));

    private byte[] Hash(int start, int end)
    {
        var tree = new GrowingTree();
        leaves[start..end].ForEach(leaf => tree.Add(leaf));
        return tree.Root();
    }
}
