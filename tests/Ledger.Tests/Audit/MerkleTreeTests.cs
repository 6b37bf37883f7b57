using Ledger.EventStore.Audit;

namespace Ledger.Tests.Audit;

/// <summary>The tree by its definition in RFC 6962, against what grows, proves and checks it.</summary>
public sealed class MerkleTreeTests
{
    private const int SizeMax = 70;

    private static readonly byte[][] Leaves =
        [.. Enumerable.Range(0, 1 << 17).Select(i => MerkleTree.HashLeaf(BitConverter.GetBytes(i)))];

    [Fact]
    public void A_tree_that_grows_has_the_root_of_the_definition_at_every_size()
    {
        var tree = new GrowingTree();
        for (var size = 0; size <= SizeMax; size++)
        {
            Assert.Equal(Defined(0, size), tree.Root());
            tree.Add(Leaves[size]);
        }
    }

    [Fact]
    public void A_tree_goes_on_growing_from_its_complete_subtrees()
    {
        for (var size = 0; size <= SizeMax; size++)
        {
            var tree = new GrowingTree(size, MerkleTree.Cover(0, size).Select(Defined));
            tree.Add(Leaves[size]);

            Assert.Equal(size + 1, tree.Size);
            Assert.Equal(Defined(0, size + 1), tree.Root());
        }
    }

    [Fact]
    public void Subtrees_over_256_and_65536_leaves_are_told_once_each_when_they_are_complete()
    {
        var told = new List<TreeNode>();
        var tree = new GrowingTree();
        foreach (var leaf in Leaves)
        {
            tree.Add(leaf, (node, hash) =>
            {
                told.Add(node);
                if (node.Index % 97 == 0)
                {
                    Assert.Equal(Defined(node), hash);
                }
            });
        }

        Assert.Equal(
            Enumerable.Range(0, 512).Select(i => new TreeNode(8, i))
                .Concat([new(16, 0), new(16, 1)]).OrderBy(node => node.Level).ThenBy(node => node.Index),
            told.OrderBy(node => node.Level).ThenBy(node => node.Index));
    }

    [Fact]
    public void Every_leaf_of_every_size_is_proven_and_no_other_leaf_place_size_or_root_is()
    {
        for (var size = 1; size <= SizeMax; size++)
        {
            var root = Defined(0, size);
            for (var index = 0; index < size; index++)
            {
                var proof = Hashes(MerkleTree.InclusionRanges(index, size));

                Assert.True(MerkleTree.Includes(index, size, Leaves[index], proof, root));
                Assert.False(MerkleTree.Includes(index, size, Leaves[size], proof, root));
                Assert.False(MerkleTree.Includes(index + 1, size, Leaves[index], proof, root));
                Assert.False(MerkleTree.Includes(index, size, Leaves[index], proof, Defined(0, size + 1)));
                Assert.False(MerkleTree.Includes(index, size, Leaves[index], [.. proof, root], root));
                if (proof.Count > 0)
                {
                    Assert.False(MerkleTree.Includes(index, size, Leaves[index], [.. proof.Skip(1)], root));
                }
            }
        }
    }

    [Fact]
    public void Every_tree_is_proven_to_have_grown_out_of_every_smaller_one_and_of_no_other()
    {
        for (var to = 0; to <= SizeMax; to++)
        {
            for (var from = 0; from <= to; from++)
            {
                var proof = Hashes(MerkleTree.ConsistencyRanges(from, to));
                var (old, grown) = (Defined(0, from), Defined(0, to));

                Assert.True(MerkleTree.IsConsistent(from, to, old, grown, proof));
                Assert.False(MerkleTree.IsConsistent(from, to, Leaves[0], Leaves[1], proof));
                Assert.False(MerkleTree.IsConsistent(from, to, old, grown, [.. proof, Leaves[3]]));
                if (proof.Count > 0)
                {
                    Assert.False(MerkleTree.IsConsistent(from, to, grown, old, proof));
                    Assert.False(MerkleTree.IsConsistent(from, to, old, grown, [.. proof.Skip(1)]));
                }
            }
        }
    }

    private static IReadOnlyList<byte[]> Hashes(IReadOnlyList<(long Start, long End)> ranges) =>
        [.. ranges.Select(range => MerkleTree.Cover(range.Start, range.End).Select(Defined).Reverse()
            .Aggregate((right, left) => MerkleTree.HashNode(left, right)))];

    private static byte[] Defined(TreeNode node) =>
        Defined((int)(node.Index << node.Level), (int)((node.Index + 1) << node.Level));

    /// <summary>MTH of the RFC, word by word.</summary>
    private static byte[] Defined(int start, int end)
    {
        var count = end - start;
        if (count < 2)
        {
            return count == 0 ? MerkleTree.EmptyRoot : Leaves[start];
        }

        var left = 1;
        while (left * 2 < count)
        {
            left *= 2;
        }

        return MerkleTree.HashNode(Defined(start, start + left), Defined(start + left, end));
    }
}
