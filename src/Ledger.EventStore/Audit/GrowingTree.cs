using System.Numerics;

namespace Ledger.EventStore.Audit;

/// <summary>
/// A tree that leaves are added to: it keeps one hash for each bit of its size, the complete subtrees it is made of,
/// and tells of each subtree over 256, 65 536 … leaves when that is complete, since those are stored.
/// </summary>
public sealed class GrowingTree
{
    /// <summary>Binary levels a stored one is apart from the next: 256 = 2^8 hashes a tile.</summary>
    public const int LevelsOfTile = 8;

    private readonly Stack<byte[]> nodes;

    public GrowingTree()
        : this(0, [])
    {
    }

    /// <param name="size">How many leaves it has.</param>
    /// <param name="nodes">Its complete subtrees, from the largest to the smallest, as
    /// <see cref="MerkleTree.Cover"/> lists them.</param>
    public GrowingTree(long size, IEnumerable<byte[]> nodes)
    {
        Size = size;
        this.nodes = new(nodes);
        if (this.nodes.Count != BitOperations.PopCount((ulong)size))
        {
            throw new ArgumentException($"A tree of {size} leaves is not made of {this.nodes.Count} subtrees.");
        }
    }

    public long Size { get; private set; }

    /// <param name="leaf">The hash of the leaf.</param>
    /// <param name="stored">Is told of each subtree that is now complete and whose level is a multiple of
    /// <see cref="LevelsOfTile"/>, but not of the leaf itself.</param>
    public void Add(byte[] leaf, Action<TreeNode, byte[]>? stored = null)
    {
        var (hash, level) = (leaf, 0);
        for (var index = Size; (index & 1) == 1; index >>= 1)
        {
            hash = MerkleTree.HashNode(nodes.Pop(), hash);
            level++;
            if (level % LevelsOfTile == 0)
            {
                stored?.Invoke(new(level, index >> 1), hash);
            }
        }

        nodes.Push(hash);
        Size++;
    }

    public byte[] Root()
    {
        byte[]? root = null;
        foreach (var node in nodes)
        {
            root = root is null ? node : MerkleTree.HashNode(node, root);
        }

        return root ?? MerkleTree.EmptyRoot;
    }
}
