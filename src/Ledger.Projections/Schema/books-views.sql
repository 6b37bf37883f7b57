-- The views of the group "books" over version {v}: one for each table. Columns are only ever added,
-- at the end.

create or replace view views.journal_entry with (security_invoker = true) as
    select company, position, sequence, recorded, id, fiscal_year, number, booked_on, description, reference, kind,
        document_type, document_number, document_date, document_sha256, counterparty, reverse_on, corrects,
        reverses, reason, method, currency, lines, total, actor, correlation, causation, counterparty_person,
        counterparty_sealed, event_id
    from ledger_read.journal_entry_{v};
comment on view views.journal_entry is 'One row an entry; entries are never changed.';
comment on column views.journal_entry.company is 'Code of the company.';
comment on column views.journal_entry.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.journal_entry.sequence is 'Number of the event over all companies.';
comment on column views.journal_entry.recorded is 'When the entry was recorded (UTC instant).';
comment on column views.journal_entry.id is 'The id that the entry was posted under.';
comment on column views.journal_entry.fiscal_year is
    'Fiscal year of booked_on, called by the calendar year of its first day.';
comment on column views.journal_entry.number is 'Gap-free number within company and fiscal year, in recording order.';
comment on column views.journal_entry.booked_on is 'The day on which the entry counts.';
comment on column views.journal_entry.description is 'What was booked, in the words of whoever posted it.';
comment on column views.journal_entry.reference is 'The poster''s own reference, if any.';
comment on column views.journal_entry.kind is 'What the entry is for: 0 normal, 1 opening, 2 adjustment, 3 closing.';
comment on column views.journal_entry.document_type is 'Type of the document behind the entry.';
comment on column views.journal_entry.document_number is 'Number of that document.';
comment on column views.journal_entry.document_date is 'Date of that document.';
comment on column views.journal_entry.document_sha256 is 'SHA-256 of the document''s file, 64 hexadecimal digits.';
comment on column views.journal_entry.counterparty is
    'Customer, supplier or other party that is an organisation; null where it is a natural person.';
comment on column views.journal_entry.reverse_on is 'The day on which this accrual is reversed, if it is one.';
comment on column views.journal_entry.corrects is 'Id of the entry that this one corrects.';
comment on column views.journal_entry.reverses is 'Id of the entry that this one takes back.';
comment on column views.journal_entry.reason is 'Why it was taken back; reversals only.';
comment on column views.journal_entry.method is
    'How it was taken back: mirror (sides swapped) or red (negative amounts); reversals only.';
comment on column views.journal_entry.currency is 'Functional currency of the company when the entry was posted.';
comment on column views.journal_entry.lines is 'How many lines the entry has.';
comment on column views.journal_entry.total is 'Sum of its debits in the functional currency.';
comment on column views.journal_entry.actor is 'Opaque id of who posted it.';
comment on column views.journal_entry.correlation is 'Id of the request (trace) that posted it.';
comment on column views.journal_entry.causation is 'Id of the event that caused it, if one did.';
comment on column views.journal_entry.counterparty_person is 'Opaque id of a natural person who is the counterparty.';
comment on column views.journal_entry.counterparty_sealed is
    'The name of that person as it is stored: sealed, to be read through the API only, and by nobody once erased.';
comment on column views.journal_entry.event_id is 'Id of the event; only where a natural person is named.';

create or replace view views.journal_line with (security_invoker = true) as
    select company, position, line, booked_on, kind, account, unit, debit, credit, base_debit, base_credit, memo,
        dimensions
    from ledger_read.journal_line_{v};
comment on view views.journal_line is 'One row a line of an entry.';
comment on column views.journal_line.company is 'Code of the company.';
comment on column views.journal_line.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.journal_line.line is 'Number of the line in its entry, from 1.';
comment on column views.journal_line.booked_on is 'The day on which the line counts.';
comment on column views.journal_line.kind is 'What the entry is for: 0 normal, 1 opening, 2 adjustment, 3 closing.';
comment on column views.journal_line.account is 'Code of the account.';
comment on column views.journal_line.unit is 'Unit of the amounts: a currency (ISO 4217), a security, hours.';
comment on column views.journal_line.debit is 'Debit amount in the unit.';
comment on column views.journal_line.credit is 'Credit amount in the unit.';
comment on column views.journal_line.base_debit is 'Debit amount in the functional currency.';
comment on column views.journal_line.base_credit is 'Credit amount in the functional currency.';
comment on column views.journal_line.memo is 'A note on the line.';
comment on column views.journal_line.dimensions is 'Values by dimension, such as {"shop": "berlin"}; null without.';

