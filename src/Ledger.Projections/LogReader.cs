using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections;

/// <summary>
/// Extends <c>ledger.log</c> by what was appended and reads the events behind a sequence together with their positions.
/// It has a connection of its own, so that the next batch can be read while the last one is written.
/// </summary>
internal sealed class LogReader : IAsyncDisposable
{
    /// <summary>How many events one call gives positions to: as many as a batch takes at most, so that reading finds
    /// enough and no batch waits for the positions of many others.</summary>
    private const int ExtendMax = 8_192;

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlCommand extend;
    private readonly NpgsqlCommand read;
    private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);

    private LogReader(NpgsqlConnection connection)
    {
        this.connection = connection;

        // A statement of its own, committed before rows are read: the function holds a lock for all processes until
        // then, and one that is frozen while it reads would leave them without positions.
        extend = new("select ledger_read.extend_log($1)", connection) { CommandTimeout = 0 };
        extend.Parameters.Add(new NpgsqlParameter<int> { TypedValue = ExtendMax });

        // The bounds stand twice: a merge join would begin at the first position ever given.
        read = new("""
            select e.seq_id, l.company, l.position, l.recorded, e.stream_id, e.version, e.type, e.data,
                e.user_name, e.correlation_id, e.causation_id, e.id
            from public.mt_events e
            join ledger.log l on l.sequence = e.seq_id
            where e.seq_id > $1 and e.seq_id <= $2 and l.sequence > $1 and l.sequence <= $2
            order by e.seq_id
            limit $3
            """, connection) { CommandTimeout = 0 };
        read.Parameters.Add(new NpgsqlParameter<long>());
        read.Parameters.Add(new NpgsqlParameter<long>());
        read.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Integer });
    }

    public static async Task<LogReader> OpenAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        var connection = await database.OpenConnectionAsync(ct);
        try
        {
            await Session.PrepareAsync(connection, ct);
            return new(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads up to <paramref name="eventsMax"/> events, and ends early once they take too many
    /// bytes.</summary>
    public async Task ReadAsync(
        long after, long upTo, int eventsMax, long bytesMax, List<LoggedEvent> into, CancellationToken ct)
    {
        await GivePositionsAsync(ct);
        var parameters = read.Parameters;
        parameters[0].Value = after;
        parameters[1].Value = upTo;
        parameters[2].Value = eventsMax;
        await using var reader = await read.ExecuteReaderAsync(ct);
        var bytes = 0L;
        while (bytes < bytesMax && await reader.ReadAsync(ct))
        {
            var data = reader.GetFieldValue<byte[]>(7);
            bytes += data.Length;
            into.Add(new(
                reader.GetInt64(0),
                Known(reader.GetString(1)),
                reader.GetInt64(2),
                reader.GetFieldValue<long>(3),
                reader.IsDBNull(4) ? "" : reader.GetString(4),
                reader.GetInt64(5),
                Known(reader.GetString(6)),
                data,
                reader.IsDBNull(8) ? null : Known(reader.GetString(8)),
                reader.IsDBNull(9) ? null : reader.GetString(9),
                reader.IsDBNull(10) ? null : reader.GetString(10),
                reader.GetGuid(11)));
        }
    }

    /// <summary>Gives the next events their positions, unless another process is at it.</summary>
    public Task GivePositionsAsync(CancellationToken ct) => extend.ExecuteNonQueryAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await extend.DisposeAsync();
        await read.DisposeAsync();
        await connection.DisposeAsync();
    }

    // A few companies, types and actors come again and again; one string each is enough.
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
