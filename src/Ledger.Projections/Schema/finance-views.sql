-- What finance asks of the books in SQL, over version {v}. Columns are only ever added, at the end.

create or replace view views.account with (security_invoker = true) as
    select distinct on (company, code)
        company, code, position, name, names, type, parent, currency, postable, archived, requires, by_sign
    from ledger_read.account_history_{v}
    order by company, code, position desc;
comment on view views.account is 'The accounts as they are now.';
comment on column views.account.company is 'Code of the company.';
comment on column views.account.code is 'Code of the account.';
comment on column views.account.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.account.name is 'Name of the account.';
comment on column views.account.names is 'Names by language (BCP 47).';
comment on column views.account.type is 'asset, liability, equity, income, expense or offBalance.';
comment on column views.account.parent is 'Code of the account above, if any.';
comment on column views.account.currency is 'The only unit that may be posted; null for any.';
comment on column views.account.postable is 'Whether entries may use it.';
comment on column views.account.archived is 'Whether it is closed to new entries.';
comment on column views.account.requires is 'Dimensions that each line must name.';
comment on column views.account.by_sign is 'Shown as an asset while debit, as a liability while credit.';

create or replace view views.company with (security_invoker = true) as
    select distinct on (company)
        company, position, name, currency, country, time_zone, fiscal_year_start, retained_earnings, digits,
        books_from, books_to
    from ledger_read.company_history_{v}
    order by company, position desc;
comment on view views.company is 'The companies as they are now.';
comment on column views.company.company is 'Code of the company.';
comment on column views.company.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.company.name is 'Name of the company.';
comment on column views.company.currency is 'Functional currency (ISO 4217).';
comment on column views.company.country is 'Country (ISO 3166 alpha-2).';
comment on column views.company.time_zone is 'Time zone (IANA) that its days are counted in.';
comment on column views.company.fiscal_year_start is 'First day of the fiscal year, MM-DD.';
comment on column views.company.retained_earnings is 'Equity account beside which unclosed results are shown.';
comment on column views.company.digits is 'Decimal places by unit, beyond those of ISO 4217.';
comment on column views.company.books_from is 'First day on which entries may be booked; null for any.';
comment on column views.company.books_to is 'Last day on which entries may be booked; null for any.';

create or replace view views.dimension_value with (security_invoker = true) as
    select distinct on (company, dimension, value)
        company, dimension, value, position, name, names, archived
    from ledger_read.dimension_value_history_{v}
    order by company, dimension, value, position desc;
comment on view views.dimension_value is 'The values of dimensions as they are now.';
comment on column views.dimension_value.company is 'Code of the company.';
comment on column views.dimension_value.dimension is 'Name of the dimension, such as shop.';
comment on column views.dimension_value.value is 'Code of the value.';
comment on column views.dimension_value.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.dimension_value.name is 'Name of the value.';
comment on column views.dimension_value.names is 'Names by language (BCP 47).';
comment on column views.dimension_value.archived is 'Whether it is closed to new entries.';

create or replace view views.ledger with (security_invoker = true) as
    select l.company, l.position, l.line, e.id as entry_id, e.fiscal_year, e.number, l.booked_on, e.recorded,
        e.description, l.account, a.name as account_name, a.type as account_type, l.unit, l.debit, l.credit,
        l.base_debit, l.base_credit, l.base_debit - l.base_credit as base_amount, e.currency, l.memo, l.dimensions,
        e.counterparty, e.reference, l.kind, e.reverses, e.actor, e.counterparty_person
    from ledger_read.journal_line_{v} l
    join ledger_read.journal_entry_{v} e on e.company = l.company and e.position = l.position
    left join lateral (
        select h.name, h.type from ledger_read.account_history_{v} h
        where h.company = l.company and h.code = l.account
        order by h.position desc limit 1) a on true;
comment on view views.ledger is
    'One row a line, with its entry and the present name of its account: for spreadsheets and BI tools.';
