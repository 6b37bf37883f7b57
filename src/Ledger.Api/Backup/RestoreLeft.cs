using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>
/// What an administrator put beside the ledger into its database, and a backup does not hold: the database that takes
/// its place has none of it, so it is named, where that is possible as the statement that brings it back.
/// </summary>
internal static class RestoreLeft
{
    private const string Find = """
        with own as (
            select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('ledger', 'ledger_read', 'views')
                or (n.nspname = 'public' and c.relname like any (array[
                    'mt\_streams%', 'mt\_events%', 'mt\_event\_progression%', 'mt\_high\_water\_skips%',
                    'mt\_doc\_deadletterevent%']))),
        of_extensions as (select classid, objid from pg_depend where deptype = 'e'),
        ours as (
            select oid from pg_roles where rolname in ('ledger_owner', 'ledger_service', 'ledger_reader')
            union select 0),
        schemas as (
            select n.* from pg_namespace n
            where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
                and not exists (
                    select from of_extensions x where x.classid = 'pg_namespace'::regclass and x.objid = n.oid))
        select format('grant %s on %s %I.%I to %I', lower(a.privilege_type),
            case c.relkind when 'S' then 'sequence' else 'table' end, n.nspname, c.relname,
            pg_get_userbyid(a.grantee))
        from own join pg_class c on c.oid = own.oid join pg_namespace n on n.oid = c.relnamespace,
            aclexplode(c.relacl) a
        where a.grantee <> c.relowner and a.grantee not in (select oid from ours)
        union all
        select format('grant %s on schema %I to %I', lower(a.privilege_type), n.nspname, pg_get_userbyid(a.grantee))
        from schemas n, aclexplode(n.nspacl) a
        where n.nspname in ('public', 'ledger', 'ledger_read', 'views') and a.grantee <> n.nspowner
            and a.grantee not in (select oid from ours)
        union all
        select format('the schema %I', nspname) from schemas
        where nspname not in ('public', 'ledger', 'ledger_read', 'views')
        union all
        select format('the %s %s', case c.relkind when 'v' then 'view' else 'table' end, c.oid::regclass)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'public' and c.relkind in ('r', 'p', 'f', 'm', 'v')
            and c.oid not in (select oid from own)
            and not exists (select from of_extensions x where x.classid = 'pg_class'::regclass and x.objid = c.oid)
        union all
        select format('the function %s', p.oid::regprocedure)
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = 'public'
            and not exists (select from of_extensions x where x.classid = 'pg_proc'::regclass and x.objid = p.oid)
        union all
        select format('the publication %I', pubname) from pg_publication
        union all
        select format('create extension %I', extname) from pg_extension where extname <> 'plpgsql'
        union all
        select format('alter %s set %s', case s.setrole when 0 then format('database %I', current_database())
                else format('role %I in database %I', pg_get_userbyid(s.setrole), current_database()) end,
            regexp_replace(setting, '=(.*)$', ' = ''\1'''))
        from pg_db_role_setting s, unnest(s.setconfig) setting
        where s.setdatabase = (select oid from pg_database where datname = current_database())
        order by 1
        """;

    public static async Task<IReadOnlyList<string>> OfAsync(
        NpgsqlConnection target, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Find, target);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var all = new List<string>();
        while (await rows.ReadAsync(cancellation))
        {
            all.Add(rows.GetString(0));
        }

        return all;
    }
}
