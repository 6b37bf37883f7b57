using System.Text;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>
/// The database beside the one that is in use, in which a backup is restored, and the exchange of the two: by their
/// names and in one transaction, so that there is always one ledger under the name, whole, and the old one stays.
/// </summary>
internal sealed class RestoreDatabases(string connectionString, string database)
{
    private const int NameBytesMax = 63;

    /// <summary>Whoever has just closed a connection is gone a moment later.</summary>
    private static readonly TimeSpan LeavingWithin = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The name is this command's: what stands under it is left from one that was killed.</summary>
    public string Beside => Named("restoring");

    public string ConnectionStringBeside =>
        new NpgsqlConnectionStringBuilder(connectionString) { Database = Beside }.ConnectionString;

    /// <exception cref="SetUpException">The login may not make databases.</exception>
    public async Task CreateAsync(CancellationToken cancellation)
    {
        await using var server = await ServerAsync(cancellation);
        var how = await AskAsync(
            server,
            """
            select format(' owner %I template template0 encoding %L', pg_get_userbyid(datdba),
                    pg_encoding_to_char(encoding))
                || case when datlocprovider = 'c'
                    then format(' locale_provider libc lc_collate %L lc_ctype %L', datcollate, datctype) else '' end
            from pg_database where datname = $1
            """, cancellation);
        try
        {
            await ExecuteAsync(server, $"drop database if exists {Quoted(Beside)}", cancellation);
            await ExecuteAsync(server, $"create database {Quoted(Beside)}{how}", cancellation);
            await AdmitAsync(server, cancellation);
        }
        catch (PostgresException refused)
        {
            throw new SetUpException(
                $"The database '{Beside}', which is to take the place of '{database}', cannot be made: "
                + $"{refused.MessageText}. Run this as who may create databases and is a member of the owner of "
                + $"'{database}'; or create an empty database yourself, restore into that, and let the service use it.",
                refused);
        }
    }

    public async Task DropAsync()
    {
        await using var server = await ServerAsync(CancellationToken.None);
        await ExecuteAsync(server, $"drop database if exists {Quoted(Beside)} with (force)", CancellationToken.None);
    }

    /// <exception cref="SetUpException">Somebody is connected: the message says who.</exception>
    public async Task RefuseUsersAsync(CancellationToken cancellation)
    {
        await using var server = await ServerAsync(cancellation);
        for (var left = LeavingWithin; ; left -= Pause)
        {
            var users = await AskAsync(
                server,
                """
                select string_agg(format('%s (process %s)', coalesce(nullif(application_name, ''), usename), pid), ', ')
                from pg_stat_activity where datname = $1 and backend_type = 'client backend'
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

    /// <returns>The name that the old one has from now on.</returns>
    /// <exception cref="SetUpException">Somebody connected meanwhile.</exception>
    public async Task<string> ExchangeAsync(CancellationToken cancellation)
    {
        await using var server = await ServerAsync(cancellation);
        var old = Named($"before_{await AskAsync(
            server, "select to_char(now() at time zone 'utc', 'YYYYMMDDHH24MISS') where $1 <> ''", cancellation)}");
        try
        {
            await using var exchange = await server.BeginTransactionAsync(cancellation);
            await ExecuteAsync(
                server, $"alter database {Quoted(database)} rename to {Quoted(old)}", cancellation);
            await ExecuteAsync(
                server, $"alter database {Quoted(Beside)} rename to {Quoted(database)}", cancellation);
            await exchange.CommitAsync(cancellation);
            return old;
        }
        catch (PostgresException inUse) when (inUse.SqlState == PostgresErrorCodes.ObjectInUse)
        {
            throw InUse(inUse.MessageText);
        }
    }

    /// <summary>Who may connect, as it is with the old one.</summary>
    private async Task AdmitAsync(NpgsqlConnection server, CancellationToken cancellation)
    {
        var grants = await AskAsync(
            server,
            """
            select format('revoke all on database %I from public;', $2) || coalesce(string_agg(format(
                'grant %s on database %I to %s%s;', a.privilege_type, $2::text,
                case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
                case when a.is_grantable then ' with grant option' else '' end), ''), '')
            from pg_database d, aclexplode(d.datacl) a
            where d.datname = $1 and d.datacl is not null and a.grantee <> d.datdba
            having count(d.datname) > 0 or (select datacl is not null from pg_database where datname = $1)
            """, cancellation, Beside);
        if (grants is string statements)
        {
            await ExecuteAsync(server, statements, cancellation);
        }
    }

    private SetUpException InUse(string users) => new(
        $"The database '{database}' is in use ({users}): stop the services and whatever else is connected to it, then "
        + "run this again. Nothing was changed.");

    /// <summary>Databases are made and named from another one, which every server has.</summary>
    private Task<NpgsqlConnection> ServerAsync(CancellationToken cancellation) => BackupRun.OpenAsync(
        new NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres" }.ConnectionString, cancellation);

    private string Named(string what)
    {
        var room = NameBytesMax - what.Length - 1;
        var name = database;
        while (Encoding.UTF8.GetByteCount(name) > room)
        {
            name = name[..^1];
        }

        return $"{name}_{what}";
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private async Task<object?> AskAsync(
        NpgsqlConnection server, string question, CancellationToken cancellation, string? other = null)
    {
        await using var command = new NpgsqlCommand(question, server);
        command.Parameters.Add(new() { Value = database });
        if (other is not null)
        {
            command.Parameters.Add(new() { Value = other });
        }

        return await command.ExecuteScalarAsync(cancellation) is { } answer and not DBNull ? answer : null;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection server, string statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, server);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
