-- Tables of the group "books"; {v} is the version, so that a rebuild can fill new tables beside those in use.
-- The kind of an entry: 0 normal, 1 opening, 2 adjustment, 3 closing (the order of EntryKind).

create table ledger_read.journal_entry_{v} (
    company text not null,
    position bigint not null,
    sequence bigint not null,
    recorded timestamptz not null,
    id text not null,
    fiscal_year int not null,
    number bigint not null,
    booked_on date not null,
    description text not null,
    reference text,
    kind smallint not null,
    document_type text,
    document_number text,
    document_date date,
    document_sha256 text,
    counterparty text,
    reverse_on date,
    corrects text,
    reverses text,
    reason text,
    method text,
    currency text not null,
    lines int not null,
    total numeric not null,
    actor text,
    correlation text,
    causation text,
    counterparty_person text,
    counterparty_sealed jsonb,
    event_id uuid,
    primary key (company, position)
);
create unique index journal_entry_{v}_number on ledger_read.journal_entry_{v} (company, fiscal_year, number);
create unique index journal_entry_{v}_id on ledger_read.journal_entry_{v} (company, id);
create index journal_entry_{v}_booked on ledger_read.journal_entry_{v} (company, booked_on);
create index journal_entry_{v}_reverses on ledger_read.journal_entry_{v} (company, reverses) where reverses is not null;

create index journal_entry_{v}_person on ledger_read.journal_entry_{v} (company, counterparty_person)
    where counterparty_person is not null;

-- What an entry is looked for by, without a tree of its own for each: of every 32 pages a filter tells whether the
-- value may be in them. It costs next to nothing while entries are written; pages without a filter yet are read whole.
-- The name of an organisation is looked for by its hash, since what is asked for may be a natural person's.
create index journal_entry_{v}_reference on ledger_read.journal_entry_{v}
    using brin (reference text_bloom_ops (n_distinct_per_range = 1600))
    with (pages_per_range = 32, autosummarize = on);
create index journal_entry_{v}_document on ledger_read.journal_entry_{v}
    using brin (document_number text_bloom_ops (n_distinct_per_range = 1600))
    with (pages_per_range = 32, autosummarize = on);