comment on column views.ledger.company is 'Code of the company.';
comment on column views.ledger.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.ledger.line is 'Number of the line in its entry, from 1.';
comment on column views.ledger.entry_id is 'The id that the entry was posted under.';
comment on column views.ledger.fiscal_year is 'Fiscal year of booked_on, called by the calendar year of its first day.';
comment on column views.ledger.number is 'Number of the entry in its fiscal year.';
comment on column views.ledger.booked_on is 'The day on which the line counts.';
comment on column views.ledger.recorded is 'When the entry was recorded (UTC instant).';
comment on column views.ledger.description is 'What was booked.';
comment on column views.ledger.account is 'Code of the account.';
comment on column views.ledger.account_name is 'Present name of the account.';
comment on column views.ledger.account_type is 'Type of the account.';
comment on column views.ledger.unit is 'Unit of the amounts: a currency (ISO 4217), a security, hours.';
comment on column views.ledger.debit is 'Debit amount in the unit.';
comment on column views.ledger.credit is 'Credit amount in the unit.';
comment on column views.ledger.base_debit is 'Debit amount in the functional currency.';
comment on column views.ledger.base_credit is 'Credit amount in the functional currency.';
comment on column views.ledger.base_amount is 'Debit minus credit, in the functional currency.';
comment on column views.ledger.currency is 'Functional currency of the company.';
comment on column views.ledger.memo is 'A note on the line.';
comment on column views.ledger.dimensions is 'Values by dimension.';
comment on column views.ledger.counterparty is 'The other party, if it is an organisation.';
comment on column views.ledger.reference is 'The poster''s own reference.';
comment on column views.ledger.kind is 'What the entry is for: 0 normal, 1 opening, 2 adjustment, 3 closing.';
comment on column views.ledger.reverses is 'Id of the entry that this one takes back.';
comment on column views.ledger.actor is 'Opaque id of who posted it.';
comment on column views.ledger.counterparty_person is
    'Opaque id of a natural person who is the other party; names are read through the API.';

create or replace view views.movement_by_month with (security_invoker = true) as
    select m.company, m.month, m.account, m.unit, m.kind,
        sum(m.debit) as debit, sum(m.credit) as credit,
        sum(m.base_debit) as base_debit, sum(m.base_credit) as base_credit
    from (
        select c.company, c.period as month, c.account, c.unit, c.kind, c.debit, c.credit,
            c.base_debit, c.base_credit
        from views.movement_cell c
        where c.is_largest and c.dimension = '' and c.booked_level = 1
        union all
        select l.company, date_trunc('month', l.booked_on::timestamp)::date, l.account, l.unit, l.kind,
            l.debit, l.credit, l.base_debit, l.base_credit
        from ledger_read.books_state_{v} s
        join ledger_read.journal_line_{v} l on l.company = s.company and l.position > s.covered
    ) m
    group by m.company, m.month, m.account, m.unit, m.kind;
comment on view views.movement_by_month is 'Turnovers of each account by month, as known now.';
comment on column views.movement_by_month.company is 'Code of the company.';
comment on column views.movement_by_month.month is 'First day of the month that was booked in.';
comment on column views.movement_by_month.account is 'Code of the account.';
comment on column views.movement_by_month.unit is 'Unit of the amounts: a currency (ISO 4217), a security, hours.';
comment on column views.movement_by_month.kind is
    'What the entry is for: 0 normal, 1 opening, 2 adjustment, 3 closing.';
comment on column views.movement_by_month.debit is 'Debit turnover in the unit.';
comment on column views.movement_by_month.credit is 'Credit turnover in the unit.';
comment on column views.movement_by_month.base_debit is 'Debit turnover in the functional currency.';
comment on column views.movement_by_month.base_credit is 'Credit turnover in the functional currency.';

