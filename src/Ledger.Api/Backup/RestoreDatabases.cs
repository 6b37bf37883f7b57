using System.Data.Common;
using System.Text;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>The database beside the one that is in use, in which a backup is restored.</summary>
internal sealed class RestoreDatabases(string connectionString, string database)
{
    private const int NameBytesMax = 63;

    /// <summary>By which a database that a killed restore left is told from one of somebody else's.</summary>
    private const string Mark = "Made by a restore that has yet to come to its end.";

    /// <summary>The one that is in use.</summary>
    public string Database => database;

    public string ConnectionString => connectionString;

    public string Beside => Named("restoring");

    public string ConnectionStringBeside =>
        new NpgsqlConnectionStringBuilder(connectionString) { Database = Beside }.ConnectionString;

    /// <exception cref="SetUpException">The login may not make databases, or somebody else's has the
    /// name.</exception>
    public async Task CreateAsync(CancellationToken cancellation)
    {
        await using var server = await ServerAsync(cancellation);

        // Columns of later versions are looked up by name: each version knows its own providers of locales.
        var how = await AskAsync(
            server,
            """
            select format(' owner %I template template0 encoding %L lc_collate %L lc_ctype %L tablespace %I',
                    pg_get_userbyid(d.datdba), pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, t.spcname)
                || case d.datlocprovider
                    when 'i' then format(' locale_provider icu icu_locale %L', l.locale)
                        || coalesce(' icu_rules ' || quote_literal(to_jsonb(d) ->> 'daticurules'), '')
                    when 'b' then format(' locale_provider builtin builtin_locale %L', l.locale)
                    else ' locale_provider libc' end
            from pg_database d
            join pg_tablespace t on t.oid = d.dattablespace
            cross join lateral (
                select coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') as locale) l
            where d.datname = $1
            """, cancellation);
        try
        {
            await DropMarkedAsync(server, cancellation);
            await ExecuteAsync(server, $"create database {Quoted(Beside)}{how}", cancellation);
            await ExecuteAsync(server, $"comment on database {Quoted(Beside)} is '{Mark}'", cancellation);
            await AdmitAsync(server, cancellation);
        }
        catch (PostgresException refused)
        {
            throw new SetUpException(
                $"The database '{Beside}', which is to take the place of '{database}', cannot be made: "
                + $"{refused.MessageText}. Run this as who may create databases and is a member of the owner of "
                + $"'{database}'. Nothing was changed.",
                refused);
        }
    }

    /// <summary>What is left is said rather than thrown: there is a reason for this already, which counts
    /// more.</summary>
    public async Task DropAsync(Action<string> say)
    {
        try
        {
            await using var server = await ServerAsync(CancellationToken.None);
            await DropMarkedAsync(server, CancellationToken.None);
        }
        catch (Exception left) when (left is DbException or SetUpException)
        {
            say($"The database '{Beside}' could not be dropped ({left.Message}): the next restore does it.");
        }
    }

    private async Task DropMarkedAsync(NpgsqlConnection server, CancellationToken cancellation)
    {
        var note = await AskAsync(
            server,
            """
            select coalesce(shobj_description(oid, 'pg_database'), '') from pg_database where datname = $2 and $1 <> ''
            """, cancellation, Beside);
        if (note is string other && other != Mark)
        {
            throw new SetUpException(
                $"There is a database '{Beside}' already, which no restore has marked as its own: give it another "
                + "name, or drop it if nobody needs it; then run this again. Nothing was changed.");
        }

        await ExecuteAsync(server, $"drop database if exists {Quoted(Beside)} with (force)", cancellation);
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

    /// <summary>Databases are made and named from another one, which every server has.</summary>
    internal Task<NpgsqlConnection> ServerAsync(CancellationToken cancellation) => BackupRun.OpenAsync(
        new NpgsqlConnectionStringBuilder(connectionString) { Database = "postgres" }.ConnectionString, cancellation);

    internal string Named(string what)
    {
        var room = NameBytesMax - what.Length - 1;
        var name = database;
        while (Encoding.UTF8.GetByteCount(name) > room)
        {
            name = name[..^1];
        }

        return $"{name}_{what}";
    }

    internal static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    internal async Task<object?> AskAsync(
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

    internal static async Task ExecuteAsync(
        NpgsqlConnection server, string statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, server);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