create index journal_entry_{v}_counterparty on ledger_read.journal_entry_{v}
    using brin ((sha256(replace(counterparty, '\', '\\')::bytea)) bytea_bloom_ops (n_distinct_per_range = 1600))
    with (pages_per_range = 32, autosummarize = on);

create table ledger_read.journal_line_{v} (
    company text not null,
    position bigint not null,
    line int not null,
    booked_on date not null,
    kind smallint not null,
    account text not null,
    unit text not null,
    debit numeric not null,
    credit numeric not null,
    base_debit numeric not null,
    base_credit numeric not null,
    memo text,
    dimensions jsonb,
    primary key (company, position, line)
);
create index journal_line_{v}_account on ledger_read.journal_line_{v} (company, account, booked_on);

-- A row holds the cells of all accounts of its spans side by side, in the order of their codes: a row each would have
-- to be written and read by its key.
-- booked_level: 0 day, 1 month, 2 year; period is the first day of that span.
-- recorded_level: k means blocks of BlockSize * 16^(k-1) positions; block b holds b * size + 1 … (b + 1) * size.
-- dimension and value are '' in the cells without a dimension; base_debits and base_credits are null where they are the
-- same as debits and credits. An account stands twice where one sum would have more digits than a decimal holds.
create table ledger_read.movement_cell_{v} (
    company text not null,
    recorded_level smallint not null,
    block bigint not null,
    dimension text not null,
    booked_level smallint not null,
    period date not null,
    value text not null,
    unit text not null,
    kind smallint not null,
    accounts text[] not null,
    debits numeric[] not null,
    credits numeric[] not null,
    base_debits numeric[],
    base_credits numeric[],
    primary key (company, recorded_level, block, dimension, booked_level, period, value, unit, kind)
) with (toast_tuple_target = 8160);

create table ledger_read.account_history_{v} (
    company text not null,
    code text not null,
    position bigint not null,
    name text not null,
    names jsonb,
    type text not null,
    parent text,
    currency text,
    postable boolean not null,
    archived boolean not null,
    requires text[],
    by_sign boolean not null,
    primary key (company, code, position)
);

create table ledger_read.company_history_{v} (
    company text not null,
    position bigint not null,
    name text not null,
    currency text not null,
    country text not null,
    time_zone text not null,
    fiscal_year_start text not null,
    retained_earnings text,
    digits jsonb,
    books_from date,
    books_to date,
    primary key (company, position)
);

create table ledger_read.dimension_value_history_{v} (
    company text not null,
    dimension text not null,
    value text not null,
    position bigint not null,
    name text not null,
    names jsonb,
    archived boolean not null,
    primary key (company, dimension, value, position)
);

-- event: closed, reopened or final; period is the first day of the month.
create table ledger_read.period_history_{v} (
    company text not null,
    position bigint not null,
    sequence bigint not null,
    recorded timestamptz not null,
    event text not null,
    period date not null,
    reason text,
    actor text,
    primary key (company, position)
);

-- Names of employees are stored sealed and opened to answer.
create table ledger_read.employee_history_{v} (
    company text not null,
    employee text not null,
    position bigint not null,
    version bigint not null,
    event_id uuid not null,
    name_sealed jsonb not null,
    primary key (company, employee, position)
);

create table ledger_read.contract_history_{v} (
    company text not null,
    employee text not null,
    contract text not null,
    position bigint not null,
    pay_group text not null,
    from_day date not null,
    to_day date,
    type text not null,
    job text not null,
    weekly_hours numeric not null,
    full_time_hours numeric,
    place text,
    dimensions jsonb,
    primary key (company, employee, contract, position)
);

-- An employment ends once; a later row corrects the day.
create table ledger_read.termination_history_{v} (
    company text not null,
    employee text not null,
    position bigint not null,
    last_day date not null,
    reason text not null,
    primary key (company, employee, position)
);

-- Where texts on persons stand, whatever the event. counts_from: the day from which retention counts.
create table ledger_read.personal_data_{v} (
    company text not null,
    person text not null,
    position bigint not null,
    path text not null,
    purpose text not null,
    sequence bigint not null,
    counts_from date not null,
    primary key (company, person, position, path)
);

-- event: opened, calculating, calculated, approved, posted or reversed. What was opened stands in the first row alone;
-- the last row says how far the run is.
create table ledger_read.pay_run_history_{v} (
    company text not null,
    run text not null,
    position bigint not null,
    sequence bigint not null,
    recorded timestamptz not null,
    event text not null,
    pay_group text,
    kind text,
    from_day date,
    through_day date,
    pay_date date,
    booked_on date,
    primary key (company, run, position)
);

-- What an attempt came to for one employee: the last row is the payslip. It is null but for its key where there is
-- none, because it failed or was withdrawn.
create table ledger_read.payslip_history_{v} (
    company text not null,
    run text not null,
    employee text not null,
    position bigint not null,
    attempt int not null,
    contract text,
    pack text,
    engine_version int,
    currency text,
    from_day date,
    through_day date,
    pay_date date,
    dimensions jsonb,
    gross numeric,
    benefits numeric,
    deductions numeric,
    net numeric,
    employer_contributions numeric,
    primary key (company, run, employee, position)
);
create index payslip_history_{v}_employee on ledger_read.payslip_history_{v} (company, employee, position);

-- position: that of the payslip.
create table ledger_read.payslip_line_{v} (
    company text not null,
    position bigint not null,
    line int not null,
    code text not null,
    kind text not null,
    amount numeric not null,
    earned_through date,
    base numeric,
    rate numeric,
    figure text,
    deduction text,
    primary key (company, position, line)
);

-- What was paid before the first run here, by code of a payslip's line; a later row of the year corrects it.
create table ledger_read.opening_figure_history_{v} (
    company text not null,
    employee text not null,
    year int not null,
    position bigint not null,
    through_day date not null,
    lines jsonb,
    primary key (company, employee, year, position)
);

-- position: the last position of the company that this group has read; covered: how far the cells go.
create table ledger_read.books_state_{v} (
    company text not null primary key,
    position bigint not null,
    covered bigint not null
);
