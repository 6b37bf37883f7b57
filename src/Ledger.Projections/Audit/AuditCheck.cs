using System.Text;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Npgsql;

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
    private readonly Dictionary<string, AuditFigures> companies = new(StringComparer.Ordinal);
    private AuditFigures figures = new(0, 0, 0);
    private string looksAt = "";

    /// <summary>What was looked at of each company.</summary>
    public IReadOnlyDictionary<string, AuditFigures> Companies => companies;

    /// <summary>Looks at the logs of all companies, or of one.</summary>
    public async Task<(AuditFigures Figures, IReadOnlyList<VerificationFinding> Findings)> RunAsync(
        string? only, IProgress<ProjectionProgress>? progress, CancellationToken ct)
    {
        var keys = await AuditCheckQueries.KeysAsync(connection, catalog, ct);
        var logs = await AuditCheckQueries.LogsAsync(connection, only, ct);
        var total = logs.Sum(log => log.Reached);
        foreach (var (company, reached) in logs)
        {
            var before = figures;
            looksAt = company;
            await LookAsync(company, reached, keys, at => progress?.Report(new(Name, at, total)), ct);
            companies[company] = new(
                figures.Leaves - before.Leaves, figures.Checkpoints - before.Checkpoints,
                figures.Unprovable - before.Unprovable);
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
            // The log over all logs is everybody's.
            findings.Add(new(Name, where, what, looksAt.Length == 0 ? null : looksAt));
        }
    }

    private async Task LookAsync(
        string company, long reached, (string Ledger, byte[][] Public) keys, Action<long> progress,
        CancellationToken ct)
    {
        var origin = AuditSigner.OriginOf(keys.Ledger, company);
        var verifiers = keys.Public.Select(key => new VerifierKey(origin, SignatureKind.Log, key)).ToArray();
        var subtrees = new List<(TreeNode Node, byte[] Hash)>();
        var tree = new GrowingTree();
        await using (var command = new NpgsqlCommand(
            company.Length > 0 ? AuditCheckQueries.OfCompany : AuditCheckQueries.OfLogs, connection)
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
                    LookAtLogged(rows, hash);
                }

                tree.Add(hash, (node, stored) => subtrees.Add((node, stored)));
                var notes = rows.GetOrdinal("notes");
                foreach (var note in rows.IsDBNull(notes) ? [] : rows.GetFieldValue<string[]>(notes))
                {
                    LookAtCheckpoint(new(tree.Size, note), tree.Root(), origin, verifiers);
                }

                figures = figures with { Leaves = figures.Leaves + 1 };
                if (figures.Leaves % 10_000 == 0)
                {
                    progress(figures.Leaves);
                }
            }
        }

        if (tree.Size != reached)
        {
            Find($"ledger.leaf {company} / {tree.Size + 1}", $"the log should have {reached} leaves, and has "
                + $"{tree.Size}");
        }

        await LookAtSubtreesAsync(company, subtrees, ct);
        foreach (var beyond in await AuditCheckQueries.BeyondAsync(connection, company, tree.Size, ct))
        {
            LookAtCheckpoint(beyond, null, origin, verifiers);
        }
    }

    private void LookAtEvent(string company, NpgsqlDataReader rows, byte[] hash)
    {
        const int first = 4;
        var where = rows.IsDBNull(first + 2)
            ? $"event of position {rows.GetInt64(0)} of {company}"
            : $"event {rows.GetInt64(first + 2)} ({company} / {Text(rows, first + 4)}, version "
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

    private void LookAtLogged(NpgsqlDataReader rows, byte[] hash)
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

    /// <param name="root">Of as many leaves; null where there are fewer.</param>
    private void LookAtCheckpoint(
        StoredCheckpoint stored, byte[]? root, string origin, IReadOnlyList<VerifierKey> verifiers)
    {
        figures = figures with { Checkpoints = figures.Checkpoints + 1 };
        var note = SignedNote.Parse(stored.Note);
        var checkpoint = note is null ? null : Checkpoint.Parse(note.Text);
        var what = checkpoint is null || checkpoint.Origin != origin || checkpoint.Size != stored.Size
            ? "is no checkpoint of this log"
            : !verifiers.Any(note!.IsSignedBy) ? "is not signed by a key of this ledger"
            : root is null ? "has more leaves than the log: leaves were taken away"
            : !root.AsSpan().SequenceEqual(checkpoint.Root)
            ? "has another root than the leaves: leaves were changed after it was signed"
            : null;
        if (what is not null)
        {
            Find($"ledger.checkpoint {looksAt} / {stored.Size}", what);
        }
    }

    private static string Text(NpgsqlDataReader rows, int column) =>
        rows.IsDBNull(column) ? "" : rows.GetString(column);
}
