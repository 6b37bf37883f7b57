set local role ledger_owner;

-- The keys by which texts on persons are sealed, wrapped under a master key that is not in the database. Without their
-- row such texts can be read by nobody any more: that is how they are erased. They are no events: rows come and go.
-- The company's own key of the blind index has an empty person and the purpose 'index'.
create table ledger.person_key (
    company text not null,
    person text not null,
    purpose text not null,
    wrapped bytea not null,
    master text not null,
    created timestamptz not null default clock_timestamp(),
    primary key (company, person, purpose)
);

-- Finds persons by their sealed texts: token is an HMAC of the text under the company's key of the index.
create table ledger.person_index (
    company text not null,
    token bytea not null,
    person text not null,
    purpose text not null,
    primary key (company, token, person, purpose)
);
create index person_index_person on ledger.person_index (company, person);

-- The fingerprint of the master key under which new keys are wrapped. Whoever wraps one holds a share of this row, so
-- that none is left behind under a master key that is being exchanged.
create table ledger.master_key (
    singleton boolean primary key default true check (singleton),
    current text not null
);

grant insert, update, delete on ledger.person_key, ledger.person_index, ledger.master_key to ledger_service;
