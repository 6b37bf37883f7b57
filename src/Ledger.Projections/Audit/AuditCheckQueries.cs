using Ledger.Domain.Audit;
using Ledger.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Audit;

/// <summary>What <see cref="AuditCheck"/> reads.</summary>
internal static class AuditCheckQueries
{
    // Read beside the leaves, so that no list of them is kept: a busy company has one each second.
    private const string Notes = """
        left join (
            select size, array_agg(note order by made) as notes
            from ledger.checkpoint where company = $1 group by size) k on k.size = f.position
        """;

    public const string OfCompany = $"""
        select f.position, f.hash, f.salt, f.body, {LeafReader.Columns}, k.notes
        from ledger.leaf f
        left join ledger.log l on l.company = f.company and l.position = f.position
        left join public.mt_events e on e.seq_id = l.sequence
        {Notes}
        where f.company = $1
        order by f.position
        """;

    public const string OfLogs = $"""
        select f.position, f.hash, f.salt, f.body, (
            select c.note from ledger.logged_checkpoint g
            join ledger.checkpoint c on c.company = g.company and c.size = g.size
            where g.position = f.position limit 1), k.notes
        from ledger.leaf f
        {Notes}
        where f.company = $1
        order by f.position
        """;

    /// <summary>The logs, with the leaves that each should have.</summary>
    public static async Task<List<(string Company, long Reached)>> LogsAsync(
        NpgsqlConnection connection, string? only, CancellationToken ct)
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

    /// <summary>The first of those that are of more leaves than there are, or of none.</summary>
    public static async Task<List<StoredCheckpoint>> BeyondAsync(
        NpgsqlConnection connection, string company, long leaves, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select size, note from ledger.checkpoint where company = $1 and (size > $2 or size < 1)
            order by size, made limit $3
            """,
            connection);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = leaves });
        command.Parameters.Add(new() { Value = Verification.FindingsMax });
        var notes = new List<StoredCheckpoint>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            notes.Add(new(rows.GetInt64(0), rows.GetString(1)));
        }

        return notes;
    }

    /// <summary>The ledger's name and all keys that it ever published: what is retired has still signed.</summary>
    public static async Task<(string Ledger, byte[][] Public)> KeysAsync(
        NpgsqlConnection connection, EventCatalog catalog, CancellationToken ct)
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
