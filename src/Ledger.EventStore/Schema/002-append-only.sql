create or replace function ledger.refuse_change() returns trigger
    language plpgsql
    as $$
begin
    raise exception '% of %.% is refused: what is recorded stays as it is.', tg_op, tg_table_schema, tg_table_name
        using errcode = 'insufficient_privilege',
              hint = 'Record a correction, such as the reversal of a journal entry, as a new event.';
end
$$;

-- Statement triggers cost an insert nothing and refuse also what would match no row.
create or replace trigger ledger_append_only before update or delete or truncate on public.mt_events
    for each statement execute function ledger.refuse_change();

-- Gives each event its position (1, 2, 3 …) in its company. It is data: written once, in order, never rebuilt.
-- recorded is the greatest of the event's own instant and its predecessor's, so that an instant is a position.
create table if not exists ledger.log (
    company text not null,
    position bigint not null,
    sequence bigint not null,
    recorded timestamptz not null,
    primary key (company, position),
    unique (sequence)
);

create or replace trigger ledger_append_only before update or delete or truncate on ledger.log
    for each statement execute function ledger.refuse_change();
