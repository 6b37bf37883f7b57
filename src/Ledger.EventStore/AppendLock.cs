using System.Globalization;
using Npgsql;

namespace Ledger.EventStore;

/// <summary>The lock that every append holds from before it takes its instant until its commit.</summary>
public static class AppendLock
{
    private const long Number = 7305804402566423141;

    /// <summary>
    /// Lets the appends pass that hold the lock now. Whatever is recorded later has a later instant than any that the
    /// database's clock has shown before this was called. It needs no right but to connect.
    /// </summary>
    /// <returns>False when an append is still at it after that time.</returns>
    public static async Task<bool> PassAsync(
        NpgsqlDataSource database, TimeSpan atMost, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        var milliseconds = Math.Max(1, (long)atMost.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        await using var connection = await database.OpenConnectionAsync(ct);

        // One transaction, because a batch is one: the time-out and the lock end with it.
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("select set_config('lock_timeout', $1, true)") { Parameters = { new() { Value = milliseconds } } },
                new($"select pg_advisory_xact_lock_shared({Number})"),
            },
        };
        try
        {
            await batch.ExecuteNonQueryAsync(ct);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }
}
