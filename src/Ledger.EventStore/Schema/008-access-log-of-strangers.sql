set local role ledger_owner;

-- A stranger may send as much as they like: what they choose themselves makes no rows.
comment on table ledger.access_log is
    'Refused requests, and reads of personal data: a row for all that are alike in a second, or in a minute where who '
    'asked is not known. Kept for a limited time.';
comment on column ledger.access_log.second is
    'When, cut to the second; to the minute where who asked is not known.';
comment on column ledger.access_log.company is
    'The company of the path; null where the path names none, or one that there is not and who asked is not known.';
comment on column ledger.access_log.actor is
    'Who asked: key:… or user:…; unknown:… and the prefix for a key that holds no longer; null where it is not known. '
    'A row with the method - and the route ./run … tells of a command.';
comment on column ledger.access_log.person is
    'The opaque id of the person whose data was read, or asked for in vain.';
