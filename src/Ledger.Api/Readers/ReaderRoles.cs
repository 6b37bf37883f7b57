using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Ledger.Api.Postgres;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Api.Readers;

/// <summary>A login that reads in SQL.</summary>
/// <param name="WithPay">Those of the companies of which it also sees what each person is paid.</param>
/// <param name="CanLogIn">False when the server has no such login, or it is no member of the readers' role.</param>
internal sealed record ReaderRole(
    string Name, IReadOnlyList<string> Companies, IReadOnlyList<string> WithPay, bool CanLogIn);

/// <summary>
/// The logins that BI tools read the views with. Which companies they see stands in <c>ledger.readers</c> and nowhere
/// else; what is granted or revoked there holds from their next query on. Roles are of the whole server: one login may
/// read companies of several databases.
/// </summary>
internal sealed partial class ReaderRoles(NpgsqlDataSource administration)
{
    private const int PasswordLength = 32;
    private const string PasswordLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Names that need no quotes in any client; those of PostgreSQL's and our own roles are not for
    /// readers.</summary>
    public static bool IsName(string name) =>
        Name().IsMatch(name)
        && !name.StartsWith("pg_", StringComparison.Ordinal)
        && !name.StartsWith("ledger_", StringComparison.Ordinal)
        && name is not ("public" or "none");

