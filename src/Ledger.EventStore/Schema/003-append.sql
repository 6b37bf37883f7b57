-- Appends a batch of requests, each all or nothing, and says which of them it refused. The writer sees to it that no
-- request of a batch writes a stream that another one writes or names, so all checks may come before all writes.
--
-- The lock comes first and alone: a statement that also reads would read what was there before it waited. The last
-- event, not a counter row, gives sequence and instant, so that both are in the order of commits and without holes.
-- Plans look everything up by primary key whatever the statistics say, because they are made while the tables are
-- still empty; and they are kept, because planning anew costs a lone request more than its execution.
create or replace function ledger.append(
    -- one element an event
    companies text[], streams text[], versions bigint[], ids uuid[], types text[], dotnet_types text[], bodies jsonb[],
    actors text[], correlations text[], causations text[], headers jsonb[], requests int[],
    -- one element a stream that must not exist yet
    new_companies text[], new_streams text[], new_versions bigint[], new_requests int[],
    -- one element a stream that must have a version
    old_companies text[], old_streams text[], old_expected bigint[], old_versions bigint[], old_requests int[],
    -- one element a distinct version condition; then pairs of its number (from 1) and a request that states it
    seen_companies text[], seen_streams text[], seen_versions bigint[], seen_numbers int[], seen_requests int[],
    -- one element a tail condition; its event types are joined by commas
    tail_companies text[], tail_types text[], tail_sequences bigint[], tail_age_max bigint, tail_requests int[]
) returns table (first_sequence bigint, recorded timestamptz, refused int[])
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    set plan_cache_mode = force_generic_plan
    set jit = off
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    set enable_bitmapscan = off
    as $$
declare
    last bigint;
    moved int[];
begin
    perform pg_advisory_xact_lock(7305804402566423141);

    select e.seq_id, e.timestamp into last, recorded from public.mt_events e order by e.seq_id desc limit 1;
    last := coalesce(last, 0);
    first_sequence := last + 1;
    recorded := greatest(clock_timestamp(), recorded);

    if seen_companies is not null then
        select array_agg(c.number) into moved
        from unnest(seen_companies, seen_streams, seen_versions) with ordinality c (company, stream, version, number)
        where c.version <> coalesce(
            (select s.version from public.mt_streams s where s.tenant_id = c.company and s.id = c.stream), 0);
        if moved is not null then
            select array_agg(distinct p.request) into refused
            from unnest(seen_numbers, seen_requests) p (number, request)
            where p.number = any (moved);
        end if;
    end if;

    if new_companies is not null then
        select refused || array_agg(n.request) into refused
        from unnest(new_companies, new_streams, new_requests) n (company, stream, request)
        where exists (
            select from public.mt_streams s
            where s.tenant_id = n.company and s.id = n.stream);
    end if;

    if old_companies is not null then
        select refused || array_agg(o.request) into refused
        from unnest(old_companies, old_streams, old_expected, old_requests) o (company, stream, expected, request)
        where o.expected is distinct from (
            select s.version from public.mt_streams s where s.tenant_id = o.company and s.id = o.stream);
    end if;

    if tail_companies is not null then
        select refused || array_agg(t.request) into refused
        from unnest(tail_companies, tail_types, tail_sequences, tail_requests) t (company, types, sequence, request)
        where t.sequence < last - tail_age_max
            or exists (
                select from public.mt_events e
                where e.seq_id > t.sequence and e.tenant_id = t.company
                    and e.type = any (string_to_array(t.types, ',')));
    end if;

    if refused is null then
        if old_companies is not null then
            update public.mt_streams s set version = o.version, timestamp = recorded
            from unnest(old_companies, old_streams, old_versions) o (company, stream, version)
            where s.tenant_id = o.company and s.id = o.stream;
        end if;

        with streams as (
            insert into public.mt_streams (tenant_id, id, version, timestamp, created)
            select n.company, n.stream, n.version, recorded, recorded
            from unnest(new_companies, new_streams, new_versions) n (company, stream, version))
        insert into public.mt_events (
            seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type,
            correlation_id, causation_id, headers, user_name)
        select last + e.number, e.id, e.stream, e.version, e.body, e.type, recorded, e.company, e.dotnet_type,
            e.correlation, e.causation, e.header, e.actor
        from unnest(
            companies, streams, versions, ids, types, dotnet_types, bodies,
            actors, correlations, causations, headers) with ordinality
            e (company, stream, version, id, type, dotnet_type, body, actor, correlation, causation, header, number);
        last := setval('public.mt_events_sequence', last + cardinality(ids));
    else
        insert into public.mt_streams (tenant_id, id, version, timestamp, created)
        select n.company, n.stream, n.version, recorded, recorded
        from unnest(new_companies, new_streams, new_versions, new_requests) n (company, stream, version, request)
        where n.request <> all (refused);

        update public.mt_streams s set version = o.version, timestamp = recorded
        from unnest(old_companies, old_streams, old_versions, old_requests) o (company, stream, version, request)
        where s.tenant_id = o.company and s.id = o.stream and o.request <> all (refused);

        insert into public.mt_events (
            seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type,
            correlation_id, causation_id, headers, user_name)
        select last + row_number() over (order by e.number), e.id, e.stream, e.version, e.body, e.type, recorded,
            e.company, e.dotnet_type, e.correlation, e.causation, e.header, e.actor
        from unnest(
            companies, streams, versions, ids, types, dotnet_types, bodies,
            actors, correlations, causations, headers, requests) with ordinality
            e (company, stream, version, id, type, dotnet_type, body, actor, correlation, causation, header, request,
                number)
        where e.request <> all (refused);
        if found then
            perform setval('public.mt_events_sequence', (select max(e.seq_id) from public.mt_events e));
        end if;
    end if;

    return next;