create or replace view views.movement_cell with (security_invoker = true) as
    select c.company, c.recorded_level, c.dimension, c.booked_level, c.block, c.period, a.account, c.value, c.unit,
        c.kind, a.debit, a.credit, coalesce(a.base_debit, a.debit) as base_debit,
        coalesce(a.base_credit, a.credit) as base_credit,
        (c.block / 16 + 1) * 16::numeric ^ c.recorded_level * {block_size} > (
            select s.covered from ledger_read.books_state_{v} s where s.company = c.company) as is_largest
    from ledger_read.movement_cell_{v} c
    cross join lateral unnest(c.accounts, c.debits, c.credits, c.base_debits, c.base_credits)
        a (account, debit, credit, base_debit, base_credit);
comment on view views.movement_cell is
    'Sums of lines over a span of booked days and a span of positions, so that balances are quick.';
comment on column views.movement_cell.company is 'Code of the company.';
comment on column views.movement_cell.recorded_level is
    'Length of the recorded span: k means blocks of block_size * 16^(k-1) positions.';
comment on column views.movement_cell.dimension is
    'The dimension that the cell is split by; empty for the cells without.';
comment on column views.movement_cell.booked_level is 'Length of the booked span: 0 a day, 1 a month, 2 a year.';
comment on column views.movement_cell.block is
    'Number of the block, from 0: positions block * size + 1 to (block + 1) * size.';
comment on column views.movement_cell.period is 'First day of the booked span.';
comment on column views.movement_cell.account is 'Code of the account.';
comment on column views.movement_cell.value is 'Value of the dimension; empty without.';
comment on column views.movement_cell.unit is 'Unit of the amounts: a currency (ISO 4217), a security, hours.';
comment on column views.movement_cell.kind is 'What the entry is for: 0 normal, 1 opening, 2 adjustment, 3 closing.';
comment on column views.movement_cell.debit is 'Debit turnover in the unit.';
comment on column views.movement_cell.credit is 'Credit turnover in the unit.';
comment on column views.movement_cell.base_debit is 'Debit turnover in the functional currency.';
comment on column views.movement_cell.base_credit is 'Credit turnover in the functional currency.';
comment on column views.movement_cell.is_largest is
    'No larger block holds it: cells of which this is true are together everything up to books_state.covered.';

create or replace view views.account_history with (security_invoker = true) as
    select company, code, position, name, names, type, parent, currency, postable, archived, requires, by_sign
    from ledger_read.account_history_{v};
comment on view views.account_history is 'One row each time an account was opened or changed.';
comment on column views.account_history.company is 'Code of the company.';
comment on column views.account_history.code is 'Code of the account.';
comment on column views.account_history.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.account_history.name is 'Name of the account.';
comment on column views.account_history.names is 'Names by language (BCP 47).';
comment on column views.account_history.type is 'asset, liability, equity, income, expense or offBalance.';
comment on column views.account_history.parent is 'Code of the account above, if any.';
comment on column views.account_history.currency is 'The only unit that may be posted; null for any.';
comment on column views.account_history.postable is 'Whether entries may use it.';
comment on column views.account_history.archived is 'Whether it is closed to new entries.';
comment on column views.account_history.requires is 'Dimensions that each line must name.';
comment on column views.account_history.by_sign is 'Shown as an asset while debit, as a liability while credit.';

create or replace view views.company_history with (security_invoker = true) as
    select company, position, name, currency, country, time_zone, fiscal_year_start, retained_earnings, digits,
        books_from, books_to
    from ledger_read.company_history_{v};
comment on view views.company_history is 'One row each time a company was registered or changed.';
comment on column views.company_history.company is 'Code of the company.';
comment on column views.company_history.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.company_history.name is 'Name of the company.';
comment on column views.company_history.currency is 'Functional currency (ISO 4217).';
comment on column views.company_history.country is 'Country (ISO 3166 alpha-2).';
comment on column views.company_history.time_zone is 'Time zone (IANA) that its days are counted in.';
comment on column views.company_history.fiscal_year_start is 'First day of the fiscal year, MM-DD.';
comment on column views.company_history.retained_earnings is 'Equity account beside which unclosed results are shown.';
comment on column views.company_history.digits is 'Decimal places by unit, beyond those of ISO 4217.';
comment on column views.company_history.books_from is 'First day on which entries may be booked; null for any.';
comment on column views.company_history.books_to is 'Last day on which entries may be booked; null for any.';

create or replace view views.dimension_value_history with (security_invoker = true) as
    select company, dimension, value, position, name, names, archived
    from ledger_read.dimension_value_history_{v};
