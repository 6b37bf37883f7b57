using Ledger.EventStore;
using Ledger.Projections;
using Npgsql;

namespace Ledger.Tests.Roles;

/// <summary>A reader sees the rows of its companies, whatever it tries.</summary>
public sealed class ReaderWallTests(ReaderBooks books) : IClassFixture<ReaderBooks>
{
    /// <summary>Ways to the tables behind the views, to other rights, or to what the tables' statistics tell.</summary>
    public static TheoryData<string> Refused => new()
    {
        "select * from public.mt_events",
        "select * from public.mt_streams",
        "select * from public.mt_event_progression",
        "select last_value from public.mt_events_sequence",
        "select * from ledger.log",
        "select * from ledger.readers",
        "select * from ledger.schema_version",
        "select ledger.readable_companies()",
        "select ledger_read.wall_in_pay('payslip_line_1')",
        "drop policy pay on ledger_read.payslip_history_1",
        "select * from ledger.read_streams('beta', '{company}', '{0}')",
        "select ledger.record_holes()",
        "select * from ledger_read.journal_entry_1",
        "select * from ledger_read.version",
        "select ledger_read.position_at('beta', now())",
        "select ledger_read.wall_in('journal_entry_1')",
        "insert into ledger.readers values (session_user, 'beta')",
        "insert into views.position values ('acme', 1, 1, now())",
        "update views.journal_entry set company = 'acme'",
        "delete from views.journal_entry",
        "create view views.mine as select 1",
        "create table public.mine (n int)",
        "create or replace view views.journal_entry as select 1",
        "alter view views.journal_entry set (security_invoker = false)",
        "alter table ledger_read.journal_entry_1 disable row level security",
        "drop policy readers on ledger_read.journal_entry_1",
        "set row_security = off; select * from views.journal_entry",
        "set role ledger_service",
        "set role ledger_owner",
        "select set_config('role', 'ledger_service', false)",
        "set session authorization ledger_service",
        "set session authorization postgres",
        "select set_config('session_authorization', 'postgres', false)",
        "grant ledger_service to session_user",
        "select * from pg_statistic",
        "select * from pg_authid",
        "copy views.journal_entry to program 'cat'",
    };

