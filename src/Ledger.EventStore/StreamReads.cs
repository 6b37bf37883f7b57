using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.EventStore;

/// <summary>Reads events back, by stream or by number.</summary>
internal static class StreamReads
{
    private const string Columns =
        "seq_id, id, tenant_id, stream_id, version, type, data, timestamp, user_name, correlation_id, causation_id, "
        + "headers";

    /// <summary>The events of each stream behind a version, in the order asked for, in one round trip.</summary>
    public static async Task<IReadOnlyList<RecordedEvent>[]> StreamsAsync(
        NpgsqlDataSource database, string company, IReadOnlyList<StreamPosition> positions, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(
            $"select number, {Columns} from ledger.read_streams($1, $2, $3)", connection);
        command.Parameters.Add(new() { Value = company, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = positions.Select(position => position.Stream).ToArray() });
        command.Parameters.Add(new() { Value = positions.Select(position => position.AfterVersion).ToArray() });
        var streams = new List<RecordedEvent>[positions.Count];
        for (var i = 0; i < streams.Length; i++)
        {
            streams[i] = [];
        }

        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            streams[reader.GetInt32(0) - 1].Add(Event(reader, 1));
        }

        return streams;
    }

    /// <summary>Up to <paramref name="limit"/> events of all companies after a number, in order.</summary>
    public static async Task<IReadOnlyList<RecordedEvent>> AllAsync(
        NpgsqlDataSource database, long afterSequence, int limit, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);

        // Without statistics, or while the table is small, the planner would read and sort the whole of it.
        batch.BatchCommands.Add(new("set enable_seqscan = off"));
        batch.BatchCommands.Add(new($"""
            select {Columns} from public.mt_events where seq_id > $1 order by seq_id limit $2
            """));
        batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter<long> { TypedValue = afterSequence });
        batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        var events = new List<RecordedEvent>();
        await using var reader = await batch.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            events.Add(Event(reader, 0));
        }

        return events;
    }

    /// <summary>The number of the last event; 0 when there is none.</summary>
    public static async Task<long> HeadAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select seq_id from public.mt_events order by seq_id desc limit 1");
        return await command.ExecuteScalarAsync(ct) as long? ?? 0;
    }

    private static RecordedEvent Event(NpgsqlDataReader reader, int at) => new(
        reader.GetInt64(at),
        reader.GetGuid(at + 1),
        reader.GetString(at + 2),
        reader.GetString(at + 3),
        reader.GetInt64(at + 4),
        reader.GetString(at + 5),
        reader.GetFieldValue<byte[]>(at + 6),
        Instant.FromDateTimeUtc(reader.GetDateTime(at + 7)),
        Text(reader, at + 8),
        Text(reader, at + 9),
        Text(reader, at + 10),
        Text(reader, at + 11));

    private static string? Text(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetString(at);
}
