using System.Text.Json;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Audit;

public sealed class ActivityApiTests(AuditBooks books) : IClassFixture<AuditBooks>
{
    [Theory]
    [InlineData("", "key:chief222 8 3|key:clerk222 11 9|key:temp2222 1 1")]
    [InlineData("?from=2026-03-01", "key:clerk222 6 4|key:temp2222 1 1")]
    [InlineData("?from=2026-02-02&to=2026-02-02", "key:chief222 6 1|key:clerk222 1 1")]
    [InlineData("?stream=periods", "key:chief222 2 2")]
    [InlineData("?knownAt=2026-02-02", "key:chief222 6 1|key:clerk222 1 1")]
    public async Task Actors_are_told_with_their_events_and_days(string query, string expected)
    {
        var rows = (await books.GetAsync($"/audit/activity{query}")).Is(200).Json.GetProperty("rows");

        Assert.Equal(expected, string.Join('|', rows.EnumerateArray().Select(row =>
            $"{row.GetProperty("actor")} {row.GetProperty("events")} {row.GetProperty("days")}")));
    }

    [Fact]
    public async Task A_thing_is_told_with_who_touched_it()
    {
        var path = "/audit/activity?by=stream&stream=journal-entry/w&limit=1";
        var first = (await books.GetAsync(path)).Is(200).Json;
        var second = (await books.GetAsync($"{path}&cursor={first.GetProperty("next").GetString()}")).Is(200).Json;

        Assert.Equal(
            """
            {"actor":null,"key":null,"person":null,"stream":"journal-entry/wrong","events":2,
            "first":"2026-03-09T08:00:00Z","last":"2026-03-09T08:05:00Z","days":1,
            "types":{"journal_entry_posted":1,"journal_entry_reversed":1},"actors":{"key:clerk222":2}}
            """.ReplaceLineEndings(""),
            first.GetProperty("rows")[0].GetRawText());
        Assert.Equal("journal-entry/wrong~reversal", second.GetProperty("rows")[0].GetProperty("stream").GetString());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        Assert.Empty((await books.GetAsync($"{path}&from=2026-04-01")).Is(200).Json.GetProperty("rows")
            .EnumerateArray());
    }

    [Fact]
    public async Task A_person_is_whoever_held_the_key_when_it_was_used()
    {
        var other = books.Host.Given(CompanyWithChart);
        await other.PrepareAsync();
        var keys = new CompanyKeys(books.Host, other.Company);
        var till = await keys.IssueAsync("till", """{"roles": ["accountant"], "holder": "ana"}""");
        (await keys.SendAsync(till, Sale("e1"))).Is(201);
        (await other.SendAsync(Step.Put(
            "/keys/till", """{"roles": ["accountant"], "holder": "boris"}""", ("If-Match", "\"1\"")))).Is(201);
        (await keys.SendAsync(till, Sale("e2"))).Is(201);
        var last = (await keys.SendAsync(till, Sale("e3"))).Is(201).Sequence;

        var persons = (await other.SendAsync(Step.Get(
            $"/audit/activity?by=person&stream=journal-entry/&atLeast={last}"))).Is(200).Json.GetProperty("rows");
        var actors = (await other.SendAsync(Step.Get("/audit/activity?stream=journal-entry/"))).Is(200)
            .Json.GetProperty("rows");

        Assert.Equal(
            ["ana 1", "boris 2"],
            persons.EnumerateArray().Select(row => $"{row.GetProperty("person")} {row.GetProperty("events")}"));
        Assert.Equal(
            ["till boris 3"],
            actors.EnumerateArray().Select(row =>
                $"{row.GetProperty("key")} {row.GetProperty("person")} {row.GetProperty("events")}"));
    }