    [Fact]
    public async Task Each_view_shows_a_reader_its_own_company_and_the_service_both()
    {
        await using var reader = await books.LogInAsync();
        foreach (var view in books.Views)
        {
            var sql = $"select distinct company from views.{view} order by 1";
            Assert.Equal((view, "acme,beta"), (view, string.Join(',', await books.Books.RowsAsync(sql))));
            Assert.Equal((view, "acme"), (view, string.Join(',', await ReaderBooks.AskAsync(reader, sql))));
            Assert.Equal(
                await books.Books.RowsAsync($"select count(*) from views.{view} where company = 'acme'"),
                await ReaderBooks.AskAsync(reader, $"select count(*) from views.{view}"));
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Every_way_around_the_views_is_refused(string attack)
    {
        await using var reader = await books.LogInAsync();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => ReaderBooks.AskAsync(reader, attack));
        Assert.True(refused.SqlState == PostgresErrorCodes.InsufficientPrivilege, refused.Message);
    }

    [Theory]
    [InlineData("set role ledger_reader")]
    [InlineData("select set_config('session_user', 'postgres', false)")]
    [InlineData("select set_config('ledger.company', 'beta', false)")]
    [InlineData("set search_path = pg_temp, views")]
    [InlineData("set plan_cache_mode = force_generic_plan")]
    [InlineData("create function pg_temp.readable_companies() returns text[] return '{beta}'::text[]")]
    [InlineData("create temp table readers as select session_user as reader, 'beta' as company")]
    public async Task No_setting_and_no_object_of_its_own_changes_what_a_reader_sees(string attempt)
    {
        await using var reader = await books.LogInAsync();
        try
        {
            await ReaderBooks.AskAsync(reader, attempt);
        }
        catch (PostgresException e) when (e.SqlState is "42704" or "55P02" or "42602")
        {
            // There is no such setting, which is as good.
        }

        Assert.Equal(["acme"], await ReaderBooks.AskAsync(reader, "select distinct company from views.journal_entry"));
    }

    [Theory]
    [InlineData("select count(*) from views.journal_entry where pg_temp.leak(company || ': ' || description)")]
    [InlineData("select count(*) from views.journal_entry where (company || ': ' || description) !!! 'x'")]
    [InlineData("select count(*) from views.ledger where pg_temp.leak(company || ': ' || account)")]
    [InlineData("select count(*) from views.position where pg_temp.leak(company || ': ' || recorded)")]
    [InlineData("select count(*) from views.movement_by_month where pg_temp.leak(company || ': ' || account)")]
    [InlineData("select count(*) from views.journal_entry where company = 'beta' and pg_temp.leak(description)")]
    public async Task A_leaking_function_or_operator_is_called_with_own_rows_alone(string sql)
    {
        await using var reader = await books.LogInAsync();
        var leaked = new List<string>();
        reader.Notice += (_, args) => leaked.Add(args.Notice.MessageText);
        await ReaderBooks.AskAsync(reader, """
            create function pg_temp.leak(text) returns boolean language plpgsql cost 0.0000001 as
                $$ begin raise notice '%', $1; return true; end $$;
            create function pg_temp.leak(text, text) returns boolean language sql cost 0.0000001 as
                $$ select pg_temp.leak($1) $$;
            create operator pg_temp.!!! (function = pg_temp.leak, leftarg = text, rightarg = text)
            """);
        sql = sql.Replace("!!!", "operator(pg_temp.!!!)", StringComparison.Ordinal);

        await ReaderBooks.AskAsync(reader, sql);

        Assert.Equal(sql.Contains("'beta'", StringComparison.Ordinal), leaked.Count == 0);
        Assert.All(leaked, text => Assert.StartsWith("acme: ", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_error_that_a_row_would_raise_is_not_raised_by_rows_of_others()
    {
        await using var reader = await books.LogInAsync();
        Assert.Equal(
            await books.Books.RowsAsync("select count(*) from views.journal_entry where company = 'acme'"),
            await ReaderBooks.AskAsync(
                reader,
                "select count(*) from views.journal_entry where 1 / (case company when 'acme' then 1 else 0 end) = 1"));
    }

    [Fact]
    public async Task Neither_statistics_nor_plans_show_what_others_wrote()
    {
        const string stats = "select s::text from pg_stats s where schemaname in ('ledger', 'ledger_read', 'public')";
        await using var superuser = await books.Books.Superuser.OpenConnectionAsync();
        Assert.Contains(
            await ReaderBooks.AskAsync(superuser, stats),
            row => row.Contains(ReaderBooks.Secret, StringComparison.Ordinal));

        await using var reader = await books.LogInAsync();
        Assert.Empty(await ReaderBooks.AskAsync(reader, stats));
        Assert.Empty(await ReaderBooks.AskAsync(reader, "select most_common_vals::text from pg_stats_ext"));
        foreach (var view in books.Views)
        {
            foreach (var how in new[] { "", "(analyze, verbose, buffers) " })
            {
                Assert.DoesNotContain(
                    await ReaderBooks.AskAsync(
                        reader, $"explain {how}select * from views.{view} where company <> 'acme'"),
                    line => line.Contains("beta", StringComparison.OrdinalIgnoreCase));
            }
        }
    }

    [Fact]
    public async Task Positions_are_told_of_own_companies_as_the_service_has_them_and_of_others_as_of_unknown_ones()
    {
        await using var reader = await books.LogInAsync();
        var instants = await books.Books.RowsAsync(
            "select distinct recorded from views.position union select '1990-01-01' union select '2990-01-01'");
        Assert.InRange(instants.Length, 20, 1000);
        foreach (var instant in instants)
        {
            var sql = $"select views.position_at('acme', '{instant}')";
            Assert.Equal(
                await books.Books.RowsAsync($"select ledger_read.position_at('acme', '{instant}')"),
                await ReaderBooks.AskAsync(reader, sql));
            Assert.Equal(await books.Books.RowsAsync(sql), await ReaderBooks.AskAsync(reader, sql));
        }

        Assert.Equal(["0"], await ReaderBooks.AskAsync(reader, "select views.position_at('beta', now())"));
        Assert.Equal(["0"], await ReaderBooks.AskAsync(reader, "select views.position_at('nobody', now())"));
    }

    [Fact]
    public async Task A_login_without_companies_sees_nothing_and_one_without_the_role_may_not_ask()
    {
        await using var empty = await TestLogin.CreateAsync("in role ledger_reader");
        await using var stranger = await TestLogin.CreateAsync();
        await using (var connection = await books.LogInAsync(empty))
        {
            foreach (var view in books.Views)
            {
                Assert.Equal(["0"], await ReaderBooks.AskAsync(connection, $"select count(*) from views.{view}"));
            }
        }

        await using var outside = await books.LogInAsync(stranger);
        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => ReaderBooks.AskAsync(outside, "select count(*) from views.company"));
        Assert.Equal("permission denied for schema views", refused.MessageText);
    }

    [Fact]
    public async Task What_each_person_is_paid_is_seen_only_with_leave_and_all_else_without()
    {
        string[] ofPay =
            ["opening_figure_history", "payslip_history", "payslip_line", "payslip_lines", "payslips"];
        await using var finance = await TestLogin.CreateAsync("in role ledger_reader");
        await books.Books.ExecuteAsSuperuserAsync($"insert into ledger.readers values ('{finance.Name}', 'acme')");
        await using var connection = await books.LogInAsync(finance);

        var empty = new List<string>();
        foreach (var view in books.Views)
        {
            var seen = await ReaderBooks.AskAsync(connection, $"select count(*) from views.{view}");
            empty.AddRange(seen is ["0"] ? [view] : Array.Empty<string>());
        }

        Assert.Equal(ofPay, empty);
    }

    [Fact]
    public async Task A_member_of_another_reader_still_sees_by_the_name_that_it_logged_in_with()
    {
        await using var nosy = await TestLogin.CreateAsync($"in role ledger_reader, {books.Reader}");
        await using var connection = await books.LogInAsync(nosy);

        Assert.Equal(
            [nosy.Name, "0"],
            await ReaderBooks.AskAsync(
                connection, $"set role {books.Reader}; select session_user; select count(*) from views.company"));
    }

    [Fact]
    public async Task What_is_taken_away_is_gone_for_the_next_query_of_an_open_connection()
    {
        await using var login = await TestLogin.CreateAsync("in role ledger_reader");
        await using var connection = await books.LogInAsync(login);
        const string sql = "select string_agg(distinct company, ',') from views.journal_line";
        await GrantAsync("insert into ledger.readers values ('{0}', 'acme'), ('{0}', 'beta')");
        Assert.Equal(["acme,beta"], await ReaderBooks.AskAsync(connection, sql));

        await GrantAsync("delete from ledger.readers where reader = '{0}' and company = 'beta'");
        Assert.Equal(["acme"], await ReaderBooks.AskAsync(connection, sql));

        await GrantAsync("delete from ledger.readers where reader = '{0}'");
        Assert.Equal([""], await ReaderBooks.AskAsync(connection, sql));

        Task GrantAsync(string statement) =>
            books.Books.ExecuteAsSuperuserAsync(string.Format(null, statement, login.Name));
    }

    [Fact]
    public async Task The_wall_is_asked_once_a_query_and_rows_are_found_by_an_index_on_the_company()
    {
        // So few rows would be read from one end to the other; what counts is that they need not be.
        const string plainly = "set enable_seqscan = off; set enable_bitmapscan = off; ";
        const string query = "explain (analyze, timing off, summary off, costs off) "
            + "select * from views.journal_line where account = '11'";
        await using var reader = await books.LogInAsync();
        var plan = await ReaderBooks.AskAsync(reader, plainly + query);

        Assert.Single(plan, line => line.Contains("InitPlan", StringComparison.Ordinal));
        var asked = plan[Array.FindIndex(plan, line => line.Contains("InitPlan", StringComparison.Ordinal)) + 1];
        Assert.Matches(@"Result \(actual rows=1(\.00)? loops=1\)", asked);
        Assert.DoesNotContain(plan, line => line.Contains("SubPlan", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("readable_companies", StringComparison.Ordinal));
        var condition = Assert.Single(plan, line => line.Contains("Index Cond", StringComparison.Ordinal));
        Assert.Matches(@"company = ANY \(.*\(account = '11'::text\)", condition);

        // The service owns the tables, and nothing stands in its way.
        await using var service = await books.Books.Source.OpenConnectionAsync();
        var free = await ReaderBooks.AskAsync(service, plainly + query + " and company = 'acme'");
        Assert.DoesNotContain(free, line => line.Contains("InitPlan", StringComparison.Ordinal));
        Assert.DoesNotContain(free, line => line.Contains("ANY", StringComparison.Ordinal));
        Assert.DoesNotContain(
            await ReaderBooks.AskAsync(service, "explain select * from ledger.log where company = 'acme'"),
            line => line.Contains("ANY", StringComparison.Ordinal));
        await ReaderBooks.AskAsync(service, "reset all");
    }

    [Fact]
    public async Task The_wall_stands_around_the_tables_of_each_new_version()
    {
        Assert.Empty(await books.Books.RowsAsync(RoleCatalog.Unwalled));

        await new Rebuild(books.Books.Source, EventCatalog.Ledger).RunAsync();

        Assert.Empty(await books.Books.RowsAsync(RoleCatalog.Unwalled));
        await using var reader = await books.LogInAsync();
        foreach (var view in books.Views)
        {
            var seen = await ReaderBooks.AskAsync(reader, $"select distinct company from views.{view}");
            Assert.Equal((view, "acme"), (view, string.Join(',', seen)));
        }
    }
}
