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
public sealed record AuditFigures(long Leaves, long Checkpoints, long Unprovable)
{
    /// <summary>The keys that the newest checkpoints had to be signed by, as verifier keys of the log over all
    /// logs.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>These keys are known only because the database names them.</summary>
    public bool KeysAreBelieved { get; init; }
}

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

    /// <summary>Leaves that are looked at together: what is kept of a log does not grow with it.</summary>
    private const int PageMax = 8_192;

    private readonly List<VerificationFinding> findings = [];
    private AuditFigures figures = new(0, 0, 0);
    private string? owner;

    /// <summary>What is known from elsewhere: without it the check believes whatever keys the database names.</summary>
    public AuditTrust Trust { get; init; } = AuditTrust.None;

    /// <summary>Looks at the logs of all companies, or of one.</summary>
    public async Task<(AuditFigures Figures, IReadOnlyList<VerificationFinding> Findings)> RunAsync(
        string? only, IProgress<ProjectionProgress>? progress, CancellationToken ct)
    {
        var keys = await KeysAsync(ct);
        figures = figures with
        {
            KeysAreBelieved = Trust.Keys.Count == 0,
            Keys =
            [
                .. (Trust.Keys.Count == 0 ? keys.Public : Trust.Keys).Select(key =>
                    new VerifierKey(keys.Ledger, SignatureKind.Log, key).ToString()),
            ],
        };
        await using (var plans = new NpgsqlCommand("set local jit = off", connection))
        {
            await plans.ExecuteNonQueryAsync(ct);
        }

        var logs = await LogsAsync(only, ct);
        if (only is null && Trust.Last is not null && logs.All(log => log.Company != LedgerLogWriter.Company))
        {
            logs.Add((LedgerLogWriter.Company, 0));
        }

        foreach (var (company, reached) in logs)
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
        var subtrees = new SubtreeCheck(connection, company, Find);
        var notes = new NoteCheck(
            connection, company, AuditSigner.OriginOf(keys.Ledger, company), keys.Public, Trust, Find);
        var (tree, salts) = (new GrowingTree(), new SaltCheck(company, catalog));
        long before;
        do
        {
            before = tree.Size;
            await notes.ReadAsync(before, before + PageMax, ct);
            await LookAtPageAsync(company, tree, subtrees, notes, salts, progress, ct);
            await subtrees.LookAsync(ct);
        }
        while (tree.Size == before + PageMax);

        if (tree.Size != reached)
        {
            Find($"ledger.leaf {company} / {tree.Size + 1}", $"the log should have {reached} leaves, and has "
                + $"{tree.Size}");
        }

        salts.Findings().ToList().ForEach(each => Find(each.Where, each.What));
        await subtrees.EndAsync(tree.Size, ct);
        await notes.EndAsync(tree, ct);
        figures = figures with { Checkpoints = figures.Checkpoints + notes.Count };
    }

    private async Task LookAtPageAsync(
        string company, GrowingTree tree, SubtreeCheck subtrees, NoteCheck notes, SaltCheck salts,
        IProgress<ProjectionProgress>? progress, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(company.Length > 0 ? OfCompany : OfLogs, connection)
        {
            CommandTimeout = 0,
        };
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = tree.Size });
        command.Parameters.Add(new() { Value = tree.Size + PageMax });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            if (rows.GetInt64(0) != tree.Size + 1)
            {
                Find($"ledger.leaf {company} / {tree.Size + 1}", "is missing");
                return;
            }

            var hash = rows.GetFieldValue<byte[]>(1);
            if (company.Length > 0)
            {
                LookAtEvent(company, rows, hash, salts);
            }
            else
            {
                LookAtCheckpoint(rows, hash);
            }

            tree.Add(hash, subtrees.Add);
            notes.Look(tree);
            figures = figures with { Leaves = figures.Leaves + 1 };
            if (figures.Leaves % 10_000 == 0)
            {
                progress?.Report(new($"{Name}: {figures.Leaves:#,0} leaves", 0, 0));
            }
        }
    }

    private void LookAtEvent(string company, NpgsqlDataReader rows, byte[] hash, SaltCheck salts)
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
        figures = figures with { Unprovable = figures.Unprovable + (salts.IsGone(rows, first, where) ? 1 : 0) };
        var keyedHash = rows.IsDBNull(3) ? null : rows.GetFieldValue<byte[]>(3);
        var envelope = UnhashedEvent.Of(rows, first).Envelope(salt, keyedHash);
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

    private const string OfCompany = $"""
        select f.position, f.hash, f.salt, f.body, {LeafReader.Columns}
        from ledger.leaf f
        left join lateral (
            select g.position, g.sequence from ledger.log g
            where g.company = f.company and g.position = f.position offset 0) l on true
        left join lateral (select m.* from public.mt_events m where m.seq_id = l.sequence offset 0) e on true
        where f.company = $1 and f.position > $2 and f.position <= $3
        order by f.position
        """;

    private const string OfLogs = """
        select f.position, f.hash, f.salt, f.body, (
            select k.note from ledger.logged_checkpoint g
            join ledger.checkpoint k on k.company = g.company and k.size = g.size
            where g.position = f.position limit 1)
        from ledger.leaf f
        where f.company = $1 and f.position > $2 and f.position <= $3
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
