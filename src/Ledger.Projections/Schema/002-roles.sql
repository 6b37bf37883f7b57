-- The service owns the read models: it makes and drops versions of their tables and points the views at them.
alter schema ledger_read owner to ledger_service;
alter schema views owner to ledger_service;

do $$
declare
    each text;
begin
    for each in
        select format('alter table %s owner to ledger_service', c.oid::regclass)
        from pg_class c
        where c.relkind in ('r', 'v') and c.relnamespace in ('ledger_read'::regnamespace, 'views'::regnamespace)
        union all
        select format('alter function %s owner to ledger_service', p.oid::regprocedure)
        from pg_proc p
        where p.pronamespace in ('ledger_read'::regnamespace, 'views'::regnamespace)
    loop
        execute each;
    end loop;
end
$$;

-- From here on as the service, so that what is made is the service's. Later steps begin with this line.
set local role ledger_service;

-- Lets readers see the rows of their companies in a table, and nothing else of it. They have no right to use the
-- schema, so they get at it by the views alone. The owner passes by: row-level security costs the service nothing.
-- As a sub-select the function is called once a query, and company is looked up by index.
create function ledger_read.wall_in(of_table text) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    execute format('alter table ledger_read.%I enable row level security', of_table);
    execute format(
        'create policy readers on ledger_read.%I for select to ledger_reader '
            'using (company = any ((select ledger.readable_companies())::text[]))', of_table);
    execute format('grant select on ledger_read.%I to ledger_reader', of_table);
end
$$;

select ledger_read.wall_in(c.relname)
from pg_class c
where c.relnamespace = 'ledger_read'::regnamespace and c.relkind = 'r' and c.relname <> 'version';

-- Without a policy nobody but the owner sees a row.
alter table ledger_read.version enable row level security;

grant usage on schema views to ledger_reader;
grant select on all tables in schema views to ledger_reader;
alter default privileges in schema views grant select on tables to ledger_reader;

-- The same search as in ledger_read.position_at, but over what the view shows to who asks: readers find the positions
-- of their own companies, and no others.
create or replace function views.position_at(of_company text, instant timestamptz) returns bigint
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    low bigint := 0;
    high bigint;
    middle bigint;
begin
    select p.position into high from views.position p where p.company = of_company order by p.position desc limit 1;
    high := coalesce(high, 0);
    while low < high loop
        middle := (low + high + 1) / 2;
        if (select p.recorded <= instant from views.position p where p.company = of_company and p.position = middle)
        then
            low := middle;
        else
            high := middle - 1;
        end if;
    end loop;
    return low;
end
$$;
