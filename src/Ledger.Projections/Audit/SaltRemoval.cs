using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Audit;

/// <summary>
/// Destroys the salts that an event says are deleted, in the transaction that adds the leaf of this event: so whoever
/// finds the leaf finds no such salt, and what a crash cuts off is done by whoever adds the leaf then.
/// </summary>
internal static class SaltRemoval
{
    /// <param name="connection">In the transaction, with all leaves up to the last of them.</param>
    /// <param name="deletions">The leaves of the events.</param>
    public static async Task RunAsync(
        NpgsqlConnection connection, IEnumerable<NewLeaf> deletions, CancellationToken ct)
    {
        foreach (var deletion in deletions)
        {
            await RunAsync(connection, deletion.Company, deletion.Sequence, ct);
        }
    }

    /// <param name="company">Whose event it is: it deletes no salts of others.</param>
    /// <param name="sequence">Of the event.</param>
    private static async Task RunAsync(
        NpgsqlConnection connection, string company, long sequence, CancellationToken ct)
    {
        var deleted = SaltDeletions.SequencesOf(EventCatalog.Ledger, await ReadAsync(connection, sequence, ct));
        var (positions, bodies) = (new List<long>(), new List<byte[]>());
        await using (var command = new NpgsqlCommand(
            """
            select l.position, f.salt, e.data::text
            from unnest($2) n (sequence)
            cross join lateral (
                select l.position from ledger.log l where l.sequence = n.sequence and l.company = $1 offset 0) l
            join ledger.leaf f on f.company = $1 and f.position = l.position
            join public.mt_events e on e.seq_id = n.sequence
            where f.salt is not null and e.type <> $3
            """,
            connection))
        {
            command.Parameters.Add(new() { Value = company });
            command.Parameters.Add(new()
            {
                Value = deleted.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
            });
            command.Parameters.Add(new() { Value = SaltDeletions.Type });
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct))
            {
                positions.Add(rows.GetInt64(0));
                bodies.Add(Convert.FromBase64String(
                    LeafEnvelope.HashOfBody(rows.GetFieldValue<byte[]>(2), rows.GetFieldValue<byte[]>(1))));
            }
        }

        await using var delete = new NpgsqlCommand("select ledger.delete_salts($1, $2, $3)", connection);
        delete.Parameters.Add(new() { Value = company });
        delete.Parameters.Add(new() { Value = positions.ToArray() });
        delete.Parameters.Add(new() { Value = bodies.ToArray() });
        await delete.ExecuteNonQueryAsync(ct);
    }

    private static async Task<byte[]> ReadAsync(NpgsqlConnection connection, long sequence, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select data::text from public.mt_events where seq_id = $1", connection);
        command.Parameters.Add(new() { Value = sequence });
        await using var rows = await command.ExecuteReaderAsync(ct);
        await rows.ReadAsync(ct);
        return rows.GetFieldValue<byte[]>(0);
    }
}
