using System.Data.Common;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>
/// The exchange of two databases: by their names and in one transaction, so that there is always one ledger under the
/// name, whole, and the old one stays.
/// </summary>
internal sealed class RestoreExchange(RestoreDatabases databases)
{
    /// <summary>Whoever has just closed a connection is gone a moment later.</summary>
    private static readonly TimeSpan LeavingWithin = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private string Name => databases.Database;

    /// <summary>As it stands in statements.</summary>
    private string Database => RestoreDatabases.Quoted(Name);

    /// <exception cref="SetUpException">Somebody is connected: the message says who.</exception>
    public async Task RefuseUsersAsync(CancellationToken cancellation)
    {
        await using var server = await databases.ServerAsync(cancellation);
        await RefuseUsersAsync(server, 0, cancellation);
    }

    /// <summary>Nobody gets in any more, the last event is still the one that was looked at, and the names are
    /// exchanged.</summary>
    /// <param name="last">The last event of the ledger that goes, as it was when all was asked.</param>
    /// <param name="cancellation">Leaves both as they are, unless they were exchanged already.</param>
    /// <returns>The name that the old one has from now on.</returns>
    /// <exception cref="SetUpException">Somebody connected, or recorded something, meanwhile; or nobody knows whether
    /// it was done.</exception>
    public async Task<string> ExchangeAsync(Guid? last, CancellationToken cancellation)
    {
        var own = await BackupRun.OpenAsync(databases.ConnectionString, cancellation);
        await using (own)
        {
            await using var server = await databases.ServerAsync(cancellation);
            var old = databases.Named($"before_{await databases.AskAsync(
                server, "select to_char(now() at time zone 'utc', 'YYYYMMDDHH24MISS') where $1 <> ''", cancellation)}");
            try
            {
                await RestoreDatabases.ExecuteAsync(
                    server, $"alter database {Database} allow_connections false", cancellation);
                await RefuseUsersAsync(server, own.ProcessID, cancellation);
                if ((await RestoreTarget.LookAsync(own, long.MaxValue, cancellation)).LastEvent != last)
                {
                    throw new SetUpException(
                        $"In the database '{Name}' something was recorded while the backup was restored beside it: "
                        + "stop the services, then run this again. Nothing was changed.");
                }

                await own.CloseAsync();
                await RenameAsync(server, old, cancellation);
                return old;
            }
            catch (PostgresException inUse) when (inUse.SqlState == PostgresErrorCodes.ObjectInUse)
            {
                await AdmitAgainAsync();
                throw InUse(inUse.MessageText);
            }
            catch (Exception failure) when (failure is not SetUpException)
            {
                if (await IsExchangedAsync(old, failure))
                {
                    return old;
                }

                await AdmitAgainAsync();
                throw;
            }
            catch
            {
                await AdmitAgainAsync();
                throw;
            }
        }
    }

    private async Task RenameAsync(NpgsqlConnection server, string old, CancellationToken cancellation)
    {
        var asItWas = await databases.AskAsync(
            server,
            """
            select format('comment on database %1$I is %2$L; alter database %1$I connection limit %3$s', datname,
                shobj_description(oid, 'pg_database'), datconnlimit)
            from pg_database where datname = $1
            """, cancellation);
        await using var exchange = await server.BeginTransactionAsync(cancellation);
        foreach (var statement in new[]
        {
            $"alter database {Database} rename to {RestoreDatabases.Quoted(old)}",
            $"alter database {RestoreDatabases.Quoted(old)} allow_connections true",
            $"alter database {RestoreDatabases.Quoted(databases.Beside)} rename to {Database}",
            (string)asItWas!,
        })
        {
            await RestoreDatabases.ExecuteAsync(server, statement, cancellation);
        }

        await exchange.CommitAsync(cancellation);
    }

    /// <summary>Where the connection was lost at the commit, the server knows whether it was done.</summary>
    private async Task<bool> IsExchangedAsync(string old, Exception failure)
    {
        try
        {
            await using var server = await databases.ServerAsync(CancellationToken.None);
            return await databases.AskAsync(
                server, "select 1 from pg_database where datname = $2 and $1 <> ''", CancellationToken.None, old)
                is not null;
        }
        catch (DbException unreachable)
        {
            throw new SetUpException(
                $"Whether the backup has taken the place of '{Name}' is unknown: {failure.Message} and then "
                + $"{unreachable.Message} If there is a database '{old}' (psql -l), it has, and that is what was "
                + $"there; if not, nothing was changed: say 'alter database {Database} allow_connections true', and "
                + "run this again.",
                failure);
        }
    }

    private async Task AdmitAgainAsync()
    {
        try
        {
            await using var server = await databases.ServerAsync(CancellationToken.None);
            await RestoreDatabases.ExecuteAsync(
                server, $"alter database {Database} allow_connections true", CancellationToken.None);
        }
        catch (DbException unreachable)
        {
            throw new SetUpException(
                $"Nothing was replaced, but '{Name}' admits nobody now ({unreachable.Message}): as an administrator "
                + $"say 'alter database {Database} allow_connections true'.", unreachable);
        }
    }

    private async Task RefuseUsersAsync(NpgsqlConnection server, int butProcess, CancellationToken cancellation)
    {
        for (var left = LeavingWithin; ; left -= Pause)
        {
            // Whose sessions this login may not look into show no kind; those of the server's own have no user.
            var users = await databases.AskAsync(
                server,
                $"""
                select string_agg(format('%s (process %s)', coalesce(nullif(application_name, ''), usename), pid), ', ')
                from pg_stat_activity
                where datname = $1 and pid <> {butProcess} and usesysid is not null
                    and coalesce(backend_type, 'client backend') = 'client backend'
                """, cancellation);
            if (users is not string connected)
            {
                return;
            }

            if (left <= TimeSpan.Zero)
            {
                throw InUse(connected);
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    private SetUpException InUse(string users) => new(
        $"The database '{Name}' is in use ({users}): stop the services and whatever else is connected to it, then "
        + "run this again. Nothing was changed.");
}
