using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Ledger.EventStore.Audit;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>An event with all that shows it to be in a company's log.</summary>
/// <param name="Index">Of the leaf, from 0.</param>
/// <param name="Envelope">The leaf's data.</param>
/// <param name="Salt">Base64; null where it may not be shown, or was deleted.</param>
/// <param name="Body">What was hashed under the salt; null without it.</param>
/// <param name="Proof">Base64 hashes from the leaf to the root.</param>
/// <param name="SaltDeleted">Nobody can show the body any more.</param>
public sealed record ProvenEvent(
    string Index,
    JsonElement Envelope,
    string? Salt,
    JsonElement? Body,
    JsonElement? Headers,
    IReadOnlyList<string> Proof,
    bool SaltDeleted);

/// <summary>Where the checkpoint of a company's log stands in the log over all logs.</summary>
/// <param name="Index">Of the leaf, from 0.</param>
/// <param name="Checkpoint">The note of the log over all logs, with the signatures of witnesses.</param>
public sealed record LedgerProof(string Index, IReadOnlyList<string> Proof, string Checkpoint);

/// <summary>A signed checkpoint as it is stored.</summary>
public sealed record StoredCheckpoint(long Size, string Note);

/// <summary>An event in its log.</summary>
/// <param name="Shown">Its envelope, salt and body as proofs show them, without a proof.</param>
public sealed record LoggedLeaf(long Position, long Sequence, ProvenEvent Shown);

/// <summary>Reads the audit logs: leaves, checkpoints and proofs. It needs no tables of any projection.</summary>
public static class ProofQueries
{
    private const string OfStream = $"""
        select {LeafReader.Columns}, f.salt, f.hash, f.body
        from public.mt_events e
        cross join lateral (
            select l.company, l.position from ledger.log l where l.sequence = e.seq_id offset 0) l
        left join ledger.leaf f on f.company = l.company and f.position = l.position
        where e.tenant_id = $1 and e.stream_id = $2
        order by e.version
        """;

    private const string OfSequence = $"""
        select {LeafReader.Columns}, f.salt, f.hash, f.body
        from public.mt_events e
        cross join lateral (
            select l.company, l.position from ledger.log l where l.sequence = e.seq_id offset 0) l
        left join ledger.leaf f on f.company = l.company and f.position = l.position
        where e.seq_id = $2 and l.company = $1
        """;

    /// <summary>The sequence of the event with an id; null where the company has none. It looks through the company's
    /// events.</summary>
    public static async Task<long?> SequenceOfAsync(
        NpgsqlConnection connection, string company, Guid id, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select seq_id from public.mt_events where tenant_id = $1 and id = $2", connection);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteScalarAsync(ct) as long?;
    }

    /// <summary>The events of a stream in order; those whose leaf is not there yet are left out.</summary>
    public static Task<IReadOnlyList<LoggedLeaf>> LeavesOfStreamAsync(
        NpgsqlConnection connection, string company, string stream, CancellationToken ct) =>
        LeavesAsync(connection, OfStream, company, stream, ct);

    /// <summary>One event; none where its leaf is not there yet, or it is another company's.</summary>
    public static Task<IReadOnlyList<LoggedLeaf>> LeafOfSequenceAsync(
        NpgsqlConnection connection, string company, long sequence, CancellationToken ct) =>
        LeavesAsync(connection, OfSequence, company, sequence, ct);