    [Fact]
    public async Task Permissions_are_told_from_when_to_when_with_who_gave_them()
    {
        var other = books.Host.Given(Company);
        await other.PrepareAsync();
        var keys = new CompanyKeys(books.Host, other.Company);
        await keys.IssueAsync("shop", """{"roles": ["payer"], "holder": "maria"}""");
        (await other.SendAsync(Step.Put(
            "/keys/shop", """{"roles": ["auditor"], "holder": "maria"}""", ("If-Match", "\"1\"")))).Is(201);
        (await other.SendAsync(Step.Post("/keys/shop/revocation", """{"reason": "Left"}"""))).Is(201);

        var rows = (await other.SendAsync(Step.Get("/audit/permissions"))).Is(200).Json.GetProperty("rows");
        var changed = (await other.RecordedAsync()).Single(each => each.Type == "key_changed");

        Assert.Equal(["shop payer", "shop auditor", "owner owner"], rows.EnumerateArray().Select(row =>
            (row.GetProperty("key").GetString() == "shop" ? "shop " : "owner ") + row.GetProperty("roles")[0]));
        Assert.Equal(rows[0].GetProperty("until").GetString(), rows[1].GetProperty("from").GetString());
        Assert.Equal(changed.Sequence, rows[1].GetProperty("sequence").GetInt64());
        Assert.NotEqual(JsonValueKind.Null, rows[1].GetProperty("until").ValueKind);
        Assert.Equal(JsonValueKind.Null, rows[2].GetProperty("until").ValueKind);
        Assert.Equal(books.Host.Ledger.OwnerActor, rows[0].GetProperty("by").GetString());

        // By a secret that only whoever issued it has seen, a payer reads payments and releases none.
        var first = "&asOf=" + rows[0].GetProperty("from").GetString();
        Assert.Equal(2, await CountAsync(other, "?permission=readPayments" + first));
        Assert.Equal(1, await CountAsync(other, "?permission=releasePayments" + first));
        Assert.Equal(1, await CountAsync(other, "?asOf=2198-12-31"));
        Assert.Equal(2, await CountAsync(other, "?permission=readEvents"));
        Assert.Equal(0, await CountAsync(other, "?to=2020-01-01"));
        (await other.SendAsync(Step.Get("/audit/permissions?asOf=2026-01-01&from=2026-01-01")))
            .IsProblem(400, "parameter-malformed");
    }

    [Fact]
    public async Task Refusals_and_reads_are_summed_by_actor_person_and_route()
    {
        var other = books.Host.Given(Company);
        await other.PrepareAsync();
        await books.Host.ExecuteAsSuperuserAsync($"""
            insert into ledger.access_log (second, company, actor, method, route, code, person, count) values
                ('2026-01-05T10:00:00Z', '{other.Company}', 'key:a', 'GET', '/x', 'permission-missing', null, 3),
                ('2026-01-06T10:00:00Z', '{other.Company}', 'key:a', 'GET', '/y', 'permission-missing', 'p-1', 2),
                ('2026-01-06T10:00:00Z', '{other.Company}', 'key:a', 'GET', '/y', 'personal-data-read', 'p-1', 5),
                ('2026-01-07T10:00:00Z', '{other.Company}', 'key:b', 'GET', '/y', 'personal-data-read', 'p-2', 1)
            """);

        Assert.Equal(
            "key:a permission-missing 5|key:a personal-data-read 5|key:b personal-data-read 1",
            await SumsAsync(other, "?to=2026-01-31", "actor"));
        Assert.Equal(
            "p-1 personal-data-read 5|p-2 personal-data-read 1",
            await SumsAsync(other, "?by=person&code=personal-data-read", "person"));
        Assert.Equal(
            "/x permission-missing 3|/y permission-missing 2|/y personal-data-read 6",
            await SumsAsync(other, "?by=route&to=2026-01-31", "route"));
        var first = (await other.SendAsync(Step.Get("/audit/accesses?to=2026-01-31&limit=2"))).Is(200).Json;
        Assert.Equal("key:b personal-data-read 1", await SumsAsync(
            other, $"?to=2026-01-31&limit=2&cursor={first.GetProperty("next").GetString()}", "actor"));
    }

    private static async Task<int> CountAsync(Scenario scenario, string query) =>
        (await scenario.SendAsync(Step.Get($"/audit/permissions{query}"))).Is(200).Json.GetProperty("rows")
            .GetArrayLength();

    private static async Task<string> SumsAsync(Scenario scenario, string query, string by) => string.Join(
        '|', (await scenario.SendAsync(Step.Get($"/audit/accesses{query}"))).Is(200).Json.GetProperty("rows")
            .EnumerateArray().Select(row =>
                $"{row.GetProperty(by)} {row.GetProperty("code")} {row.GetProperty("requests")}"));
}
