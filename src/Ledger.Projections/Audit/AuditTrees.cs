using Ledger.EventStore.Audit;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>
/// Reads the stored trees of the audit logs. A proof needs the hashes of few subtrees; each is computed from a tile of
/// at most 256 stored hashes, whatever the size of the log.
/// </summary>
public static class AuditTrees
{
    private const int TileWidth = 1 << GrowingTree.LevelsOfTile;

    /// <summary>The tree of the first leaves, ready to grow.</summary>
    public static async Task<GrowingTree> TreeAsync(
        NpgsqlConnection connection, string company, long size, CancellationToken ct)
    {
        var cover = MerkleTree.Cover(0, size);
        var nodes = await NodesAsync(connection, company, cover, ct);
        return new(size, cover.Select(node => nodes[node]));
    }

    /// <summary>The root over the first leaves.</summary>
    public static async Task<byte[]> RootAsync(
        NpgsqlConnection connection, string company, long size, CancellationToken ct) =>
        (await TreeAsync(connection, company, size, ct)).Root();

    /// <summary>Proves that a leaf is in the tree of the first <paramref name="size"/> leaves.</summary>
    public static Task<IReadOnlyList<byte[]>> InclusionAsync(
        NpgsqlConnection connection, string company, long index, long size, CancellationToken ct) =>
        HashesAsync(connection, company, MerkleTree.InclusionRanges(index, size), ct);

    /// <summary>Proves that a tree grew out of a smaller one.</summary>
    public static Task<IReadOnlyList<byte[]>> ConsistencyAsync(
        NpgsqlConnection connection, string company, long from, long to, CancellationToken ct) =>
        HashesAsync(connection, company, MerkleTree.ConsistencyRanges(from, to), ct);

    /// <summary>Stored hashes of a level one after the other: level 0 are leaves, level 1 subtrees of 256.</summary>
    public static async Task<IReadOnlyList<byte[]>> StoredAsync(
        NpgsqlConnection connection, string company, int level, long start, long count, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            level == 0
                ? """
                  select hash from ledger.leaf
                  where company = $1 and position > $2 and position <= $3 order by position
                  """
                : """
                  select hash from ledger.subtree
                  where company = $1 and level = $4 and index >= $2 and index < $3 order by index
                  """,
            connection);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = start });
        command.Parameters.Add(new() { Value = start + count });
        if (level > 0)
        {
            command.Parameters.Add(new() { Value = (short)level });
        }

        var hashes = new List<byte[]>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            hashes.Add(rows.GetFieldValue<byte[]>(0));
        }

        return hashes;
    }

    private static async Task<IReadOnlyList<byte[]>> HashesAsync(
        NpgsqlConnection connection, string company, IReadOnlyList<(long Start, long End)> ranges, CancellationToken ct)
    {
        var nodes = await NodesAsync(
            connection, company, [.. ranges.SelectMany(range => MerkleTree.Cover(range.Start, range.End))], ct);
        return
        [
            .. ranges.Select(range => MerkleTree.Cover(range.Start, range.End)
                .Select(node => nodes[node])
                .Reverse()
                .Aggregate((right, left) => MerkleTree.HashNode(left, right))),
        ];
    }

    private static async Task<Dictionary<TreeNode, byte[]>> NodesAsync(
        NpgsqlConnection connection, string company, IReadOnlyList<TreeNode> wanted, CancellationToken ct)
    {
        var nodes = new Dictionary<TreeNode, byte[]>();
        foreach (var tile in wanted.Distinct().GroupBy(TileOf))
        {
            var (level, number) = tile.Key;
            var first = tile.Min(FirstStored);
            var end = tile.Max(node => FirstStored(node) + StoredCount(node));
            var hashes = await StoredAsync(connection, company, level, first, end - first, ct);
            if (hashes.Count != end - first)
            {
                throw new AuditLogException(
                    $"The audit log of '{company}' lacks hashes of tile {number} at level {level}: "
                    + "run './run verify'.");
            }

            foreach (var node in tile)
            {
                var tree = new GrowingTree();
                var start = (int)(FirstStored(node) - first);
                foreach (var hash in hashes.Skip(start).Take((int)StoredCount(node)))
                {
                    tree.Add(hash);
                }

                nodes[node] = tree.Root();
            }
        }

        return nodes;
    }

    private static (int Level, long Number) TileOf(TreeNode node) =>
        (node.Level / GrowingTree.LevelsOfTile, FirstStored(node) / TileWidth);

    private static long FirstStored(TreeNode node) => node.Index << (node.Level % GrowingTree.LevelsOfTile);

    private static long StoredCount(TreeNode node) => 1L << (node.Level % GrowingTree.LevelsOfTile);
}
