namespace Ledger.Tests.Roles;

/// <summary>What a database says of owners and rights, as sentences that a test compares whole.</summary>
internal static class RoleCatalog
{
    /// <summary>Every schema, table, view, sequence and function of ours that is not its role's.</summary>
    public const string Misowned = """
        with thing (schema, name, owner) as (
            select nspname, 'schema ' || nspname, nspowner from pg_namespace
            union all
            select n.nspname, c.oid::regclass::text, c.relowner
            from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'v', 'm', 'S', 'p')
            union all
            select n.nspname, p.oid::regproc::text, p.proowner
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        ), role (schema, name) as (
            values ('public', 'ledger_owner'), ('ledger', 'ledger_owner'), ('ledger_read', 'ledger_service'),
                ('views', 'ledger_service')
        )
        select format('%s belongs to %s, not %s', t.name, pg_get_userbyid(t.owner), r.name)
        from thing t join role r on r.schema = t.schema
        where pg_get_userbyid(t.owner) <> r.name
        order by 1
        """;

    /// <summary>The rights that others than the owner have, on schemas, tables, sequences and functions.</summary>
    public const string Granted = """
        with thing (schema, name, owner, acl) as (
            select nspname, 'schema ' || nspname, nspowner, nspacl from pg_namespace
            union all
            select n.nspname, c.oid::regclass::text, c.relowner, c.relacl
            from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'S')
            union all
            select n.nspname, p.oid::regproc::text, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        )
        select format('%s: %s to %s', t.name, string_agg(lower(a.privilege_type), ', ' order by a.privilege_type),
            case when a.grantee = 0 then 'all' else pg_get_userbyid(a.grantee)::text end)
        from thing t cross join lateral aclexplode(t.acl) a
        where t.schema in ('public', 'ledger') and a.grantee <> t.owner
        group by t.name, a.grantee
        order by t.name collate "C", pg_get_userbyid(a.grantee)::text
        """;

    /// <summary>Tables of which readers could see all rows, or that wall off their owner.</summary>
    public const string Unwalled = """
        select c.relname::text from pg_class c
        where c.relnamespace = 'ledger_read'::regnamespace and c.relkind = 'r'
            and (not c.relrowsecurity or c.relforcerowsecurity or exists (
                select from pg_attribute a
                where a.attrelid = c.oid and a.attname = 'company' and not a.attisdropped
                    and not exists (
                        select from pg_policies p
                        where p.schemaname = 'ledger_read' and p.tablename = c.relname
                            and p.policyname = 'readers' and p.roles = '{ledger_reader}' and p.cmd = 'SELECT'
                            and p.qual like '%( SELECT ledger.readable_companies()%')))
        """;
}
