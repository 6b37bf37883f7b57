using Ledger.EventStore.Audit;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>Holds the stored subtrees of a log against those that its leaves come to, some leaves at a time.</summary>
/// <param name="find">Is told of what is wrong: where, and what.</param>
internal sealed class SubtreeCheck(NpgsqlConnection connection, string company, Action<string, string> find)
{
    private readonly Dictionary<TreeNode, byte[]> complete = [];

    /// <summary>The leaves came to this subtree.</summary>
    public void Add(TreeNode node, byte[] hash) => complete[node] = hash;

    /// <summary>Looks at those that were added.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        if (complete.Count == 0)
        {
            return;
        }

        var stored = new Dictionary<TreeNode, byte[]>();
        await using (var command = new NpgsqlCommand(
            """
            select s.level, s.index, s.hash
            from unnest($2::smallint[], $3::bigint[]) n (level, index)
            join ledger.subtree s on s.company = $1 and s.level = n.level and s.index = n.index
            """,
            connection)
        { CommandTimeout = 0 })
        {
            command.Parameters.Add(new() { Value = company });
            command.Parameters.Add(new()
            {
                Value = complete.Keys.Select(node => (short)(node.Level / GrowingTree.LevelsOfTile)).ToArray(),
            });
            command.Parameters.Add(new() { Value = complete.Keys.Select(node => node.Index).ToArray() });
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                stored[new(rows.GetInt16(0) * GrowingTree.LevelsOfTile, rows.GetInt64(1))] =
                    rows.GetFieldValue<byte[]>(2);
            }
        }

        foreach (var (node, hash) in complete)
        {
            var kept = stored.GetValueOrDefault(node);
            if (kept is null || !kept.AsSpan().SequenceEqual(hash))
            {
                find(
                    $"ledger.subtree {company} / {node.Level / GrowingTree.LevelsOfTile} / {node.Index}",
                    kept is null ? "is missing" : "is not the hash over its leaves");
            }
        }

        complete.Clear();
    }

    /// <summary>Finds those that no leaves came to.</summary>
    public async Task EndAsync(long size, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select level, index from ledger.subtree
            where company = $1
                and (level not between 1 and 7 or index < 0 or index >= ($2::bigint >> (8 * level)))
            order by level, index limit $3
            """,
            connection)
        { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = size });
        command.Parameters.Add(new() { Value = Verification.FindingsMax });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            find(
                $"ledger.subtree {company} / {rows.GetInt16(0)} / {rows.GetInt64(1)}",
                "stands over leaves that are not there");
        }
    }
}
