-- What was paid to whom, over version {v}. Columns are only ever added, at the end.

create or replace view views.pay_run_history with (security_invoker = true) as
    select company, run, position, sequence, recorded, event, pay_group, kind, from_day, through_day, pay_date,
        booked_on
    from ledger_read.pay_run_history_{v};
comment on view views.pay_run_history is
    'One row each time a pay run went on.';
comment on column views.pay_run_history.company is 'Code of the company.';
comment on column views.pay_run_history.run is 'Id of the run.';
comment on column views.pay_run_history.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.pay_run_history.sequence is 'Number of the event over all companies.';
comment on column views.pay_run_history.recorded is 'When it was recorded (UTC instant).';
comment on column views.pay_run_history.event is 'opened, calculating, calculated, approved, posted or reversed.';
comment on column views.pay_run_history.pay_group is
    'Id of the pay group; only where it was opened, as all that follows but the day booked.';
comment on column views.pay_run_history.kind is 'regular or supplementary.';
comment on column views.pay_run_history.from_day is 'First day of the period.';
comment on column views.pay_run_history.through_day is 'Last day of the period.';
comment on column views.pay_run_history.pay_date is 'Day of payment.';
comment on column views.pay_run_history.booked_on is 'Day on which it was booked, or its reversal.';

create or replace view views.payslip_history with (security_invoker = true) as
    select company, run, employee, position, attempt, contract, pack, engine_version, currency, from_day, through_day,
        pay_date, dimensions, gross, benefits, deductions, net, employer_contributions
    from ledger_read.payslip_history_{v};
comment on view views.payslip_history is
    'One row an attempt at the payslip of an employee in a run; empty where it failed. Readers need leave to see pay.';
comment on column views.payslip_history.company is 'Code of the company.';
comment on column views.payslip_history.run is 'Id of the run.';
comment on column views.payslip_history.employee is 'Opaque id of the employee.';
comment on column views.payslip_history.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.payslip_history.attempt is 'Of the calculation of the run, from 1.';
comment on column views.payslip_history.contract is 'Id of the contract.';
comment on column views.payslip_history.pack is 'The payroll law by which it was made.';
comment on column views.payslip_history.engine_version is 'Version of the formulas of that law.';
comment on column views.payslip_history.currency is 'Currency of the amounts.';
comment on column views.payslip_history.from_day is 'First day of the period.';
comment on column views.payslip_history.through_day is 'Last day of the period.';
comment on column views.payslip_history.pay_date is 'Day of payment.';
comment on column views.payslip_history.dimensions is 'Where its cost belongs, such as {"department": "sales"}.';
comment on column views.payslip_history.gross is 'All pay, in kind as well.';
comment on column views.payslip_history.benefits is 'The part of it that is in kind.';
comment on column views.payslip_history.deductions is 'All that is taken from pay.';
comment on column views.payslip_history.net is 'What is paid out.';
comment on column views.payslip_history.employer_contributions is 'What the employer owes beside the pay.';

create or replace view views.payslip_line with (security_invoker = true) as
    select company, position, line, code, kind, amount, earned_through, base, rate, figure, deduction
    from ledger_read.payslip_line_{v};
comment on view views.payslip_line is
    'One row a line of a payslip. Readers need leave to see pay.';
comment on column views.payslip_line.company is 'Code of the company.';
comment on column views.payslip_line.position is 'That of its payslip.';
comment on column views.payslip_line.line is 'Number of the line, from 1.';
comment on column views.payslip_line.code is 'Element of pay, levy or deduction.';
comment on column views.payslip_line.kind is
    'earning, benefit, contribution, tax, deduction or employerContribution.';
comment on column views.payslip_line.amount is 'Amount in the currency of the payslip.';
comment on column views.payslip_line.earned_through is
    'Last day of the earlier period that it is for; null is the payslip''s own.';
comment on column views.payslip_line.base is 'What the rate was applied to.';
comment on column views.payslip_line.rate is 'A part of one.';
comment on column views.payslip_line.figure is 'Name of the figure of the law behind it.';
comment on column views.payslip_line.deduction is 'Id of the deduction that it serves.';

create or replace view views.opening_figure_history with (security_invoker = true) as
    select company, employee, year, position, through_day, lines
    from ledger_read.opening_figure_history_{v};
comment on view views.opening_figure_history is
    'One row each time it was recorded what an employee was paid elsewhere in a year. Readers need leave to see pay.';
comment on column views.opening_figure_history.company is 'Code of the company.';
comment on column views.opening_figure_history.employee is 'Opaque id of the employee.';
comment on column views.opening_figure_history.year is 'The statutory year, by the calendar year of its first day.';
comment on column views.opening_figure_history.position is
    'Number of the event in its company (1, 2, 3 …); known at P means position <= P.';
