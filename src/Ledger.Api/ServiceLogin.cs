using Ledger.EventStore;
using Npgsql;

namespace Ledger.Api;

/// <summary>Looks at whom the service logs in as on a configured server, before it does anything there.</summary>
internal static class ServiceLogin
{
    /// <summary>
    /// Passes for a login that has the rights of <see cref="DatabaseRoles.Service"/> and cannot give itself more: for
    /// a superuser none of the walls below the program hold, and an owner of the events can take their triggers away.
    /// </summary>
    /// <param name="database">Whose login is looked at.</param>
    /// <param name="allowSuperuser">Passes for whoever has the rights.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="SetUpException">It has too many rights, or too few.</exception>
    public static async Task CheckAsync(NpgsqlDataSource database, bool allowSuperuser, CancellationToken cancellation)
    {
        // Before version 16 of PostgreSQL whoever may create roles may also join them.
        await using var command = database.CreateCommand("""
            select session_user::text,
                case
                    when r.rolsuper then 'is a superuser'
                    when o.oid is not null and pg_has_role(r.oid, o.oid, 'member') then 'is a member of ' || o.rolname
                    when r.rolcreaterole and current_setting('server_version_num')::int < 160000
                        then 'may create roles, and so give itself any'
                end,
                s.oid is null or pg_has_role(r.oid, s.oid, 'usage')
            from pg_roles r
            left join pg_roles o on o.rolname = $1
            left join pg_roles s on s.rolname = $2
            where r.rolname = session_user
            """);
        command.Parameters.Add(new() { Value = DatabaseRoles.Owner });
        command.Parameters.Add(new() { Value = DatabaseRoles.Service });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        await rows.ReadAsync(cancellation);
        var login = rows.GetString(0);
        if (!allowSuperuser && !await rows.IsDBNullAsync(1, cancellation))
        {
            throw new SetUpException(
                $"The login {login} {rows.GetString(1)}: for it the walls of the database do not hold. Let the service "
                + $"log in as a member of {DatabaseRoles.Service} and no more (docs/operating.md), or say "
                + "--allow-superuser (AllowSuperuser=true).");
        }

        if (!rows.GetBoolean(2))
        {
            throw new SetUpException(
                $"The login {login} is no member of {DatabaseRoles.Service}. As an administrator of the server, "
                + $"grant {DatabaseRoles.Service} to {login};");
        }
    }
}
