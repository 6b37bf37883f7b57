using System.Text;
using Ledger.EventStore.Audit;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>
/// Writes the log over all companies' logs: a leaf for the newest checkpoint of each company that has a newer one than
/// the last leaf of it, and a signed checkpoint over them, in one statement. It writes nothing where the log has grown
/// since it looked, so of several processes each goes on from what the others wrote.
/// </summary>
/// <param name="connection">Of whoever writes the companies' logs: nothing else uses it meanwhile.</param>
internal sealed class LedgerLogWriter(NpgsqlConnection connection, AuditSigning signing)
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

    private readonly SignedBefore before = new(connection, signing);
    private readonly AuditBatch batch = new();
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
    /// <exception cref="AuditLogException">What is stored is not what was signed.</exception>
    public async Task<AuditStep> AdvanceAsync(CancellationToken ct)
    {
        if (await signing.SignerAsync(ct) is not { } signer)
        {
            return AuditStep.NoKey;
        }

        var all = LooksAtAll;
        if (!all && news.Count == 0)
        {
            return new(0);
        }

        written = TimeProvider.System.GetTimestamp();
        var started = TimeProvider.System.GetTimestamp();
        var leaves = await NewerAsync(all, ct);
        if (leaves.Count > 0)
        {
            // Forgotten until it is stored: what did not come to be is no part of the tree.
            var grown = await TreeAsync(signer, ct);
            tree = null;
            if (!await WriteAsync(grown, leaves, signer, ct))
            {
                looksAtAll = true;
                return AuditStep.Busy;
            }

            tree = grown;
            signing.Keep(signer.Ledger, batch.LastNote);
        }

        looked = all ? started : looked;
        looksAtAll = leaves.Count == LeavesMax;
        news.Clear();
        return new(leaves.Count);
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

    private async Task<GrowingTree> TreeAsync(AuditSigner signer, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            $"select coalesce(max(position), 0) from ledger.leaf where company = '{Company}'", connection);
        var size = (long)(await command.ExecuteScalarAsync(ct))!;
        if (tree is not null && tree.Size == size)
        {
            return tree;
        }

        var (problem, _) = await before.LookAsync(signer, ct);
        return problem is null
            ? await AuditTrees.TreeAsync(connection, Company, size, ct) : throw new AuditLogException(problem);
    }

    /// <returns>False where another process is at it, or was faster.</returns>
    private async Task<bool> WriteAsync(
        GrowingTree grown,
        List<(string Company, long Size, string Note)> leaves,
        AuditSigner signer,
        CancellationToken ct)
    {
        batch.Clear();
        var first = grown.Size;
        foreach (var (company, size, note) in leaves)
        {
            var hash = MerkleTree.HashLeaf(Encoding.UTF8.GetBytes(TextOf(signer, company, size, note)));
            batch.Add(Company, grown, hash, salt: null);
            batch.Log(company, size);
        }

        batch.Sign(signer, Company, grown.Size, grown.Root());
        try
        {
            return await batch.WriteAsync(
                connection,
                $"""
                select 1 where pg_try_advisory_xact_lock({LedgerLogLock}) and $15 = (
                    select coalesce(max(l.position), 0) from ledger.leaf l where l.company = '{Company}')
                """,
                [first],
                ct);
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // The other one committed between this statement's first look and its lock.
            return false;
        }
    }

    /// <summary>The text of a company's note, which only somebody who has the key can have signed.</summary>
    private static string TextOf(AuditSigner signer, string company, long size, string note) =>
        SignedNote.Parse(note) is { } signed && signer.HasSigned(signed, company)
            && Checkpoint.Parse(signed.Text) is { } text && text.Size == size
            && text.Origin == AuditSigner.OriginOf(signer.Ledger, company)
                ? signed.Text
                : throw new AuditLogException(
                    $"The checkpoint of {size} leaves of '{company}' is not signed by a key that is here: run "
                    + "'./run verify'.");
}