end
$$;

revoke all on function ledger.append from public;

-- Finds the numbers that Marten drew but never used, from the last one looked at, and records them where Marten does.
-- Our own appends leave none, so this is done once at each start.
create table if not exists ledger.holes_searched (
    singleton boolean primary key default true check (singleton),
    up_to bigint not null
);

create or replace function ledger.record_holes() returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    set jit = off
    set enable_seqscan = off
    set enable_bitmapscan = off
    as $$
declare
    from_sequence bigint;
    head bigint;
    found_holes bigint;
begin
    from_sequence := coalesce((select h.up_to from ledger.holes_searched h), 0);
    head := coalesce((select e.seq_id from public.mt_events e order by e.seq_id desc limit 1), 0);
    insert into public.mt_high_water_skips (ending_sequence, starting_sequence)
    select o.seq_id - 1, o.before + 1
    from (
        select e.seq_id, lag(e.seq_id, 1, from_sequence) over (order by e.seq_id) as before
        from public.mt_events e
        where e.seq_id > from_sequence and e.seq_id <= head) o
    where o.seq_id > o.before + 1
    on conflict do nothing;
    get diagnostics found_holes = row_count;
    insert into ledger.holes_searched (up_to) values (head)
    on conflict (singleton) do update set up_to = greatest(holes_searched.up_to, excluded.up_to);
    return found_holes;
end
$$;

-- The events of several streams, each behind a version, in the order asked for and of one moment.
create or replace function ledger.read_streams(company text, streams text[], after_versions bigint[])
    returns table (
        number int, seq_id bigint, id uuid, tenant_id varchar, stream_id varchar, version bigint, type varchar,
        data jsonb, "timestamp" timestamptz, user_name varchar, correlation_id varchar, causation_id varchar,
        headers jsonb)
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
    set jit = off
    set enable_seqscan = off
    set enable_hashjoin = off
    set enable_mergejoin = off
    set enable_bitmapscan = off
    as $$
#variable_conflict use_column
begin
    return query
    select w.number::int, e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.data, e.timestamp,
        e.user_name, e.correlation_id, e.causation_id, e.headers
    from unnest(streams, after_versions) with ordinality w (stream, after_version, number)
    cross join lateral (
        select s.* from public.mt_events s
        where s.tenant_id = read_streams.company and s.stream_id = w.stream and s.version > w.after_version
        order by s.version) e
    order by w.number, e.version;
end
$$;
