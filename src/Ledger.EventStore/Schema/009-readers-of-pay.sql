set local role ledger_owner;

-- Whether a login also sees what each person is paid. Nobody does unless that was said.
alter table ledger.readers add column reads_pay boolean not null default false;

create function ledger.companies_readable_with_pay() returns text[]
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$
        select coalesce(array_agg(r.company), '{}') from ledger.readers r where r.reader = session_user and r.reads_pay
    $$;
grant execute on function ledger.companies_readable_with_pay() to ledger_reader;
