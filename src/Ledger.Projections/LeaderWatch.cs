using System.Globalization;
using Ledger.Projections.Books;
using Npgsql;

namespace Ledger.Projections;

/// <summary>
/// Watches the checkpoint that another process moves. A process that leaves events lying has ended or hangs: if it
/// holds no lock it can simply be overtaken; if it froze in the middle of a transaction, its connection is ended first.
/// </summary>
internal sealed class LeaderWatch(NpgsqlDataSource database, BooksTables tables, ProjectionPace pace) : IAsyncDisposable
{
    private NpgsqlConnection? connection;

    /// <summary>
    /// Returns when events have been lying behind the checkpoint for too long, or other tables are in use.
    /// </summary>
    public async Task UntilAbandonedAsync(long from, Action<long> moved, CancellationToken ct)
    {
        var last = from;
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var (checkpoint, head, free, live) = await LookAsync(ct);
            if (!live)
            {
                return;
            }

            if (checkpoint != last || checkpoint >= head)
            {
                last = checkpoint;
                since = TimeProvider.System.GetTimestamp();
                moved(checkpoint);
            }

            var still = TimeProvider.System.GetElapsedTime(since);
            if (still > pace.TakeOver && free)
            {
                return;
            }

            if (still > pace.Hang)
            {
                await EndHolderAsync(ct);
                return;
            }

            await Task.Delay(pace.Poll, ct);
        }
    }

    /// <summary>Returns when another process has gone past an event that this one cannot read.</summary>
    /// <param name="meanwhile">Is done again and again.</param>
    public async Task UntilPassedAsync(long stoppedAt, Func<CancellationToken, Task> meanwhile, CancellationToken ct)
    {
        while ((await LookAsync(ct)).Checkpoint <= stoppedAt)
        {
            await meanwhile(ct);
            await Task.Delay(pace.TakeOver, ct);
        }
    }

    public ValueTask DisposeAsync() => connection?.DisposeAsync() ?? default;

    private async Task<(long Checkpoint, long Head, bool Free, bool Live)> LookAsync(CancellationToken ct)
    {
        await using var command = await CommandAsync("""
            select
                coalesce((select p.last_seq_id from public.mt_event_progression p where p.name = 'books:All'), 0),
                coalesce((select e.seq_id from public.mt_events e order by e.seq_id desc limit 1), 0),
                not exists (select from pg_locks l where
            """ + Holds + """
            ), exists (
                select from ledger_read.version v
                where v.projection = 'books' and v.state = 'live' and v.version = $1)
            """, ct);
        command.Parameters.Add(new() { Value = tables.Version });
        await using var rows = await command.ExecuteReaderAsync(ct);
        await rows.ReadAsync(ct);
        return (rows.GetInt64(0), rows.GetInt64(1), rows.GetBoolean(2), rows.GetBoolean(3));
    }

    private async Task EndHolderAsync(CancellationToken ct)
    {
        await using var command = await CommandAsync(
            "select pg_terminate_backend(l.pid) from pg_locks l where" + Holds, ct);
        await command.ExecuteNonQueryAsync(ct);
    }

    private string Holds => string.Create(CultureInfo.InvariantCulture, $"""
         l.locktype = 'advisory' and l.granted and l.objsubid = 1
            and l.database = (select d.oid from pg_database d where d.datname = current_database())
            and ((l.classid::bigint << 32) | l.objid::bigint) = ledger_read.lock_of('books', {tables.Version})
        """);

    private async Task<NpgsqlCommand> CommandAsync(string sql, CancellationToken ct)
    {
        connection ??= await database.OpenConnectionAsync(ct);
        return new NpgsqlCommand(sql, connection);
    }
}
