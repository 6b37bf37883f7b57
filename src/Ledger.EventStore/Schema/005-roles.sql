-- Who may do what in the database, below everything that the program allows or refuses:
--   ledger_owner    owns the events and the functions that write them; nobody logs in as it
--   ledger_service  runs the service: reads events, appends by ledger.append, owns ledger_read and views
--   ledger_reader   reads views, row by row walled into the companies that ledger.readers names
-- Roles belong to the whole server, so another database's migration may have made them, or be making them right now.
do $$
declare
    each text;
begin
    foreach each in array array['ledger_owner', 'ledger_service', 'ledger_reader'] loop
        continue when exists (select from pg_roles where rolname = each);
        begin
            execute format('create role %I nologin', each);
        exception
            when duplicate_object or unique_violation then
                null;
            when insufficient_privilege then
                raise exception 'The role % is missing and % may not create roles. As an administrator of the server, '
                    'create role ledger_owner; create role ledger_service; create role ledger_reader; '
                    'grant ledger_owner, ledger_service to %; then migrate again.', each, current_user, current_user
                    using errcode = 'insufficient_privilege';
        end;
    end loop;

    if (select rolcanlogin from pg_roles where rolname = 'ledger_owner') then
        raise exception 'Somebody may log in as ledger_owner, and so change what is recorded. As an administrator of '
            'the server, alter role ledger_owner nologin; then migrate again, as somebody else.'
            using errcode = 'insufficient_privilege';
    end if;

    -- What is made over to a role must be made over by a member of it.
    foreach each in array array['ledger_owner', 'ledger_service'] loop
        continue when pg_has_role(current_user, each, 'usage');
        begin
            execute format('grant %I to %I', each, current_user);
        exception
            when unique_violation then
                null;
            when insufficient_privilege then
                raise exception '% is no member of %. As an administrator of the server, grant ledger_owner, '
                    'ledger_service to %; then migrate again.', current_user, each, current_user
                    using errcode = 'insufficient_privilege';
        end;
    end loop;
end
$$;

-- The owner of a schema may drop whatever is in it, so both are the owner's.
alter schema ledger owner to ledger_owner;
alter schema public owner to ledger_owner;
revoke create on schema public from public;

do $$
declare
    each text;
begin
    for each in
        select format('alter table %s owner to ledger_owner', c.oid::regclass)
        from pg_class c
        where c.relkind = 'r' and (c.relnamespace = 'ledger'::regnamespace or c.oid in (
            'public.mt_streams'::regclass, 'public.mt_events'::regclass, 'public.mt_event_progression'::regclass,
            'public.mt_high_water_skips'::regclass, 'public.mt_doc_deadletterevent'::regclass))
        union all
        select format('alter function %s owner to ledger_owner', p.oid::regprocedure)
        from pg_proc p
        where p.pronamespace = 'ledger'::regnamespace
    loop
        execute each;
    end loop;
end
$$;

-- From here on as the owner, so that what is made is the owner's. Later steps begin with this line.
set local role ledger_owner;

-- What later steps make may be read by the service, and its functions are the owner's until they are granted.
alter default privileges in schema ledger grant select on tables to ledger_service;
alter default privileges revoke execute on functions from public;

grant usage on schema ledger, public to ledger_service;
grant select on all tables in schema ledger to ledger_service;
grant select on public.mt_streams, public.mt_events, public.mt_event_progression, public.mt_high_water_skips
    to ledger_service;
grant select on sequence public.mt_events_sequence to ledger_service;
grant insert, update, delete on public.mt_event_progression to ledger_service;
grant insert on ledger.log to ledger_service;
revoke all on all functions in schema ledger from public;
grant execute on function ledger.append, ledger.record_holes, ledger.read_streams to ledger_service;

-- Which companies a login may read in SQL. It goes by the name that was logged in with: that no SQL can change, while
-- any setting can be set by whoever asks.
create table ledger.readers (
    reader name not null,
    company text not null,
    primary key (reader, company)
);

create function ledger.readable_companies() returns text[]
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
    as $$ select coalesce(array_agg(r.company), '{}') from ledger.readers r where r.reader = session_user $$;
grant execute on function ledger.readable_companies() to ledger_reader;

-- views.position shows readers their companies' rows of the log. They have no right to use the schema, so they get at
-- it by that view alone. As a sub-select the function is called once a query.
alter table ledger.log enable row level security;
create policy service on ledger.log to ledger_service using (true);
create policy readers on ledger.log for select to ledger_reader
    using (company = any ((select ledger.readable_companies())::text[]));
grant select on ledger.log to ledger_reader;
