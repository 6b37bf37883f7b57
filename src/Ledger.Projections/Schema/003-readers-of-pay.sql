set local role ledger_service;

-- Beside the wall between companies: of a table that says what each person is paid, readers see only the rows of
-- companies whose pay they have leave to see.
create function ledger_read.wall_in_pay(of_table text) returns void
    language plpgsql volatile
    set search_path = pg_catalog, pg_temp
    as $$
begin
    execute format(
        'create policy pay on ledger_read.%I as restrictive for select to ledger_reader '
            'using (company = any ((select ledger.companies_readable_with_pay())::text[]))', of_table);
end
$$;
