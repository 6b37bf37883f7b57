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

    private const int ChunkMax = 512;

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
        var hashed = new List<Task<NewLeaf[]>>();
        var chunk = new List<(long Position, UnhashedEvent Event)>(ChunkMax);
        await using (var rows = await command.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct))
            {
                chunk.Add((rows.GetInt64(1), UnhashedEvent.Of(rows)));
                if (chunk.Count == ChunkMax)
                {
                    hashed.Add(HashAsync(chunk, ct));
                    chunk = new(ChunkMax);
                }
            }
        }

        hashed.Add(HashAsync(chunk, ct));
        return [.. (await Task.WhenAll(hashed)).SelectMany(leaves => leaves)];
    }

    // Hashing takes longer than reading, so it has a core of its own while the next rows are read.
    private static Task<NewLeaf[]> HashAsync(List<(long Position, UnhashedEvent Event)> chunk, CancellationToken ct) =>
        Task.Run(
            () =>
            {
                var salts = RandomNumberGenerator.GetBytes(chunk.Count * LeafEnvelope.SaltLength).AsSpan();
                var leaves = new NewLeaf[chunk.Count];
                for (var i = 0; i < leaves.Length; i++)
                {
                    var salt = salts.Slice(i * LeafEnvelope.SaltLength, LeafEnvelope.SaltLength).ToArray();
                    var envelope = chunk[i].Event.Envelope(salt);
                    leaves[i] = new(
                        envelope.Company, chunk[i].Position, envelope.Sequence, envelope.Type, envelope.Hash(), salt);
                }

                return leaves;
            },
            ct);
}
