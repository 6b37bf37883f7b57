using System.Text;
using Ledger.Domain.Audit;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Audit;

/// <summary>How much of the audit logs was looked at.</summary>
/// <param name="Leaves">Hashed anew from the events.</param>
/// <param name="Checkpoints">Whose signature and root were checked.</param>
/// <param name="Unprovable">Bodies whose salts were deleted.</param>
public sealed record AuditFigures(long Leaves, long Checkpoints, long Unprovable);

/// <summary>
/// Hashes every event anew and compares it with its leaf, every tree with what is stored of it, and every signed
/// checkpoint with the tree: whoever changes an event, its instant or its actor, takes one away or swaps two must also
/// forge signatures.
/// </summary>
/// <param name="connection">In a snapshot.</param>
public sealed class AuditCheck(NpgsqlConnection connection, EventCatalog catalog)
{
    /// <summary>What the report calls it.</summary>
    public const string Name = "every event is the one in the audit log, under signed roots";

    private readonly List<VerificationFinding> findings = [];
    private AuditFigures figures = new(0, 0, 0);
    private string? owner;

    /// <summary>Looks at the logs of all companies, or of one.</summary>
    public async Task<(AuditFigures Figures, IReadOnlyList<VerificationFinding> Findings)> RunAsync(
        string? only, IProgress<ProjectionProgress>? progress, CancellationToken ct)
    {
        var keys = await KeysAsync(ct);
        foreach (var (company, reached) in await LogsAsync(only, ct))
        {
            owner = company.Length == 0 ? null : company;
            await LookAsync(company, reached, keys, progress, ct);
            if (findings.Count >= Verification.FindingsMax)
            {
                break;
            }
        }

        return (figures, findings);
    }

    private void Find(string where, string what)
    {
        if (findings.Count < Verification.FindingsMax)
        {
            findings.Add(new(Name, where, what, owner));
        }
    }

    private async Task LookAsync(
        string company, long reached, (string Ledger, byte[][] Public) keys, IProgress<ProjectionProgress>? progress,
        CancellationToken ct)
    {
        var roots = new Dictionary<long, byte[]>();
        var sizes = await CheckpointsAsync(company, ct);
        var subtrees = new List<(TreeNode Node, byte[] Hash)>();
        var tree = new GrowingTree();
        var wanted = sizes.Select(each => each.Size).ToHashSet();
        await using (var command = new NpgsqlCommand(company.Length > 0 ? OfCompany : OfLogs, connection)
        {
            CommandTimeout = 0,
        })
        {
            command.Parameters.Add(new() { Value = company });
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                if (rows.GetInt64(0) != tree.Size + 1)
                {
                    Find($"ledger.leaf {company} / {tree.Size + 1}", "is missing");
                    break;
                }

                var hash = rows.GetFieldValue<byte[]>(1);
                if (company.Length > 0)
                {
                    LookAtEvent(company, rows, hash);
                }
                else
                {
                    LookAtCheckpoint(rows, hash);
                }

                tree.Add(hash, (node, stored) => subtrees.Add((node, stored)));
                if (wanted.Contains(tree.Size))
                {
                    roots[tree.Size] = tree.Root();
                }

                figures = figures with { Leaves = figures.Leaves + 1 };
                if (figures.Leaves % 10_000 == 0)
                {
                    progress?.Report(new($"{Name}: {figures.Leaves:#,0} leaves", 0, 0));
                }
            }
        }

        if (tree.Size != reached)
        {
            Find($"ledger.leaf {company} / {tree.Size + 1}", $"the log should have {reached} leaves, and has "
                + $"{tree.Size}");
        }

