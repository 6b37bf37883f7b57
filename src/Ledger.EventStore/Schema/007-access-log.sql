set local role ledger_owner;

-- Who was refused, and who read personal data: outside the events, since nobody decides on it and it must not be
-- possible to fill the events by being refused. A row stands for all such requests of a second.
create table if not exists ledger.access_log (
    id bigint generated always as identity,
    second timestamptz not null,
    company text,
    actor text,
    method text not null,
    route text not null,
    code text not null,
    person text,
    address text,
    count bigint not null,
    unique nulls not distinct (company, second, code, route, method, actor, person, address)
);
-- Rows are deleted by their age.
create index if not exists access_log_second on ledger.access_log (second);

comment on table ledger.access_log is
    'Refused requests, and reads of personal data: a row for all that are alike in a second. Kept for a limited time.';
comment on column ledger.access_log.id is 'Tells rows of the same second apart; no more than that.';
comment on column ledger.access_log.second is 'When, cut to the second.';
comment on column ledger.access_log.company is 'The company of the path; null where the path names none.';
comment on column ledger.access_log.actor is
    'Who asked: key:… or user:…; unknown:… and the prefix for a key that this ledger does not know; null without one.';
comment on column ledger.access_log.method is 'The method of HTTP, or - for one that there is not.';
comment on column ledger.access_log.route is 'The pattern of the path, without any id.';
comment on column ledger.access_log.code is
    'The code of the problem; personal-data-read; or others, for what was too much to be told apart.';
comment on column ledger.access_log.person is 'The opaque id of the person whose data was read.';
comment on column ledger.access_log.address is 'The remote address, only where the setting AccessLog:Addresses is on.';
comment on column ledger.access_log.count is 'How many requests the row stands for.';

-- When a key was last used, to the minute.
create table if not exists ledger.key_use (
    company text not null,
    key text not null,
    last_used timestamptz not null,
    primary key (company, key)
);

comment on table ledger.key_use is 'When a key was last used, to the minute.';
comment on column ledger.key_use.company is 'Whose key it is.';
comment on column ledger.key_use.key is 'The prefix of the key.';
comment on column ledger.key_use.last_used is 'A moment of a minute in which it was used.';

grant insert, update, delete on ledger.access_log, ledger.key_use to ledger_service;
