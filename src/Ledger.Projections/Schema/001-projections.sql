create schema if not exists ledger_read;
create schema if not exists views;
comment on schema views is 'What finance and auditors may query; see docs/sql.md.';

-- Which versions of a group's tables there are. A rebuild fills a new one beside the one in use; the swap turns the
-- state of both and the views in one transaction.
create table ledger_read.version (
    projection text not null,
    version int not null,
    state text not null check (state in ('live', 'building', 'retired')),
    definition text not null,
    views text not null,
    block_size int not null,
    created timestamptz not null default clock_timestamp(),
    primary key (projection, version)
);
create unique index version_live on ledger_read.version (projection) where state = 'live';

-- Gives the next events their positions, in order of sequence. recorded never falls below its predecessor's, so that
-- an instant is a sequence. The events are found by primary key whatever the statistics of a fresh database say.
-- Answers the last sequence that has a position, or null when another process is at it.
create function ledger_read.extend_log(events_max int) returns bigint
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    set jit = off
    set enable_seqscan = off
    set enable_bitmapscan = off
    as $$
declare
    done bigint;
    done_at timestamptz;
    upto bigint;
begin
    if not pg_try_advisory_xact_lock(7305804402566423151) then
        return null;
    end if;

    select p.last_seq_id into done from public.mt_event_progression p where p.name = 'log:All';
    done := coalesce(done, 0);
    if not exists (select from public.mt_events e where e.seq_id > done) then
        return done;
    end if;

    select l.recorded into done_at from ledger.log l where l.sequence = done;

    with fresh as materialized (
        select e.seq_id, coalesce(e.tenant_id, '*DEFAULT*') as company, e.timestamp
        from public.mt_events e
        where e.seq_id > done
        order by e.seq_id
        limit events_max
    ), head as materialized (
        select c.company, coalesce(
            (select l.position from ledger.log l where l.company = c.company order by l.position desc limit 1), 0
        ) as position
        from (select distinct f.company from fresh f) c
    ), written as (
        insert into ledger.log (company, position, sequence, recorded)
        select f.company, h.position + row_number() over (partition by f.company order by f.seq_id), f.seq_id,
            greatest(done_at, max(f.timestamp) over (order by f.seq_id))
        from fresh f
        join head h on h.company = f.company
        order by f.seq_id
    )
    select max(f.seq_id) into upto from fresh f;

    insert into public.mt_event_progression (name, last_seq_id, last_updated)
    values ('log:All', upto, clock_timestamp())
    on conflict (name) do update set last_seq_id = excluded.last_seq_id, last_updated = excluded.last_updated;
    return upto;
end
$$;

-- Moves a checkpoint by compare-and-set. The lock is held to the end of the transaction, and nobody waits for it.
-- Answers 'ok', or why not: 'busy' (another process is writing), 'moved' (another process was faster), 'version'
-- (these tables are no longer the ones to be filled).
create function ledger_read.move_checkpoint(
    for_projection text, of_version int, checkpoint text, from_sequence bigint, to_sequence bigint
) returns text
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    if not pg_try_advisory_xact_lock(ledger_read.lock_of(for_projection, of_version)) then
        return 'busy';
    end if;

    if not exists (
        select from ledger_read.version v
        where v.projection = for_projection and v.version = of_version
            and checkpoint = case v.state
                when 'live' then for_projection || ':All'
                when 'building' then for_projection || '.' || of_version || ':All'
            end
    ) then
        return 'version';
    end if;

    update public.mt_event_progression p set last_seq_id = to_sequence, last_updated = clock_timestamp()
    where p.name = checkpoint and p.last_seq_id = from_sequence;
    if not found then
        return 'moved';
    end if;

    return 'ok';
end
$$;

create function ledger_read.lock_of(for_projection text, of_version int) returns bigint
    language sql immutable
    as $$ select hashtextextended('ledger_read.' || for_projection || '.' || of_version, 7305804402566423152) $$;

-- The last position of a company that was recorded at or before the instant; 0 when there is none. As recorded never
-- falls, a binary search over the primary key finds it in some twenty look-ups.
create function ledger_read.position_at(of_company text, instant timestamptz) returns bigint
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    low bigint := 0;
    high bigint;
    middle bigint;
begin
    select l.position into high from ledger.log l where l.company = of_company order by l.position desc limit 1;
    high := coalesce(high, 0);
    while low < high loop
        middle := (low + high + 1) / 2;
        if (select l.recorded <= instant from ledger.log l where l.company = of_company and l.position = middle) then
            low := middle;
        else
            high := middle - 1;
        end if;
    end loop;
    return low;
end
$$;

-- The last position of a company at or before a sequence of the whole store; 0 when there is none.
create function ledger_read.position_at_sequence(of_company text, upto bigint) returns bigint
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    as $$
declare
    low bigint := 0;
    high bigint;
    middle bigint;
begin
    select l.position into high from ledger.log l where l.company = of_company order by l.position desc limit 1;
    high := coalesce(high, 0);
    while low < high loop
        middle := (low + high + 1) / 2;
        if (select l.sequence <= upto from ledger.log l where l.company = of_company and l.position = middle) then
            low := middle;
        else
            high := middle - 1;
        end if;
    end loop;
    return low;
end
$$;

-- For those who ask in SQL: position <= views.position_at('acme', '2026-04-05') is what was known by then.
create function views.position_at(of_company text, instant timestamptz) returns bigint
    language sql stable
    as $$ select ledger_read.position_at(of_company, instant) $$;
comment on function views.position_at is 'The last position of a company that was recorded at or before an instant.';
