using Ledger.EventStore;
using Npgsql;

namespace Ledger.Tests.EventStore;

/// <summary>
/// Holds the lock that every append takes first, so that a test decides what waits: one request of its own is with the
/// writer, and whatever is sent meanwhile is in its queue.
/// </summary>
internal sealed class HeldAppends : IAsyncDisposable
{
    private const string LockNumber = "7305804402566423141";
    private readonly NpgsqlConnection connection;
    private readonly Task<AppendResult> blocked;

    private HeldAppends(NpgsqlConnection connection, Task<AppendResult> blocked) =>
        (this.connection, this.blocked) = (connection, blocked);

    /// <summary>The process id of the writer's backend, which waits.</summary>
    public required int Backend { get; init; }

    public Task<AppendResult> Blocked => blocked;

    /// <param name="request">What the writer waits with; by default something that nobody else names.</param>
    public static async Task<HeldAppends> OfAsync(StoreDatabase database, Store store, AppendRequest? request = null)
    {
        var connection = await database.Source.OpenConnectionAsync();
        await ExecuteAsync(connection, $"select pg_advisory_lock({LockNumber})");
        var blocked = store.AppendAsync(
            request ?? Requests.Of("held", Requests.To($"blocked/{Guid.NewGuid()}", 0))).AsTask();
        return new(connection, blocked) { Backend = (await WaitingAsync(connection, 1, blocked))[0] };
    }

    /// <summary>Lets the writer go on.</summary>
    public async Task ReleaseAsync() => await ExecuteAsync(connection, $"select pg_advisory_unlock({LockNumber})");

    public async Task TerminateBackendAsync() =>
        await ExecuteAsync(connection, $"select pg_terminate_backend({Backend})");

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync(connection, "select pg_advisory_unlock_all()");
        await connection.DisposeAsync();
        await blocked;
    }

    /// <summary>Waits until that many requests are in the store's queue.</summary>
    public static async Task UntilWaitingAsync(Store store, int count)
    {
        while (store.Waiting < count)
        {
            await Task.Delay(1);
        }
    }

    /// <summary>Waits until that many writers wait for the lock.</summary>
    public async Task UntilWritersAsync(int count) => await WaitingAsync(connection, count, blocked);

    private static async Task<int[]> WaitingAsync(NpgsqlConnection connection, int count, Task<AppendResult> blocked)
    {
        while (true)
        {
            if (blocked.IsCompleted)
            {
                Assert.Fail($"It was answered instead of waiting: {await blocked}");
            }

            await using var command = new NpgsqlCommand(
                """
                select coalesce(array_agg(a.pid), '{}') from pg_locks l join pg_stat_activity a on a.pid = l.pid
                where l.locktype = 'advisory' and not l.granted and a.datname = current_database()
                """,
                connection);
            if (await command.ExecuteScalarAsync() is int[] pids && pids.Length >= count)
            {
                return pids;
            }

            await Task.Delay(1);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
