using System.Security.Cryptography;
using Ledger.EventStore.Audit;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Audit;

/// <summary>A leaf that is to be added to the log of a company.</summary>
/// <param name="Position">Of the event in its company, from 1.</param>
/// <param name="Salt">Under which the body is hashed.</param>
internal readonly record struct NewLeaf(
    string Company, long Position, long Sequence, string Type, byte[] Hash, byte[] Salt);

/// <summary>Reads events as the leaves of audit logs hash them.</summary>
internal sealed class LeafReader(NpgsqlConnection connection)
{
    /// <summary>The columns that an envelope is made of; <c>l</c> is the event's row in <c>ledger.log</c>.</summary>
    public const string Columns =
        "coalesce(e.tenant_id, '*DEFAULT*'), l.position, e.seq_id, e.id, e.stream_id, e.version, e.type, e.timestamp, "
            + "e.user_name, "
        + "e.correlation_id, e.causation_id, e.headers::text, e.data::text";

    private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);

    /// <summary>Reads what comes behind a sequence and has its position, and hashes each under a new salt.</summary>
    public async Task<List<NewLeaf>> ReadAsync(long after, int eventsMax, CancellationToken ct)
    {
        // The bounds stand twice: a merge join would begin at the first position ever given.
        await using var command = new NpgsqlCommand($"""
            select {Columns}
            from public.mt_events e
            join ledger.log l on l.sequence = e.seq_id
            where e.seq_id > $1 and l.sequence > $1 and l.sequence <= (
                select last_seq_id from public.mt_event_progression where name = 'log:All')
            order by e.seq_id
            limit $2
            """, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = after, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = eventsMax, NpgsqlDbType = NpgsqlDbType.Integer });
        var leaves = new List<NewLeaf>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var salt = RandomNumberGenerator.GetBytes(LeafEnvelope.SaltLength);
            leaves.Add(new(
                Known(rows.GetString(0)), rows.GetInt64(1), rows.GetInt64(2), Known(rows.GetString(6)),
                EnvelopeOf(rows, salt).Hash(), salt));
        }

        return leaves;
    }

    /// <summary>The envelope of a row of <see cref="Columns"/>.</summary>
    /// <param name="first">The column at which they begin.</param>
    public static LeafEnvelope EnvelopeOf(NpgsqlDataReader row, byte[] salt, int first = 0) =>
        EnvelopeOf(row, LeafEnvelope.HashOfBody(row.GetFieldValue<byte[]>(first + 12), salt), first);

    /// <param name="row">Of <see cref="Columns"/>.</param>
    /// <param name="body">The keyed hash of the body.</param>
    /// <param name="first">The column at which they begin.</param>
    public static LeafEnvelope EnvelopeOf(NpgsqlDataReader row, string body, int first = 0) => new(
        row.GetString(first),
        row.GetInt64(first + 2),
        row.GetGuid(first + 3),
        TextOf(row, first + 4) ?? "",
        row.GetInt64(first + 5),
        row.GetString(first + 6),
        LeafEnvelope.TextOf(row.GetFieldValue<long>(first + 7)),
        TextOf(row, first + 8),
        TextOf(row, first + 9),
        TextOf(row, first + 10),
        LeafEnvelope.HashOfHeaders(row.IsDBNull(first + 11) ? null : row.GetFieldValue<byte[]>(first + 11)),
        body);

    /// <summary>The keyed hash of a body whose salt was deleted. Where it is not there either the envelope holds no
    /// hash, and is not the one that was recorded.</summary>
    public static string HashOf(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? "" : Convert.ToBase64String(row.GetFieldValue<byte[]>(column));

    private static string? TextOf(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    // A few companies and types come again and again; one string each is enough.
    private string Known(string text)
    {
        const int knownMax = 50_000;
        if (known.TryGetValue(text, out var same))
        {
            return same;
        }

        if (known.Count >= knownMax)
        {
            known.Clear();
        }

        return known[text] = text;
    }
}
