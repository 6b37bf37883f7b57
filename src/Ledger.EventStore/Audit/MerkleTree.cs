using System.Numerics;
using System.Security.Cryptography;

namespace Ledger.EventStore.Audit;

/// <summary>A complete subtree: the one over the leaves from <c>Index · 2^Level</c> on, 2^Level of them.</summary>
public readonly record struct TreeNode(int Level, long Index);

/// <summary>
/// The Merkle tree of RFC 6962, section 2.1: how leaves and nodes are hashed, which nodes a proof is made of, and how
/// it is checked (RFC 9162, sections 2.1.3.2 and 2.1.4.2).
/// </summary>
public static class MerkleTree
{
    public const int HashLength = SHA256.HashSizeInBytes;

    private const int NodesMax = 64;

    /// <summary>The root of a tree without leaves.</summary>
    public static byte[] EmptyRoot => SHA256.HashData([]);

    public static byte[] HashLeaf(ReadOnlySpan<byte> data)
    {
        var prefixed = new byte[1 + data.Length];
        data.CopyTo(prefixed.AsSpan(1));
        return SHA256.HashData(prefixed);
    }

    public static byte[] HashNode(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> data = stackalloc byte[1 + (2 * HashLength)];
        data[0] = 1;
        left.CopyTo(data[1..]);
        right.CopyTo(data[(1 + HashLength)..]);
        return SHA256.HashData(data);
    }

    /// <summary>The complete subtrees, left to right, whose fold from the right is the hash over leaves from
    /// <paramref name="start"/> to before <paramref name="end"/>. Such a range stands in a tree only where start is a
    /// multiple of the least power of two that is not below its length.</summary>
    public static IReadOnlyList<TreeNode> Cover(long start, long end)
    {
        var nodes = new List<TreeNode>();
        while (start < end)
        {
            var level = BitOperations.Log2((ulong)(end - start));
            nodes.Add(new(level, start >> level));
            start += 1L << level;
        }

        return nodes;
    }

    /// <summary>The ranges of leaves whose hashes prove that a leaf is in a tree, from the leaf to the root.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf.</exception>
    public static IReadOnlyList<(long Start, long End)> InclusionRanges(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var ranges = new List<(long, long)>();
        var (start, end) = (0L, size);
        while (end - start > 1)
        {
            var middle = start + LargestPowerBelow(end - start);
            if (index < middle)
            {
                ranges.Add((middle, end));
                end = middle;
            }
            else
            {
                ranges.Add((start, middle));
                start = middle;
            }
        }

        ranges.Reverse();
        return ranges;
    }

    /// <summary>The ranges of leaves whose hashes prove that a tree grew out of a smaller one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The first is larger than the second.</exception>
    public static IReadOnlyList<(long Start, long End)> ConsistencyRanges(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        var ranges = new List<(long, long)>();
        if (from == 0 || from == to)
        {
            return ranges;
        }

        var (start, end) = (0L, to);
        while (from != end)
        {
            var middle = start + LargestPowerBelow(end - start);
            if (from <= middle)
            {
                ranges.Add((middle, end));
                end = middle;
            }
            else
            {
                ranges.Add((start, middle));
                start = middle;
            }
        }

        // The old root itself needs no saying where it is a whole subtree from the first leaf on.
        if (start > 0)
        {
            ranges.Add((start, end));
        }

        ranges.Reverse();
        return ranges;
    }

    /// <summary>Whether a proof leads from the hash of a leaf to the root.</summary>
    public static bool Includes(
        long index, long size, ReadOnlySpan<byte> leaf, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (index < 0 || index >= size || proof.Count > NodesMax || !AreHashes(proof, leaf, root))
        {
            return false;
        }

        var (node, last, hash) = (index, size - 1, leaf.ToArray());
        foreach (var sibling in proof)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                hash = HashNode(sibling, hash);
                while ((node & 1) == 0 && node != 0)
                {
                    (node, last) = (node >> 1, last >> 1);
                }
            }
            else
            {
                hash = HashNode(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && root.SequenceEqual(hash);
    }

    /// <summary>Whether a proof shows that the tree of the second root begins with that of the first.</summary>
    public static bool IsConsistent(
        long from, long to, ReadOnlySpan<byte> fromRoot, ReadOnlySpan<byte> toRoot, IReadOnlyList<byte[]> proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        if (from < 0 || from > to || proof.Count > NodesMax || !AreHashes(proof, fromRoot, toRoot))
        {
            return false;
        }

        if (from == to)
        {
            return proof.Count == 0 && fromRoot.SequenceEqual(toRoot);
        }

        if (from == 0)
        {
            return proof.Count == 0 && fromRoot.SequenceEqual(EmptyRoot);
        }

        IReadOnlyList<byte[]> path = BitOperations.IsPow2(from) ? [fromRoot.ToArray(), .. proof] : proof;
        if (path.Count == 0)
        {
            return false;
        }

        var (node, last) = (from - 1, to - 1);
        while ((node & 1) == 1)
        {
            (node, last) = (node >> 1, last >> 1);
        }

        var (old, grown) = (path[0], path[0]);
        foreach (var sibling in path.Skip(1))
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                (old, grown) = (HashNode(sibling, old), HashNode(sibling, grown));
                while ((node & 1) == 0 && node != 0)
                {
                    (node, last) = (node >> 1, last >> 1);
                }
            }
            else
            {
                grown = HashNode(grown, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && fromRoot.SequenceEqual(old) && toRoot.SequenceEqual(grown);
    }

    private static bool AreHashes(IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) =>
        one.Length == HashLength && other.Length == HashLength && proof.All(hash => hash.Length == HashLength);

    private static long LargestPowerBelow(long count) => 1L << BitOperations.Log2((ulong)(count - 1));
}
