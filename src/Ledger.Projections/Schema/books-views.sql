-- The views of the group "books" over version {v}.
create or replace view views.journal_entry with (security_invoker = true) as
    select company, position, sequence, recorded, id, fiscal_year, number, booked_on, description, reference, kind,
        document_type, document_number, document_date, document_sha256, counterparty, reverse_on, corrects, reverses,
        reason, method, currency, lines, total, actor, correlation, causation
    from ledger_read.journal_entry_{v};

create or replace view views.journal_line with (security_invoker = true) as
    select company, position, line, booked_on, kind, account, unit, debit, credit, base_debit, base_credit, memo,
        dimensions
    from ledger_read.journal_line_{v};

create or replace view views.movement_cell with (security_invoker = true) as
    select company, recorded_level, dimension, booked_level, block, period, account, value, unit, kind, debit, credit,
        base_debit, base_credit
    from ledger_read.movement_cell_{v};

create or replace view views.account_history with (security_invoker = true) as
    select company, code, position, name, names, type, parent, currency, postable, archived, requires, by_sign
    from ledger_read.account_history_{v};

create or replace view views.company_history with (security_invoker = true) as
    select company, position, name, currency, country, time_zone, fiscal_year_start, retained_earnings, digits,
        books_from, books_to
    from ledger_read.company_history_{v};

create or replace view views.dimension_value_history with (security_invoker = true) as
    select company, dimension, value, position, name, names, archived
    from ledger_read.dimension_value_history_{v};

create or replace view views.period_history with (security_invoker = true) as
    select company, position, sequence, recorded, event, period, reason, actor
    from ledger_read.period_history_{v};

create or replace view views.books_state with (security_invoker = true) as
    select company, position, covered, {block_size} as block_size
    from ledger_read.books_state_{v};
