create schema if not exists ledger;

create table if not exists ledger.schema_version (
    part text not null,
    version int not null,
    name text not null,
    applied timestamptz not null default clock_timestamp(),
    primary key (part, version)
);