    /// <summary>Lets a login read companies, and makes it if there is none.</summary>
    /// <param name="name">Of the login.</param>
    /// <param name="companies">That it reads.</param>
    /// <param name="withPay">Whether it also sees what each person is paid; what was granted before stays.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The password of a login that was made; it is kept nowhere.</returns>
    /// <exception cref="SetUpException">A company is unknown, the login may read more than views, or whoever asks may
    /// not do this.</exception>
    public async Task<string?> CreateAsync(
        string name, IReadOnlyList<string> companies, bool withPay, CancellationToken ct)
    {
        try
        {
            await using var connection = await administration.OpenConnectionAsync(ct);
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await RefuseUnknownAsync(connection, companies, ct);
            var password = await IsThereAsync(connection, name, ct) ? null : await MakeAsync(connection, name, ct);
            await GrantAsync(connection, name, companies, withPay, ct);
            await transaction.CommitAsync(ct);
            return password;
        }
        catch (PostgresException denied) when (denied.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw NotAllowed(denied);
        }
        catch (PostgresException raced) when (
            raced.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
        {
            throw new SetUpException($"Somebody else is making {name} right now: try again.", raced);
        }
    }

    public async Task<IReadOnlyList<ReaderRole>> ListAsync(CancellationToken ct)
    {
        await using var command = administration.CreateCommand($"""
            select r.reader::text, array_agg(r.company order by r.company),
                coalesce(array_agg(r.company order by r.company) filter (where r.reads_pay), '{"{}"}'),
                coalesce(bool_and(p.rolcanlogin and pg_has_role(p.oid, '{DatabaseRoles.Reader}', 'member')), false)
            from ledger.readers r
            left join pg_roles p on p.rolname = r.reader
            group by r.reader order by r.reader
            """);
        await using var rows = await command.ExecuteReaderAsync(ct);
        var readers = new List<ReaderRole>();
        while (await rows.ReadAsync(ct))
        {
            readers.Add(new(rows.GetString(0), rows.GetFieldValue<string[]>(1), rows.GetFieldValue<string[]>(2),
                rows.GetBoolean(3)));
        }

        return readers;
    }

    /// <summary>
    /// Takes companies away; all when none is named. The login stays, since it may read companies of other databases.
    /// </summary>
    /// <returns>Those that it read.</returns>
    public async Task<IReadOnlyList<string>> RevokeAsync(
        string name, IReadOnlyList<string> companies, CancellationToken ct)
    {
        try
        {
            await using var command = administration.CreateCommand("""
                with gone as (
                    delete from ledger.readers
                    where reader = $1::name and (cardinality($2) = 0 or company = any ($2)) returning company)
                select coalesce(array_agg(company order by company), '{}') from gone
                """);
            command.Parameters.Add(new() { Value = name });
            command.Parameters.Add(new() { Value = companies.ToArray() });
            return (string[])(await command.ExecuteScalarAsync(ct))!;
        }
        catch (PostgresException denied) when (denied.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw NotAllowed(denied);
        }
    }

    private static SetUpException NotAllowed(PostgresException denied) => new(
        $"The login of this command may not do that ({denied.MessageText}). Run it as an administrator: a superuser, "
        + $"or a member of {DatabaseRoles.Owner} who may create roles and grant {DatabaseRoles.Reader} "
        + "(docs/operating.md).",
        denied);

    private static async Task RefuseUnknownAsync(
        NpgsqlConnection connection, IReadOnlyList<string> companies, CancellationToken ct)
    {
        await using var find = new NpgsqlCommand("""
            select c from unnest($1) c
            where not exists (select from public.mt_streams s where s.tenant_id = c and s.id = 'company')
            limit 1
            """, connection);
        find.Parameters.Add(new() { Value = companies.ToArray() });
        if (await find.ExecuteScalarAsync(ct) is string unknown)
        {
            throw new SetUpException($"There is no company {unknown}: register it first.");
        }
    }

    /// <exception cref="SetUpException">There is one, and no wall would hold for it.</exception>
    private static async Task<bool> IsThereAsync(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        await using var find = new NpgsqlCommand($"""
            select case
                when not r.rolcanlogin then 'cannot log in, and a reader is known by the name that it logs in with'
                when r.rolsuper then 'is a superuser'
                when r.rolbypassrls then 'has BYPASSRLS'
                when r.rolreplication then 'may replicate, and so copy all'
                when exists (
                    select from pg_roles files
                    where files.rolname in (
                            'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
                        and pg_has_role(r.oid, files.oid, 'member'))
                    then 'may read the files of the server, or run programs there'
                when r.rolcreaterole then 'may create roles, and so give itself any'
                when pg_has_role(r.oid, '{DatabaseRoles.Service}', 'member')
                    or pg_has_role(r.oid, '{DatabaseRoles.Owner}', 'member')
                    or has_table_privilege(r.oid, 'public.mt_events', 'select') then 'may read the events of all'
                else '' end
            from pg_roles r where r.rolname = $1
            """, connection);
        find.Parameters.Add(new() { Value = name });
        return await find.ExecuteScalarAsync(ct) switch
        {
            null => false,
            "" => true,
            var why => throw new SetUpException(
                $"The login {name} {why}, so it cannot be walled into a company. Name another one, or take that from "
                + "it."),
        };
    }

    private static async Task<string> MakeAsync(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        var password = RandomNumberGenerator.GetString(PasswordLetters, PasswordLength);
        await using var make = new NpgsqlCommand(
            $"create role \"{name}\" login password '{PasswordVerifier.Of(password)}'", connection);
        await make.ExecuteNonQueryAsync(ct);
        return password;
    }

    private static async Task GrantAsync(
        NpgsqlConnection connection, string name, IReadOnlyList<string> companies, bool withPay, CancellationToken ct)
    {
        // Whoever may not grant the role may still name companies for logins that have it.
        await using var isMember = new NpgsqlCommand(
            $"select pg_has_role('{name}', '{DatabaseRoles.Reader}', 'usage')", connection);
        if (await isMember.ExecuteScalarAsync(ct) is not true)
        {
            await using var join = new NpgsqlCommand($"grant {DatabaseRoles.Reader} to \"{name}\"", connection);
            await join.ExecuteNonQueryAsync(ct);
        }

        await using var grant = new NpgsqlCommand(
            """
            insert into ledger.readers as r (reader, company, reads_pay) select $1::name, c, $3 from unnest($2) c
            on conflict (reader, company) do update set reads_pay = r.reads_pay or excluded.reads_pay
            """,
            connection);
        grant.Parameters.Add(new() { Value = name });
        grant.Parameters.Add(new() { Value = companies.ToArray() });
        grant.Parameters.Add(new() { Value = withPay });
        await grant.ExecuteNonQueryAsync(ct);
    }

    [GeneratedRegex(@"^[a-z_][a-z0-9_]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