comment on column views.opening_figure_history.through_day is 'Last day that the figures cover.';
comment on column views.opening_figure_history.lines is 'Amounts by code of a payslip''s line.';

create or replace view views.payslips with (security_invoker = true) as
    select p.company, p.run, p.employee, p.position, o.pay_group, o.kind, s.event as status, p.contract, p.pack,
        p.engine_version, p.currency, p.from_day, p.through_day, p.pay_date, p.dimensions, p.gross, p.benefits,
        p.deductions, p.net, p.employer_contributions
    from (
        select distinct on (h.company, h.run, h.employee) h.*
        from ledger_read.payslip_history_{v} h
        order by h.company, h.run, h.employee, h.position desc) p
    join ledger_read.pay_run_history_{v} o on o.company = p.company and o.run = p.run and o.event = 'opened'
    cross join lateral (
        select h.event from ledger_read.pay_run_history_{v} h
        where h.company = p.company and h.run = p.run
        order by h.position desc limit 1) s
    where p.contract is not null;
comment on view views.payslips is
    'The payslips as they are now, of all runs. Readers need leave to see pay.';
comment on column views.payslips.company is 'Code of the company.';
comment on column views.payslips.run is 'Id of the run.';
comment on column views.payslips.employee is 'Opaque id of the employee.';
comment on column views.payslips.position is 'Number of the event in its company.';
comment on column views.payslips.pay_group is 'Id of the pay group.';
comment on column views.payslips.kind is 'regular or supplementary.';
comment on column views.payslips.status is
    'How far the run is: calculated, approved, posted or reversed. A payslip counts while its run is posted.';
comment on column views.payslips.contract is 'Id of the contract.';
comment on column views.payslips.pack is 'The payroll law by which it was made.';
comment on column views.payslips.engine_version is 'Version of the formulas of that law.';
comment on column views.payslips.currency is 'Currency of the amounts.';
comment on column views.payslips.from_day is 'First day of the period.';
comment on column views.payslips.through_day is 'Last day of the period.';
comment on column views.payslips.pay_date is 'Day of payment.';
comment on column views.payslips.dimensions is 'Where its cost belongs, such as {"department": "sales"}.';
comment on column views.payslips.gross is 'All pay, in kind as well.';
comment on column views.payslips.benefits is 'The part of it that is in kind.';
comment on column views.payslips.deductions is 'All that is taken from pay.';
comment on column views.payslips.net is 'What is paid out.';
comment on column views.payslips.employer_contributions is 'What the employer owes beside the pay.';

create or replace view views.payslip_lines with (security_invoker = true) as
    select p.company, p.run, p.employee, p.position, p.pay_date, p.status,
        coalesce(l.earned_through, p.through_day) as earned_on, p.currency, l.line, l.code, l.kind, l.amount,
        l.earned_through, l.base, l.rate, l.figure, l.deduction
    from views.payslips p
    join ledger_read.payslip_line_{v} l on l.company = p.company and l.position = p.position;
comment on view views.payslip_lines is
    'The lines of the payslips as they are now, of all runs. Readers need leave to see pay.';
comment on column views.payslip_lines.company is 'Code of the company.';
comment on column views.payslip_lines.run is 'Id of the run.';
comment on column views.payslip_lines.employee is 'Opaque id of the employee.';
comment on column views.payslip_lines.position is 'That of its payslip.';
comment on column views.payslip_lines.pay_date is 'Day of payment.';
comment on column views.payslip_lines.status is
    'How far the run is: calculated, approved, posted or reversed. A payslip counts while its run is posted.';
comment on column views.payslip_lines.earned_on is 'Last day of the period that it is for.';
comment on column views.payslip_lines.currency is 'Currency of the amounts.';
comment on column views.payslip_lines.line is 'Number of the line, from 1.';
comment on column views.payslip_lines.code is 'Element of pay, levy or deduction.';
comment on column views.payslip_lines.kind is
    'earning, benefit, contribution, tax, deduction or employerContribution.';
comment on column views.payslip_lines.amount is 'Amount in the currency of the payslip.';
comment on column views.payslip_lines.earned_through is
    'Last day of the earlier period that it is for; null is the payslip''s own.';
comment on column views.payslip_lines.base is 'What the rate was applied to.';
comment on column views.payslip_lines.rate is 'A part of one.';
comment on column views.payslip_lines.figure is 'Name of the figure of the law behind it.';
comment on column views.payslip_lines.deduction is 'Id of the deduction that it serves.';