comment on view views.dimension_value_history is 'One row each time a value of a dimension was added or changed.';
comment on column views.dimension_value_history.company is 'Code of the company.';
comment on column views.dimension_value_history.dimension is 'Name of the dimension, such as shop.';
comment on column views.dimension_value_history.value is 'Code of the value.';
comment on column views.dimension_value_history.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.dimension_value_history.name is 'Name of the value.';
comment on column views.dimension_value_history.names is 'Names by language (BCP 47).';
comment on column views.dimension_value_history.archived is 'Whether it is closed to new entries.';

create or replace view views.period_history with (security_invoker = true) as
    select company, position, sequence, recorded, event, period, reason, actor
    from ledger_read.period_history_{v};
comment on view views.period_history is 'One row each time months were closed, reopened or closed for good.';
comment on column views.period_history.company is 'Code of the company.';
comment on column views.period_history.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.period_history.sequence is 'Number of the event over all companies.';
comment on column views.period_history.recorded is 'When it was recorded (UTC instant).';
comment on column views.period_history.event is
    'closed (this month and all before it), reopened (this month and all after it) or final.';
comment on column views.period_history.period is 'First day of the month.';
comment on column views.period_history.reason is 'Why it was reopened.';
comment on column views.period_history.actor is 'Opaque id of who did it.';

create or replace view views.employee_history with (security_invoker = true) as
    select company, employee, position, version, event_id, name_sealed
    from ledger_read.employee_history_{v};
comment on view views.employee_history is 'One row each time somebody was registered as an employee, or changed.';
comment on column views.employee_history.company is 'Code of the company.';
comment on column views.employee_history.employee is 'Opaque id of the employee, who is the person of that id.';
comment on column views.employee_history.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.employee_history.version is 'Number of the event in the employee''s stream.';
comment on column views.employee_history.event_id is 'Id of the event.';
comment on column views.employee_history.name_sealed is
    'The name as it is stored: sealed, to be read through the API only, and by nobody once erased.';

create or replace view views.contract_history with (security_invoker = true) as
    select company, employee, contract, position, pay_group, from_day, to_day, type, job, weekly_hours,
        full_time_hours, place, dimensions
    from ledger_read.contract_history_{v};
comment on view views.contract_history is 'One row each time a contract of employment was recorded or corrected.';
comment on column views.contract_history.company is 'Code of the company.';
comment on column views.contract_history.employee is 'Opaque id of the employee.';
comment on column views.contract_history.contract is 'Id of the contract.';
comment on column views.contract_history.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.contract_history.pay_group is 'Id of the pay group whose runs pay it.';
comment on column views.contract_history.from_day is 'First day of the contract.';
comment on column views.contract_history.to_day is 'Last day of the contract; null without an end.';
comment on column views.contract_history.type is 'permanent, fixedTerm, seasonal or apprentice.';
comment on column views.contract_history.job is 'The position that the employee holds.';
comment on column views.contract_history.weekly_hours is 'Hours a week.';
comment on column views.contract_history.full_time_hours is 'Those of full time; null where they are the same.';
comment on column views.contract_history.place is 'Place of work.';
comment on column views.contract_history.dimensions is 'Values by dimension, such as {"department": "sales"}.';

create or replace view views.termination_history with (security_invoker = true) as
    select company, employee, position, last_day, reason
    from ledger_read.termination_history_{v};
comment on view views.termination_history is 'One row each time the end of an employment was recorded or corrected.';
comment on column views.termination_history.company is 'Code of the company.';
comment on column views.termination_history.employee is 'Opaque id of the employee.';
comment on column views.termination_history.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.termination_history.last_day is 'Last day of the employment: every contract ends with it.';
comment on column views.termination_history.reason is 'A word for the reason.';

create or replace view views.personal_data with (security_invoker = true) as
    select company, person, position, path, purpose, sequence, counts_from
    from ledger_read.personal_data_{v};
comment on view views.personal_data is 'One row a text on a natural person: where it stands, never what it says.';
comment on column views.personal_data.company is 'Code of the company.';
comment on column views.personal_data.person is 'Opaque id of the person.';
comment on column views.personal_data.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.personal_data.path is 'Where in the event the text stands.';
comment on column views.personal_data.purpose is 'Why it is kept: bookkeeping, payroll or consent.';
comment on column views.personal_data.sequence is 'Number of the event over all companies.';
comment on column views.personal_data.counts_from is 'The day from which statutory retention counts.';

create or replace view views.books_state with (security_invoker = true) as
    select company, position, covered, {block_size} as block_size
    from ledger_read.books_state_{v};
comment on view views.books_state is 'How far these tables go, by company.';
comment on column views.books_state.company is 'Code of the company.';
comment on column views.books_state.position is 'The last event of the company that is in the tables.';
comment on column views.books_state.covered is
    'The last position that movement_cell covers; later lines are summed from journal_line.';
comment on column views.books_state.block_size is 'Positions a block of movement_cell at level 1.';
