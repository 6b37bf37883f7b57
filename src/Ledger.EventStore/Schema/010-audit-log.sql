set local role ledger_owner;

-- The audit log of each company: the hash of a leaf for each position of ledger.log, and the salt under which the body
-- of the event is hashed in it. It is data: written once and in order, never rebuilt. The log over all companies' logs
-- has the company '' here; its leaves are checkpoints, and have no salt. See docs/audit-format.md.
create table ledger.leaf (
    company text not null,
    position bigint not null,
    hash bytea not null,
    salt bytea,
    body bytea,
    primary key (company, position)
);

-- The complete subtrees over 256^level leaves (level 1, 2 …), so that a proof reads a few tiles and never all leaves.
create table ledger.subtree (
    company text not null,
    level smallint not null,
    index bigint not null,
    hash bytea not null,
    primary key (company, level, index)
);

-- Every note that was signed; what was served was stored here before.
create table ledger.checkpoint (
    company text not null,
    size bigint not null,
    made timestamptz not null default clock_timestamp(),
    note text not null,
    primary key (company, size, made)
);

-- Which checkpoint each leaf of the log over all logs stands for.
create table ledger.logged_checkpoint (
    position bigint not null primary key,
    company text not null,
    size bigint not null
);
create index logged_checkpoint_company on ledger.logged_checkpoint (company, size);

-- What witnesses signed of the log over all logs.
create table ledger.cosignature (
    size bigint not null,
    witness text not null,
    line text not null,
    received timestamptz not null default clock_timestamp(),
    primary key (size, witness)
);

comment on table ledger.leaf is 'The leaves of the audit logs; see docs/audit-format.md.';
comment on column ledger.leaf.company is 'Whose log; empty for the log over all companies'' logs.';
comment on column ledger.leaf.position is 'As in ledger.log: the index of the leaf is one less.';
comment on column ledger.leaf.hash is 'The hash of the leaf in the tree.';
comment on column ledger.leaf.salt is 'Under which the body is hashed; null once it was deleted.';
comment on column ledger.leaf.body is 'The keyed hash of the body, where the salt was deleted: the envelope needs it.';
comment on table ledger.subtree is 'The hashes of complete subtrees of the audit logs.';
comment on table ledger.checkpoint is 'The signed checkpoints of the audit logs.';
comment on table ledger.logged_checkpoint is 'The checkpoints that are leaves of the log over all companies'' logs.';
comment on table ledger.cosignature is 'The signatures of witnesses below checkpoints of the log over all logs.';

grant insert on ledger.leaf, ledger.subtree, ledger.checkpoint, ledger.logged_checkpoint, ledger.cosignature
    to ledger_service;

create trigger ledger_append_only before update or delete or truncate on ledger.subtree
    for each statement execute function ledger.refuse_change();
create trigger ledger_append_only before update or delete or truncate on ledger.checkpoint
    for each statement execute function ledger.refuse_change();
create trigger ledger_append_only before update or delete or truncate on ledger.logged_checkpoint
    for each statement execute function ledger.refuse_change();
create trigger ledger_append_only before update or delete or truncate on ledger.cosignature
    for each statement execute function ledger.refuse_change();
create trigger ledger_append_only before delete or truncate on ledger.leaf
    for each statement execute function ledger.refuse_change();

-- A salt may be taken away, and nothing else of a leaf may change: then the body can be shown to nobody any more, and
-- the tree still holds.
create function ledger.keep_leaf() returns trigger
    language plpgsql
    as $$
begin
    if row(old.company, old.position, old.hash) is distinct from row(new.company, new.position, new.hash)
        or old.salt is null or new.salt is not null or new.body is null
    then
        raise exception 'UPDATE of ledger.leaf is refused: what is recorded stays as it is.'
            using errcode = 'insufficient_privilege';
    end if;
    return new;
end
$$;
create trigger ledger_keep_leaf before update on ledger.leaf
    for each row execute function ledger.keep_leaf();

create function ledger.delete_salts(of_company text, positions bigint[], bodies bytea[]) returns bigint
    language plpgsql volatile security definer
    set search_path = pg_catalog, pg_temp
    as $$
declare
    deleted bigint;
begin
    update ledger.leaf l set salt = null, body = d.body
    from unnest(positions, bodies) d (position, body)
    where l.company = of_company and l.position = d.position and l.salt is not null;
    get diagnostics deleted = row_count;
    return deleted;
end
$$;
grant execute on function ledger.delete_salts(text, bigint[], bytea[]) to ledger_service;