        await LookAtSubtreesAsync(company, subtrees, ct);
        LookAtCheckpoints(company, sizes, roots, keys);
    }

    private void LookAtEvent(string company, NpgsqlDataReader rows, byte[] hash)
    {
        const int first = 4;
        var where = rows.IsDBNull(first + 2)
            ? $"event of position {rows.GetInt64(0)} of {company}"
            : $"event {rows.GetInt64(first + 2)} ({company} / {rows.GetValue(first + 4)}, version "
                + $"{rows.GetInt64(first + 5)})";
        if (rows.IsDBNull(first + 2) || rows.IsDBNull(first + 3))
        {
            Find(where, "is gone, and the audit log has its leaf");
            return;
        }

        var salt = rows.IsDBNull(2) ? null : rows.GetFieldValue<byte[]>(2);
        figures = figures with { Unprovable = figures.Unprovable + (salt is null ? 1 : 0) };
        var envelope = salt is not null
            ? LeafReader.EnvelopeOf(rows, salt, first)
            : LeafReader.EnvelopeOf(rows, Convert.ToBase64String(rows.GetFieldValue<byte[]>(3)), first);
        if (!envelope.Hash().AsSpan().SequenceEqual(hash))
        {
            Find(where, "is not as it was recorded: its row in public.mt_events was changed, or its leaf");
        }
    }

    private void LookAtCheckpoint(NpgsqlDataReader rows, byte[] hash)
    {
        var note = rows.IsDBNull(4) ? null : SignedNote.Parse(rows.GetString(4));
        if (note is null
            || !MerkleTree.HashLeaf(Encoding.UTF8.GetBytes(note.Text)).AsSpan().SequenceEqual(hash))
        {
            Find($"ledger.logged_checkpoint {rows.GetInt64(0)}", "is not the checkpoint that was logged");
        }
    }

    private async Task LookAtSubtreesAsync(
        string company, List<(TreeNode Node, byte[] Hash)> subtrees, CancellationToken ct)
    {
        var stored = new Dictionary<TreeNode, byte[]>();
        await using (var command = new NpgsqlCommand(
            "select level, index, hash from ledger.subtree where company = $1", connection))
        {
            command.Parameters.Add(new() { Value = company });
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                stored[new(rows.GetInt16(0) * GrowingTree.LevelsOfTile, rows.GetInt64(1))] =
                    rows.GetFieldValue<byte[]>(2);
            }
        }

        foreach (var (node, hash) in subtrees)
        {
            if (!stored.Remove(node, out var kept) || !kept.AsSpan().SequenceEqual(hash))
            {
                Find(
                    $"ledger.subtree {company} / {node.Level / GrowingTree.LevelsOfTile} / {node.Index}",
                    kept is null ? "is missing" : "is not the hash over its leaves");
            }
        }

        foreach (var node in stored.Keys)
        {
            Find(
                $"ledger.subtree {company} / {node.Level / GrowingTree.LevelsOfTile} / {node.Index}",
                "stands over leaves that are not there");
        }
    }

    private void LookAtCheckpoints(
        string company, IReadOnlyList<StoredCheckpoint> notes, Dictionary<long, byte[]> roots,
        (string Ledger, byte[][] Public) keys)
    {
        var origin = AuditSigner.OriginOf(keys.Ledger, company);
        var verifiers = keys.Public.Select(key => new VerifierKey(origin, SignatureKind.Log, key)).ToArray();
        foreach (var stored in notes)
        {
            figures = figures with { Checkpoints = figures.Checkpoints + 1 };
            var note = SignedNote.Parse(stored.Note);
            var checkpoint = note is null ? null : Checkpoint.Parse(note.Text);
            var what = checkpoint is null || checkpoint.Origin != origin || checkpoint.Size != stored.Size
                ? "is no checkpoint of this log"
                : !verifiers.Any(note!.IsSignedBy) ? "is not signed by a key of this ledger"
                : !roots.TryGetValue(stored.Size, out var root) ? "has more leaves than the log: leaves were taken away"
                : !root.AsSpan().SequenceEqual(checkpoint.Root)
                ? "has another root than the leaves: leaves were changed after it was signed"
                : null;
            if (what is not null)
            {
                Find($"ledger.checkpoint {company} / {stored.Size}", what);
            }
        }
    }

    private const string OfCompany = $"""
        select f.position, f.hash, f.salt, f.body, {LeafReader.Columns}
        from ledger.leaf f
        left join ledger.log l on l.company = f.company and l.position = f.position
        left join public.mt_events e on e.seq_id = l.sequence
        where f.company = $1
        order by f.position
        """;

    private const string OfLogs = """
        select f.position, f.hash, f.salt, f.body, (
            select k.note from ledger.logged_checkpoint g
            join ledger.checkpoint k on k.company = g.company and k.size = g.size
            where g.position = f.position limit 1)
        from ledger.leaf f
        where f.company = $1
        order by f.position
        """;

    /// <summary>The logs, with the leaves that each should have.</summary>
    private async Task<List<(string Company, long Reached)>> LogsAsync(string? only, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select c.company, case when c.company = ''
                then (select coalesce(max(position), 0) from ledger.logged_checkpoint)
                else coalesce((
                    select l.position from ledger.log l
                    where l.company = c.company and l.sequence <= (
                        select last_seq_id from public.mt_event_progression where name = $2)
                    order by l.position desc limit 1), 0)
                end
            from (
                select distinct company from ledger.log where $1::text is null or company = $1
                union select distinct company from ledger.leaf where $1::text is null or company = $1) c
            order by c.company
            """,
            connection)
        { CommandTimeout = 0 };
        var company = new NpgsqlParameter { Value = (object?)only ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
        command.Parameters.Add(company);
        command.Parameters.Add(new() { Value = AuditLoop.Progress });
        var logs = new List<(string, long)>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            logs.Add((rows.GetString(0), rows.GetInt64(1)));
        }

        return logs;
    }

    private async Task<List<StoredCheckpoint>> CheckpointsAsync(string company, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select size, note from ledger.checkpoint where company = $1 order by size, made", connection);
        command.Parameters.Add(new() { Value = company });
        var notes = new List<StoredCheckpoint>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            notes.Add(new(rows.GetInt64(0), rows.GetString(1)));
        }

        return notes;
    }

    /// <summary>The ledger's name and all keys that it ever published: what is retired has still signed.</summary>
    private async Task<(string Ledger, byte[][] Public)> KeysAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select type, data from public.mt_events
            where tenant_id = '*DEFAULT*' and stream_id = $1 order by version
            """,
            connection);
        command.Parameters.Add(new() { Value = AuditKeys.Stream });
        var published = new List<AuditKeyPublished>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            if (catalog.Read(rows.GetString(0), rows.GetFieldValue<byte[]>(1)) is AuditKeyPublished key)
            {
                published.Add(key);
            }
        }

        return (published.FirstOrDefault()?.Ledger ?? "",
            [.. published.Select(key => Convert.FromBase64String(key.PublicKey))]);
    }
}