    /// <summary>All leaves of a company's log up to a size, in order, with the types of their events.</summary>
    /// <exception cref="AuditLogException">An event is not the one that was hashed.</exception>
    public static async IAsyncEnumerable<(string Type, ProvenEvent Shown)> AllLeavesAsync(
        NpgsqlConnection connection, string company, long size, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select {LeafReader.Columns}, f.salt, f.hash, f.body
            from ledger.leaf f
            join ledger.log l on l.company = f.company and l.position = f.position
            join public.mt_events e on e.seq_id = l.sequence
            where f.company = $1 and f.position <= $2
            order by f.position
            """, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = size });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            yield return (rows.GetString(6), LeafOf(rows).Shown);
        }
    }

    /// <summary>The newest checkpoint of a log; null before the first.</summary>
    /// <param name="company">Empty for the log over all logs.</param>
    public static Task<StoredCheckpoint?> NewestAsync(
        NpgsqlConnection connection, string company, CancellationToken ct) =>
        CheckpointAsync(
            connection,
            "select size, note from ledger.checkpoint where company = $1 order by size desc, made desc limit 1",
            company, 0, ct);

    /// <summary>The newest checkpoint of a company's log that the log over all logs holds, below a signature of a
    /// witness where there is such a one; null where none has the size.</summary>
    /// <param name="sizeMin">The checkpoint must cover as many leaves.</param>
    public static async Task<StoredCheckpoint?> NewestLoggedAsync(
        NpgsqlConnection connection, string company, long sizeMin, CancellationToken ct)
    {
        const string logged = """
            select k.size, k.note from ledger.logged_checkpoint g
            join ledger.checkpoint k on k.company = g.company and k.size = g.size
            where g.company = $1 and g.size >= $2 and g.position <= (select max(c.size) from
            """;
        const string newest = "order by g.size desc, k.made desc limit 1";
        return await CheckpointAsync(
                connection, $"{logged} ledger.cosignature c) {newest}", company, sizeMin, ct)
            ?? await CheckpointAsync(
                connection, $"{logged} ledger.checkpoint c where c.company = '') {newest}", company, sizeMin, ct);
    }

    /// <summary>Shows that the log over all logs holds a checkpoint of a company's log.</summary>
    public static async Task<LedgerProof?> LedgerProofAsync(
        NpgsqlConnection connection, string company, long size, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select position from ledger.logged_checkpoint where company = $1 and size = $2", connection);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = size });
        if (await command.ExecuteScalarAsync(ct) is not long position
            || await LedgerCheckpointAsync(connection, position, ct) is not { } over)
        {
            return null;
        }

        return new(
            Text(position - 1),
            Texts(await AuditTrees.InclusionAsync(connection, "", position - 1, over.Size, ct)),
            over.Note);
    }

    /// <summary>A checkpoint of the log over all logs with the signatures of its witnesses: of the last ones that any
    /// witness signed, if they cover the leaf, the newest that most signed; else the newest.</summary>
    public static async Task<StoredCheckpoint?> LedgerCheckpointAsync(
        NpgsqlConnection connection, long sizeMin, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select s.size, string_agg(s.line, '' order by s.witness)
            from (
                select c.size, c.witness, c.line from ledger.cosignature c
                where c.size >= $1 order by c.size desc limit 64) s
            group by s.size
            order by count(*) desc, s.size desc
            limit 1
            """,
            connection);
        command.Parameters.Add(new() { Value = sizeMin });
        long? size = null;
        var lines = "";
        await using (var rows = await command.ExecuteReaderAsync(ct))
        {
            if (await rows.ReadAsync(ct))
            {
                (size, lines) = (rows.GetInt64(0), rows.GetString(1));
            }
        }

        var note = await (size is { } cosigned
            ? NoteAsync(connection, cosigned, ct) : NewestAsync(connection, "", ct));
        return note is null || note.Size < sizeMin ? null : note with { Note = note.Note + lines };
    }

    /// <summary>As proofs write hashes.</summary>
    public static IReadOnlyList<string> Texts(IReadOnlyList<byte[]> hashes) =>
        [.. hashes.Select(Convert.ToBase64String)];

    /// <summary>As proofs write numbers.</summary>
    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A row of <see cref="LeafReader.Columns"/>, and salt, hash and keyed hash of its leaf.</summary>
    /// <exception cref="AuditLogException">The event is not the one that was hashed.</exception>
    internal static LoggedLeaf LeafOf(NpgsqlDataReader row)
    {
        var (position, sequence) = (row.GetInt64(1), row.GetInt64(2));
        var salt = row.IsDBNull(13) ? null : row.GetFieldValue<byte[]>(13);
        var recorded = UnhashedEvent.Of(row);
        var envelope = recorded.Envelope(salt, row.IsDBNull(15) ? null : row.GetFieldValue<byte[]>(15));
        if (!envelope.Hash().AsSpan().SequenceEqual(row.GetFieldValue<byte[]>(14)))
        {
            throw new AuditLogException(
                $"Event {Text(sequence)} is not the one that was added to the audit log, so nothing proves it: have "
                + "whoever runs the service run './run verify', which names what was changed.");
        }

        return new(position, sequence, new(
            Text(position - 1),
            envelope.ToJson(),
            salt is null ? null : Convert.ToBase64String(salt),
            salt is null ? null : LeafEnvelope.ShownOf(recorded.Body),
            recorded.Headers is null ? null : LeafEnvelope.ShownOf(recorded.Headers),
            [],
            salt is null));
    }

    private static async Task<IReadOnlyList<LoggedLeaf>> LeavesAsync(
        NpgsqlConnection connection, string sql, string company, object wanted, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = wanted });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var leaves = new List<LoggedLeaf>();
        while (await rows.ReadAsync(ct))
        {
            if (!rows.IsDBNull(14))
            {
                leaves.Add(LeafOf(rows));
            }
        }

        return leaves;
    }

    private static Task<StoredCheckpoint?> NoteAsync(NpgsqlConnection connection, long size, CancellationToken ct) =>
        CheckpointAsync(
            connection,
            "select size, note from ledger.checkpoint where company = $1 and size = $2 order by made desc limit 1",
            "", size, ct);

    private static async Task<StoredCheckpoint?> CheckpointAsync(
        NpgsqlConnection connection, string sql, string company, long sizeMin, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = company });
        if (sql.Contains("$2", StringComparison.Ordinal))
        {
            command.Parameters.Add(new() { Value = sizeMin });
        }

        await using var rows = await command.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct) ? new(rows.GetInt64(0), rows.GetString(1)) : null;
    }
}
