using Npgsql;
using NpgsqlTypes;

namespace Ledger.Benchmarks.Appends;

/// <summary>The same entries into the same tables, as others would do it.</summary>
internal static class AppendPeers
{
    /// <summary>A transaction an entry, the number drawn from the sequence: fast, without checks, with holes.</summary>
    public const string Nextval = """
        with stream as (
            insert into mt_streams (tenant_id, id, version, timestamp, created)
            values ($1, $2, 1, clock_timestamp(), clock_timestamp()))
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type,
            correlation_id, user_name)
        values (nextval('mt_events_sequence'), $3, $2, 1, $4, $5, clock_timestamp(), $1, $6, $7, $8)
        """;

    /// <summary>The same with our guarantees: two versions checked and a number without holes, by a locked
    /// row.</summary>
    public const string CounterRow = """
        with number as (
            update bench_counter set last = last + 1
            where coalesce((select version from mt_streams where tenant_id = $1 and id = 'chart'), 0) = 1
                and coalesce((select version from mt_streams where tenant_id = $1 and id = 'periods'), 0) = 0
            returning last),
        stream as (
            insert into mt_streams (tenant_id, id, version, timestamp, created)
            select $1, $2, 1, clock_timestamp(), clock_timestamp() from number)
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type,
            correlation_id, user_name)
        select last, $3, $2, 1, $4, $5, clock_timestamp(), $1, $6, $7, $8 from number
        """;

    public static async Task AppendAsync(NpgsqlConnection connection, NpgsqlCommand command, long number)
    {
        command.Connection = connection;
        command.Parameters[1].Value = Entries.Stream(number);
        command.Parameters[2].Value = Guid.NewGuid();
        command.Parameters[3].Value = Entries.Body(number);
        if (await command.ExecuteNonQueryAsync() != 1)
        {
            throw new InvalidOperationException("The peer did not append its entry.");
        }
    }

    public static async Task<NpgsqlCommand> PrepareAsync(NpgsqlConnection connection, string sql)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = Entries.Company, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new() { Value = "", NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new() { Value = Guid.Empty, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = Array.Empty<byte>(), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = Entries.Type, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new() { Value = Entries.DotnetType, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new() { Value = Entries.Who.CorrelationId!, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new() { Value = Entries.Who.Actor, NpgsqlDbType = NpgsqlDbType.Varchar });
        await command.PrepareAsync();
        return command;
    }

    /// <summary>So many entries by binary COPY, streams and events, in one transaction.</summary>
    public static async Task CopyAsync(NpgsqlConnection connection, long first, int count)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(1_767_225_600_000).UtcDateTime;
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var streams = await connection.BeginBinaryImportAsync(
            "copy mt_streams (tenant_id, id, version, timestamp, created) from stdin (format binary)"))
        {
            for (var number = first; number < first + count; number++)
            {
                await streams.StartRowAsync();
                await streams.WriteAsync(Entries.Company, NpgsqlDbType.Varchar);
                await streams.WriteAsync(Entries.Stream(number), NpgsqlDbType.Varchar);
                await streams.WriteAsync(1L, NpgsqlDbType.Bigint);
                await streams.WriteAsync(now, NpgsqlDbType.TimestampTz);
                await streams.WriteAsync(now, NpgsqlDbType.TimestampTz);
            }

            await streams.CompleteAsync();
        }

        await using (var events = await connection.BeginBinaryImportAsync("""
            copy mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type,
                correlation_id, user_name) from stdin (format binary)
            """))
        {
            for (var number = first; number < first + count; number++)
            {
                await events.StartRowAsync();
                await events.WriteAsync(number + 2, NpgsqlDbType.Bigint);
                await events.WriteAsync(Guid.NewGuid(), NpgsqlDbType.Uuid);
                await events.WriteAsync(Entries.Stream(number), NpgsqlDbType.Varchar);
                await events.WriteAsync(1L, NpgsqlDbType.Bigint);
                await events.WriteAsync(Entries.Body(number), NpgsqlDbType.Jsonb);
                await events.WriteAsync(Entries.Type, NpgsqlDbType.Varchar);
                await events.WriteAsync(now, NpgsqlDbType.TimestampTz);
                await events.WriteAsync(Entries.Company, NpgsqlDbType.Varchar);
                await events.WriteAsync(Entries.DotnetType, NpgsqlDbType.Varchar);
                await events.WriteAsync(Entries.Who.CorrelationId!, NpgsqlDbType.Varchar);
                await events.WriteAsync(Entries.Who.Actor, NpgsqlDbType.Varchar);
            }

            await events.CompleteAsync();
        }

        await transaction.CommitAsync();
    }
}
