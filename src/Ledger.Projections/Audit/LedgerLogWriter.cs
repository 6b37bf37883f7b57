using System.Text;
using Ledger.EventStore.Audit;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>
/// Writes the log over all companies' logs: a leaf for the newest checkpoint of each company that has a newer one than
/// the last leaf of it, and a signed checkpoint over them, in one transaction. What it goes on from is read under the
/// lock, so of several processes each finds what the others wrote.
/// </summary>
/// <param name="connection">Of whoever writes the companies' logs: nothing else uses it meanwhile.</param>
internal sealed class LedgerLogWriter(NpgsqlConnection connection, Func<AuditSigner?> signers)
{
    public const int LeavesMax = 8_192;

    /// <summary>The company of this log in the tables.</summary>
    public const string Company = "";

    private const long LedgerLogLock = 7305804402566423154;

    /// <summary>Between two checkpoints, so that with many companies there are few of them.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>Companies whose checkpoints another process wrote are found by looking at all of them.</summary>
    private static readonly TimeSpan LookAtAllAfter = TimeSpan.FromMinutes(1);

    private const string AllCompanies = """
        with recursive company (company) as (
            (select k.company from ledger.checkpoint k where k.company > '' order by k.company limit 1)
            union all
            select (
                select k.company from ledger.checkpoint k where k.company > c.company order by k.company limit 1)
            from company c where c.company is not null
        )
        """;

    private const string NamedCompanies = "with company (company) as (select * from unnest($2))";

    private const string Newer = """
        select c.company, k.size, k.note
        from company c
        cross join lateral (
            select n.size, n.note from ledger.checkpoint n
            where n.company = c.company order by n.size desc, n.made desc limit 1) k
        where c.company > '' and k.size > coalesce((
            select g.size from ledger.logged_checkpoint g
            where g.company = c.company order by g.size desc limit 1), 0)
        order by c.company
        limit $1
        """;

    private readonly HashSet<string> news = new(StringComparer.Ordinal);
    private bool looksAtAll = true;
    private long? written;
    private long looked;
    private GrowingTree? tree;

    /// <summary>Whether there may be news, and the last checkpoint is some seconds old.</summary>
    public bool IsDue => (LooksAtAll || news.Count > 0) && (written is not { } at || HasPassed(at, Pause));

    private bool LooksAtAll => looksAtAll || HasPassed(looked, LookAtAllAfter);

    /// <summary>These companies have newer checkpoints.</summary>
    public void Hear(IEnumerable<string> companies) => news.UnionWith(companies);

    /// <summary>Somebody else wrote, so any company may have newer checkpoints.</summary>
    public void HearOfOthers() => looksAtAll = true;

    /// <summary>Adds leaves, up to a number, and signs.</summary>
    /// <returns>How many leaves were added; null when another process is at it, or no key is here.</returns>
    public async Task<int?> AdvanceAsync(CancellationToken ct)
    {
        if (signers() is not { } signer)
        {
            return null;
        }

        var all = LooksAtAll;
        if (!all && news.Count == 0)
        {
            return 0;
        }

        written = TimeProvider.System.GetTimestamp();
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await ValueAsync($"select pg_try_advisory_xact_lock({LedgerLogLock})", ct) is not true)
        {
            return null;
        }

        var started = TimeProvider.System.GetTimestamp();
        var leaves = await NewerAsync(all, ct);
        if (leaves.Count > 0)
        {
            // Forgotten until it is stored: what did not come to be is no part of the tree.
            var grown = await TreeAsync(ct);
            tree = null;
            await WriteAsync(grown, leaves, signer, ct);
            await transaction.CommitAsync(ct);
            tree = grown;
        }

        looked = all ? started : looked;
        looksAtAll = leaves.Count == LeavesMax;
        news.Clear();
        return leaves.Count;
    }

    private static bool HasPassed(long since, TimeSpan span) => TimeProvider.System.GetElapsedTime(since) >= span;

    private async Task<List<(string Company, long Size, string Note)>> NewerAsync(bool all, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"{(all ? AllCompanies : NamedCompanies)} {Newer}", connection)
        { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = LeavesMax });
        if (!all)
        {
            command.Parameters.Add(new() { Value = news.ToArray() });
        }

        var newer = new List<(string, long, string)>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            newer.Add((rows.GetString(0), rows.GetInt64(1), rows.GetString(2)));
        }

        return newer;
    }

    private async Task<GrowingTree> TreeAsync(CancellationToken ct)
    {
        var size = (long)(await ValueAsync(
            $"select coalesce(max(position), 0) from ledger.leaf where company = '{Company}'", ct))!;
        return tree is not null && tree.Size == size
            ? tree : await AuditTrees.TreeAsync(connection, Company, size, ct);
    }

    private async Task WriteAsync(
        GrowingTree grown,
        List<(string Company, long Size, string Note)> leaves,
        AuditSigner signer,
        CancellationToken ct)
    {
        var (leafRows, subtreeRows, loggedRows) = (new CopyBuffer(), new CopyBuffer(), new CopyBuffer());
        foreach (var (company, size, note) in leaves)
        {
            var text = SignedNote.Parse(note)?.Text
                ?? throw new InvalidDataException(
                    $"The checkpoint of {size} leaves of '{company}' is no signed note: run './run verify'.");
            var hash = MerkleTree.HashLeaf(Encoding.UTF8.GetBytes(text));
            grown.Add(hash, (node, over) => subtreeRows.Row(4).Text(Company)
                .Short((short)(node.Level / GrowingTree.LevelsOfTile)).Long(node.Index).Bytes(over));
            leafRows.Row(3).Text(Company).Long(grown.Size).Bytes(hash);
            loggedRows.Row(3).Long(grown.Size).Text(company).Long(size);
        }

        await leafRows.SendAsync(connection, "ledger.leaf (company, position, hash)", ct);
        await subtreeRows.SendAsync(connection, "ledger.subtree (company, level, index, hash)", ct);
        await loggedRows.SendAsync(connection, "ledger.logged_checkpoint (position, company, size)", ct);
        await using var add = new NpgsqlCommand(
            "insert into ledger.checkpoint (company, size, note) values ($1, $2, $3)", connection);
        add.Parameters.Add(new() { Value = Company });
        add.Parameters.Add(new() { Value = grown.Size });
        add.Parameters.Add(new() { Value = signer.Sign(Company, grown.Size, grown.Root()) });
        await add.ExecuteNonQueryAsync(ct);
    }

    private async Task<object?> ValueAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct);
    }
}
