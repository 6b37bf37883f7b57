using System.Text.RegularExpressions;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using Ledger.Tests.Golden;
using Ledger.Tests.Queries;
using Ledger.Tests.Roles;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Tests.Projections;

public sealed partial class ViewsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private TestLogin login = null!;
    private BooksDatabase books = null!;

    public async Task InitializeAsync()
    {
        login = await TestLogin.CreateAsync("in role ledger_reader");
        books = await BooksDatabase.CreateAsync();
    }

    public async Task DisposeAsync()
    {
        await books.DisposeAsync();
        await login.DisposeAsync();
    }

    [Fact]
    public async Task Every_view_and_column_carries_a_comment_and_asks_with_the_rights_of_who_asks()
    {
        Assert.Empty(await books.RowsAsync("""
            select c.relname || coalesce('.' || a.attname, '')
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'views'
            left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where coalesce(col_description(c.oid, a.attnum), '') = ''
                or coalesce(obj_description(c.oid, 'pg_class'), '') = ''
                or not coalesce(c.reloptions, '{}') @> '{security_invoker=true}'
            """));
        Assert.Equal(26, await books.ScalarAsync<long>(
            "select count(*) from information_schema.views where table_schema = 'views'"));
    }

    [Fact]
    public async Task The_views_of_finance_agree_with_the_lines()
    {
        var last = 0L;
        foreach (var (stream, @event) in new RandomBooks(8).Events(80))
        {
            last = await books.AppendAsync("acme", stream, @event);
        }

        // At least one entry lies behind the last complete block of four, where the views add lines to cells.
        do
        {
            last = await books.AppendAsync("acme", $"journal-entry/more-{last}", new JournalEntryPosted(
                new LocalDate(2026, 1, 31), "More", new("EUR"),
                [new(new("11"), Side.Debit, 1m), new(new("41"), Side.Credit, 1m)]));
        }
        while (last % 4 == 0);

        await using var loop = books.StartLoop();
        Assert.True(await loop.WaitForAsync(last, Patience));
        Assert.True(await books.ScalarAsync<long>("select position - covered from views.books_state") > 0);

        Assert.Equal(
            await books.RowsAsync("""
                select company, account, unit, sum(debit), sum(credit), sum(base_debit), sum(base_credit)
                from views.journal_line group by 1, 2, 3 order by 1, 2, 3
                """),
            await books.RowsAsync("""
                select company, account, unit, debit, credit, base_debit, base_credit
                from views.trial_balance order by 1, 2, 3
                """));
        Assert.Equal(
            await books.RowsAsync("""
                select date_trunc('month', booked_on)::date, account, unit, kind, sum(debit), sum(credit),
                    sum(base_debit), sum(base_credit)
                from views.journal_line group by 1, 2, 3, 4 order by 1, 2, 3, 4
                """),
            await books.RowsAsync("""
                select month, account, unit, kind, debit, credit, base_debit, base_credit
                from views.movement_by_month order by 1, 2, 3, 4
                """));
        Assert.Equal(
            await books.RowsAsync("""
                select d.key, d.value, date_trunc('month', booked_on)::date, account, unit, kind, sum(debit),
                    sum(credit), sum(base_debit), sum(base_credit)
                from views.journal_line cross join lateral jsonb_each_text(dimensions) d
                group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
                """),
            await books.RowsAsync("""
                select dimension, value, month, account, unit, kind, debit, credit, base_debit, base_credit
                from views.movement_by_dimension order by 1, 2, 3, 4, 5, 6
                """));
        Assert.Equal(
            await books.ScalarAsync<long>("select count(*) from views.journal_line"),
            await books.ScalarAsync<long>("select count(*) from views.ledger where account_name is not null"));
    }

    [Fact]
    public async Task The_queries_in_the_page_on_sql_answer_what_it_shows()
    {
        var last = await FillShopAsync();
        await using var loop = books.StartLoop();
        Assert.True(await loop.WaitForAsync(last, Patience), loop.Status.ToString());
        var page = await File.ReadAllTextAsync(Path.Combine(GoldenFile.Root, "docs", "sql.md"));
        var examples = Example().Matches(page);
        Assert.Equal(5, examples.Count);
        await books.ExecuteAsSuperuserAsync($"insert into ledger.readers values ('{login.Name}', 'shop')");
        await using var reader = NpgsqlDataSource.Create(login.To(books.ConnectionString));

        foreach (Match example in examples)
        {
            foreach (var asked in new[] { books.Source, reader })
            {
                Assert.Equal(
                    example.Groups["answer"].Value, await AnswerAsync(asked, example.Groups["query"].Value));
            }
        }
    }

    [GeneratedRegex(
        @"```sql\n(?<query>.+?)\n```\n(?<answer>(\|[^\n]*\n)+)",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Example();

    /// <summary>The answer as the page prints it: a table, numbers to the right.</summary>
    private static async Task<string> AnswerAsync(NpgsqlDataSource asked, string query)
    {
        await using var command = asked.CreateCommand(query);
        await using var rows = await command.ExecuteReaderAsync();
        var columns = await rows.GetColumnSchemaAsync();
        var lines = new List<string>
        {
            Row(columns.Select(column => column.ColumnName)),
            "|" + string.Concat(
                columns.Select(column => column.DataTypeName == "numeric" ? "---:|" : "---|")),
        };
        while (await rows.ReadAsync())
        {
            lines.Add(Row(Enumerable.Range(0, columns.Count).Select(column => Text(rows, column))));
        }

        return string.Join('\n', lines) + "\n";

        static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";
    }

    private static string Text(NpgsqlDataReader rows, int column) => rows.GetValue(column) switch
    {
        DateTime date => LocalDate.FromDateTime(date).ToString("uuuu-MM-dd", null),
        DateOnly date => date.ToString("yyyy-MM-dd"),
        var value => FormattableString.Invariant($"{value}"),
    };

    /// <summary>Events written with instants of their own: a bill of January comes in February.</summary>
    private async Task<long> FillShopAsync()
    {
        var january = new LocalDate(2026, 1, 15);
        (string When, string Stream, object Event)[] events =
        [
            ("2026-01-02", "company", new CompanyRegistered(
                new CompanySettings("Shop", new("EUR"), "DE"), "Europe/Berlin", new AnnualDate(1, 1))),
            ("2026-01-02", "chart", Account("1000", "Bank", AccountType.Asset)),
            ("2026-01-02", "chart", Account("2200", "VAT", AccountType.Liability)),
            ("2026-01-02", "chart", Account("4000", "Sales", AccountType.Income)),
            ("2026-01-02", "chart", Account("6000", "Rent", AccountType.Expense)),
            ("2026-01-15", "journal-entry/sale-1", Sale(january, "berlin")),
            ("2026-02-10", "journal-entry/rent-january", new JournalEntryPosted(
                new LocalDate(2026, 1, 31), "Rent, the bill came late", new("EUR"),
                [new(new("6000"), Side.Debit, 700.00m), new(new("1000"), Side.Credit, 700.00m)])),
            ("2026-02-15", "journal-entry/sale-2", Sale(january.PlusMonths(1), "sofia")),
        ];
        var sequence = 0L;
        foreach (var (when, stream, @event) in events)
        {
            var stored = EventCatalog.Ledger.ToStore(@event);
            await using var command = books.Superuser.CreateCommand("""
                insert into public.mt_events (
                    seq_id, id, stream_id, version, data, type, timestamp, tenant_id, user_name)
                values ($1, $2, $3, (select count(*) + 1 from public.mt_events where stream_id = $3), $4, $5,
                    $6::text::timestamptz, 'shop', 'user:clerk')
                """);
            command.Parameters.Add(new() { Value = ++sequence });
            command.Parameters.Add(new() { Value = stored.Id });
            command.Parameters.Add(new() { Value = stream });
            command.Parameters.Add(new() { Value = stored.Data.ToArray(), NpgsqlDbType = NpgsqlDbType.Jsonb });
            command.Parameters.Add(new() { Value = stored.Type });
            command.Parameters.Add(new() { Value = when + "T09:00:00Z" });
            await command.ExecuteNonQueryAsync();
        }

        return sequence;
    }

    private static AccountOpened Account(string code, string name, AccountType type) =>
        new(new(code), new AccountDetails(name, type));

    private static JournalEntryPosted Sale(LocalDate bookedOn, string shop) => new(
        bookedOn, "Sale", new("EUR"),
        [
            new(new("1000"), Side.Debit, 595.00m),
            new(new("4000"), Side.Credit, 500.00m, Dimensions: ValueMap<string>.From([new("shop", shop)])),
            new(new("2200"), Side.Credit, 95.00m),
        ]);
}
