using System.Net.Http.Headers;
using Ledger.Api.Audit;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Audit;

public sealed class AccessLogTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string WrongKey = "bo_wr2ngkey_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private AccessLog Log => host.App.Services.GetRequiredService<AccessLog>();

    [Fact]
    public async Task Refused_requests_are_counted_by_route_and_code_and_nothing_of_what_a_stranger_sent_is_noted()
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        for (var i = 0; i < 3; i++)
        {
            await AsAsync(WrongKey, $"/companies/{books.Company}/accounts/{i}");
        }

        await AsAsync("nonsense-that-may-be-a-secret", $"/companies/{books.Company}/balances");
        await AsAsync(null, $"/companies/{books.Company}/balances");
        await AsAsync(WrongKey, "/companies/there-is-none-such/balances");
        await books.SendAsync(Step.Get("/balances"));
        await books.SendAsync(Step.Get("/journal-entries/none"));

        var rows = await SumsAsync(books);
        await using var source = NpgsqlDataSource.Create(host.Ledger.ConnectionString);
        await using var command = source.CreateCommand("select string_agg(a::text, ' ') from ledger.access_log a");
        var all = (string)(await command.ExecuteScalarAsync())!;
        Assert.DoesNotContain("wr2ngkey", all, StringComparison.Ordinal);
        Assert.DoesNotContain("there-is-none-such", all, StringComparison.Ordinal);

        Assert.Equal(
            [
                ("-", "/companies/{company}/accounts/{code}", "key-unknown", 3),
                ("-", "/companies/{company}/balances", "key-missing", 1),
                ("-", "/companies/{company}/balances", "key-unknown", 1),
            ],
            rows);
    }

    [Fact]
    public async Task A_company_that_a_key_does_not_see_is_noted_under_the_actor()
    {
        var books = host.Given();
        (await books.SendAsync(Step.Get("/balances"))).IsProblem(404, "company-unknown");
        await books.SendAsync(Company);

        var actor = host.Ledger.OwnerActor;
        Assert.Equal([(actor, "/companies/{company}/balances", "company-unknown", 1)], await SumsAsync(books));
    }

    [Fact]
    public async Task A_refusal_where_the_company_is_a_parameter_is_noted_with_it()
    {
        var books = host.Given(Company);
        await books.PrepareAsync();
        var shop = await new CompanyKeys(host, books.Company).IssueAsync("shop", """{"roles": ["integrator"]}""");
        var path = $"/payroll/packs/bg/calculations?company={books.Company}";
        (await CompanyKeys.SendAsync(host, shop, ApiHost.Request(HttpMethod.Post, path, "{}"))).IsProblem(
            403, "permission-missing");
        await AsAsync(WrongKey, $"/payroll/packs?company={books.Company}");

        Assert.Equal(
            [
                ("-", "/payroll/packs", "key-unknown", 1),
                ("key", "/payroll/packs/{pack}/calculations", "permission-missing", 1),
            ],
            (await SumsAsync(books)).Select(row => (row.Actor.Split(':')[0], row.Route, row.Code, row.Count)));
    }

    [Fact]
    public async Task A_list_comes_in_pages_and_as_csv_and_keeps_to_its_bounds()
    {
        var books = host.Given(Company);
        await books.PrepareAsync();
        await ExecuteAsync($"""
            insert into ledger.access_log (second, company, actor, method, route, code, count)
            select '2026-01-31T22:00:00Z'::timestamptz + n / 4 * interval '30 minutes', '{books.Company}', 'key:' || n,
                'GET', '/x', 'key-unknown', n
            from generate_series(1, 20) n
            """);
        var all = new List<long>();
        var query = "?from=2026-01-01&limit=7";
        do
        {
            var page = (await books.SendAsync(Step.Get($"/access-log{query}"))).Is(200).Json;
            all.AddRange(page.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("count").GetInt64()));
            query = $"?from=2026-01-01&limit=7&cursor={page.GetProperty("next").GetString()}";
        }
        while (!query.EndsWith('='));

        // Twenty rows, four of a second; the company's day ends at 23:00 in UTC.
        Assert.Equal(Enumerable.Range(1, 20).Select(n => (long)n), all);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], await CountsAsync(books, "?from=2026-01-01&to=2026-01-31"));
        Assert.Equal(Enumerable.Range(8, 13), await CountsAsync(books, "?from=2026-02-01"));
        Assert.Equal([4, 5, 6, 7, 8, 9, 10, 11], await CountsAsync(
            books, "?from=2026-01-31T22:30:00Z&to=2026-01-31T23:00:00Z"));
        Assert.Equal([5], await CountsAsync(books, "?actor=key:5&code=key-unknown"));
        (await books.SendAsync(Step.Get("/access-log?from=2026-02-01&to=2026-01-31")))
            .IsProblem(400, "parameter-malformed");
        var csv = await books.SendAsync(Step.Get("/access-log?from=2026-01-01&limit=2", ("Accept", "text/csv")));
        Assert.Equal("second,actor,method,route,code,person,address,count", csv.Body.Split("\r\n")[0]);
        Assert.Equal("2026-01-31T22:00:00Z,key:1,GET,/x,key-unknown,,,1", csv.Body.Split("\r\n")[1]);
        Assert.Contains("rel=\"next\"", csv.Header("Link"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_too_much_to_be_told_apart_is_shown_to_each_company()
    {
        var books = host.Given(Company);
        await books.PrepareAsync();
        await ExecuteAsync("""
            insert into ledger.access_log (second, method, route, code, count) values
                ('2020-01-01', '-', '-', 'others', 7), ('2020-01-01', '-', '-', 'key-missing', 8)
            """);

        Assert.Equal([7], await CountsAsync(books, "?to=2020-01-02"));
    }

    [Fact]
    public async Task The_address_is_noted_only_where_the_settings_want_it()
    {
        await using var database = await DatabaseAsync();
        await using (var without = database.Log(new(400, 50, Addresses: false)))
        {
            without.Note("acme", null, "GET", "/x", "key-unknown", null, "192.0.2.1");
        }

        await using (var with = database.Log(new(400, 50, Addresses: true)))
        {
            with.Note("acme", null, "GET", "/x", "key-unknown", null, "192.0.2.1");
        }

        Assert.Equal(1, await database.NumberAsync("select count(*) from ledger.access_log where address is null"));
        Assert.Equal(1, await database.NumberAsync(
            "select count(*) from ledger.access_log where address = '192.0.2.1'"));
    }

    [Fact]
    public async Task What_is_older_than_it_is_kept_is_deleted_and_nothing_else()
    {
        await using var database = await DatabaseAsync();
        await database.ExecuteAsync("""
            insert into ledger.access_log (second, actor, method, route, code, count)
            select now() - interval '30 days 1 hour', n::text, 'GET', '/x', 'key-unknown', 1
            from generate_series(1, 25000) n
            union all select now() - interval '29 days 23 hours', 'young', 'GET', '/x', 'key-unknown', 1
            """);
        await using var log = database.Log(new(Days: 30, 50, Addresses: false));

        Assert.Equal(25_000, await log.DeleteOldAsync());
        Assert.Equal(1, await database.NumberAsync("select count(*) from ledger.access_log where actor = 'young'"));
        Assert.Equal(0, await log.DeleteOldAsync());
    }

    [Fact]
    public async Task What_could_not_be_written_is_kept_and_written_later()
    {
        await using var database = await DatabaseAsync();
        await using var log = database.Log(new(400, 50, Addresses: false));
        await database.ExecuteAsync("alter table ledger.access_log rename to elsewhere");
        log.Note("acme", null, "GET", "/x", "key-unknown");
        log.Used("acme", "abcd2345");
        await Assert.ThrowsAnyAsync<PostgresException>(() => log.FlushAsync());
        log.Note("acme", null, "GET", "/x", "key-unknown");

        await database.ExecuteAsync("alter table ledger.elsewhere rename to access_log");
        await log.FlushAsync();

        Assert.Equal(2, await database.NumberAsync("select sum(count)::bigint from ledger.access_log"));
        Assert.Equal(1, await database.NumberAsync("select count(*) from ledger.key_use"));
    }

    [Fact]
    public async Task The_last_use_of_a_key_is_raised_once_a_minute_and_never_lowered()
    {
        await using var database = await DatabaseAsync();
        await using var log = database.Log(new(400, 50, Addresses: false));
        await database.ExecuteAsync("""
            insert into ledger.key_use values ('acme', 'late2345', '2199-01-01'), ('acme', 'early234', '2020-01-01')
            """);
        foreach (var key in new[] { "late2345", "early234", "early234" })
        {
            log.Used("acme", key);
        }

        await log.FlushAsync();
        await database.ExecuteAsync("update ledger.key_use set last_used = '2020-01-01' where key = 'early234'");
        log.Used("acme", "early234");
        await log.FlushAsync();

        Assert.Equal(2199, await database.NumberAsync(
            "select extract(year from last_used)::bigint from ledger.key_use where key = 'late2345'"));
        Assert.Equal(2020, await database.NumberAsync(
            "select extract(year from last_used)::bigint from ledger.key_use where key = 'early234'"));
    }

    [Fact]
    public async Task A_request_raises_the_last_use_of_its_key()
    {
        await host.GetAsync("/companies/none/balances");
        await Log.FlushAsync();

        await using var source = NpgsqlDataSource.Create(host.Ledger.ConnectionString);
        await using var command = source.CreateCommand("select key from ledger.key_use");
        Assert.Equal(host.Ledger.OwnerActor, $"key:{await command.ExecuteScalarAsync()}");
    }

    [Theory]
    [InlineData("Bearer " + WrongKey, "unknown:wr2ngkey")]
    [InlineData("bearer  " + WrongKey, "unknown:wr2ngkey")]
    [InlineData("Bearer bo_wr2ngkey_tooshort", null)]
    [InlineData("Bearer bo_';drop--_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", null)]
    [InlineData("Basic b3duZXI6", null)]
    [InlineData("", null)]
    public void Of_a_key_that_holds_no_longer_its_prefix_is_noted_if_it_has_one(string header, string? actor) =>
        Assert.Equal(actor, AccessLog.UnknownActor(header));

    private async Task AsAsync(string? key, string path)
    {
        using var anybody = new HttpClient { BaseAddress = host.Address };
        anybody.DefaultRequestHeaders.Authorization =
            key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using var response = await anybody.GetAsync(new Uri(path, UriKind.Relative));
        (await ApiAnswer.ReadAsync(response)).Is(401);
    }

    /// <summary>All rows of a company, whatever second they fell into.</summary>
    private async Task<IEnumerable<(string Actor, string Route, string Code, long Count)>> SumsAsync(Scenario books)
    {
        await Log.FlushAsync();
        var rows = (await books.SendAsync(Step.Get("/access-log?from=2026-01-01"))).Is(200).Json.GetProperty("rows");
        return
            from row in rows.EnumerateArray()
            group row.GetProperty("count").GetInt64()
                by (row.GetProperty("actor").GetString() ?? "-", row.GetProperty("route").GetString()!,
                    row.GetProperty("code").GetString()!) into alike
            orderby string.Join(' ', alike.Key.Item1, alike.Key.Item2, alike.Key.Item3)
            select (alike.Key.Item1, alike.Key.Item2, alike.Key.Item3, alike.Sum());
    }

    private static async Task<IEnumerable<int>> CountsAsync(Scenario books, string query) =>
        (await books.SendAsync(Step.Get("/access-log" + query))).Is(200).Json.GetProperty("rows").EnumerateArray()
            .Select(row => row.GetProperty("count").GetInt32());

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(host.Ledger.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static Task<AccessDatabase> DatabaseAsync() => AccessDatabase.CreateAsync();
}