create or replace view views.movement_by_dimension with (security_invoker = true) as
    select m.company, m.dimension, m.value, m.month, m.account, m.unit, m.kind,
        sum(m.debit) as debit, sum(m.credit) as credit,
        sum(m.base_debit) as base_debit, sum(m.base_credit) as base_credit
    from (
        select c.company, c.dimension, c.value, c.period as month, c.account, c.unit, c.kind, c.debit, c.credit,
            c.base_debit, c.base_credit
        from views.movement_cell c
        where c.is_largest and c.dimension <> '' and c.booked_level = 1
        union all
        select l.company, d.dimension, d.value, date_trunc('month', l.booked_on::timestamp)::date, l.account, l.unit,
            l.kind, l.debit, l.credit, l.base_debit, l.base_credit
        from ledger_read.books_state_{v} s
        join ledger_read.journal_line_{v} l on l.company = s.company and l.position > s.covered
        cross join lateral jsonb_each_text(l.dimensions) d (dimension, value)
    ) m
    group by m.company, m.dimension, m.value, m.month, m.account, m.unit, m.kind;
comment on view views.movement_by_dimension is
    'Turnovers of each account by month and value of a dimension, as known now.';
comment on column views.movement_by_dimension.company is 'Code of the company.';
comment on column views.movement_by_dimension.dimension is 'Name of the dimension.';
comment on column views.movement_by_dimension.value is 'Code of the value.';
comment on column views.movement_by_dimension.month is 'First day of the month that was booked in.';
comment on column views.movement_by_dimension.account is 'Code of the account.';
comment on column views.movement_by_dimension.unit is 'Unit of the amounts: a currency (ISO 4217), a security, hours.';
comment on column views.movement_by_dimension.kind is
    'What the entry is for: 0 normal, 1 opening, 2 adjustment, 3 closing.';
comment on column views.movement_by_dimension.debit is 'Debit turnover in the unit.';
comment on column views.movement_by_dimension.credit is 'Credit turnover in the unit.';
comment on column views.movement_by_dimension.base_debit is 'Debit turnover in the functional currency.';
comment on column views.movement_by_dimension.base_credit is 'Credit turnover in the functional currency.';

create or replace view views.trial_balance with (security_invoker = true) as
    select m.company, m.account, a.name, a.type, m.unit, m.debit, m.credit, m.base_debit, m.base_credit,
        m.debit - m.credit as balance, m.base_debit - m.base_credit as base_balance
    from (
        select p.company, p.account, p.unit, sum(p.debit) as debit, sum(p.credit) as credit,
            sum(p.base_debit) as base_debit, sum(p.base_credit) as base_credit
        from (
            select c.company, c.account, c.unit, c.debit, c.credit, c.base_debit, c.base_credit
            from views.movement_cell c
            where c.is_largest and c.dimension = '' and c.booked_level = 2
            union all
            select l.company, l.account, l.unit, l.debit, l.credit, l.base_debit, l.base_credit
            from ledger_read.books_state_{v} s
            join ledger_read.journal_line_{v} l on l.company = s.company and l.position > s.covered
        ) p
        group by p.company, p.account, p.unit
    ) m
    left join lateral (
        select h.name, h.type from ledger_read.account_history_{v} h
        where h.company = m.company and h.code = m.account
        order by h.position desc limit 1) a on true;
comment on view views.trial_balance is 'Turnovers and balance of each account over all days, as known now.';
comment on column views.trial_balance.company is 'Code of the company.';
comment on column views.trial_balance.account is 'Code of the account.';
comment on column views.trial_balance.name is 'Present name of the account.';
comment on column views.trial_balance.type is 'Type of the account.';
comment on column views.trial_balance.unit is 'Unit of the amounts: a currency (ISO 4217), a security, hours.';
comment on column views.trial_balance.debit is 'Debit turnover in the unit.';
comment on column views.trial_balance.credit is 'Credit turnover in the unit.';
comment on column views.trial_balance.base_debit is 'Debit turnover in the functional currency.';
comment on column views.trial_balance.base_credit is 'Credit turnover in the functional currency.';
comment on column views.trial_balance.balance is 'Debit minus credit, in the unit.';
comment on column views.trial_balance.base_balance is 'Debit minus credit, in the functional currency.';

create or replace view views.position with (security_invoker = true) as
    select company, position, sequence, recorded
    from ledger.log;
comment on view views.position is 'When each event of a company was recorded: what was known when.';
comment on column views.position.company is 'Code of the company.';
comment on column views.position.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.position.sequence is 'Number of the event over all companies.';
comment on column views.position.recorded is 'When it was recorded (UTC instant); never falls.';
