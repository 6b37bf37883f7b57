using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Tests.Http;
using Ledger.Tests.Reports;

namespace Ledger.Tests.Queries;

public sealed class QueriesApiTests(ApiHost host) : IClassFixture<ApiHost>, IAsyncLifetime
{
    private const string Books = "/companies/tables";

    /// <summary>Every table, as one asks for it.</summary>
    public static TheoryData<string> Tables { get; } =
    [
        "accounts", "journal-entries", "balances?asOf=2026-12-31", "balances?asOf=2026-12-31&dimension=department",
        "reports/trial-balance?from=2026-01-01&to=2026-12-31",
        "reports/general-ledger?from=2026-01-01&to=2026-12-31", "events",
    ];

    public async Task InitializeAsync()
    {
        await host.PutAsync(Books, """{"name": "Tables", "currency": "EUR", "country": "DE"}""");
        await host.PutAsync($"{Books}/accounts/1", """{"name": "Bank, \"old\"\r\nand new", "type": "asset"}""");
        await host.PutAsync($"{Books}/accounts/3", """{"name": "=1+2", "type": "equity"}""");
        await host.PutAsync($"{Books}/dimensions/department/it", """{"name": "IT"}""");
        for (var i = 1; i <= 12; i++)
        {
            await host.PutAsync($"{Books}/journal-entries/e{i}", Entry(i));
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Csv_says_what_json_says(string table)
    {
        var json = (await host.GetAsync($"{Books}/{table}")).Is(200);
        var csv = (await host.GetAsync($"{Books}/{table}", ("Accept", "text/csv"))).Is(200);

        var records = Csv.Records(csv.Body);
        var rows = json.Json.GetProperty("rows").EnumerateArray().ToArray();
        Assert.NotEmpty(rows);
        Assert.Equal(rows[0].EnumerateObject().Select(member => member.Name), records[0]);
        Assert.Equal(rows.Length, records.Count - 1);
        Assert.All(rows.Zip(records.Skip(1)), each => Assert.Equal(
            each.First.EnumerateObject().Select(member => Cell(member.Value)), each.Second));
    }

    [Theory]
    [InlineData("accounts")]
    [InlineData("journal-entries")]
    [InlineData("journal-entries?sort=-bookedOn")]
    [InlineData("journal-entries?sort=recorded")]
    [InlineData("journal-entries?sort=-recorded&account=1")]
    [InlineData("journal-entries?account=1")]
    [InlineData("reports/general-ledger?from=2026-01-01&to=2026-12-31")]
    [InlineData("events")]
    public async Task The_pages_of_a_list_are_the_whole_list(string list)
    {
        var separator = list.Contains('?') ? '&' : '?';
        var whole = (await host.GetAsync($"{Books}/{list}{separator}limit=1000")).Is(200).Json;
        var rows = new List<string>();
        var pages = 0;
        for (string? cursor = null; pages == 0 || cursor is not null; pages++)
        {
            var page = (await host.GetAsync(
                $"{Books}/{list}{separator}limit=5" + (cursor is null ? "" : $"&cursor={cursor}"))).Is(200);
            rows.AddRange(page.Json.GetProperty("rows").EnumerateArray().Select(row => row.GetRawText()));
            cursor = page.Json.GetProperty("next").GetString();
        }

        Assert.Equal(whole.GetProperty("rows").EnumerateArray().Select(row => row.GetRawText()), rows);
        Assert.Null(whole.GetProperty("next").GetString());
        Assert.Equal(rows.Count > 5, pages > 1);
    }

    [Fact]
    public async Task Pages_keep_to_what_the_first_one_knew()
    {
        var first = (await host.GetAsync($"{Books}/journal-entries?limit=5&text=entry")).Is(200).Json;
        await host.PutAsync($"{Books}/journal-entries/late-{Guid.NewGuid():N}", Entry(12));

        var second = (await host.GetAsync($"{Books}/journal-entries?limit=1000&text=entry&cursor="
            + first.GetProperty("next").GetString())).Is(200).Json;

        Assert.Equal(
            first.GetProperty("knownAtSequence").GetInt64(), second.GetProperty("knownAtSequence").GetInt64());
        Assert.DoesNotContain(
            second.GetProperty("rows").EnumerateArray(),
            row => row.GetProperty("sequence").GetInt64() > first.GetProperty("knownAtSequence").GetInt64());
    }

    [Theory]
    [InlineData("journal-entries?limit=5&account=3")]
    [InlineData("accounts?limit=5")]
    public async Task A_cursor_serves_only_the_list_and_the_parameters_it_was_made_for(string other)
    {
        var page = (await host.GetAsync($"{Books}/journal-entries?limit=5&account=1")).Is(200).Json;

        (await host.GetAsync($"{Books}/{other}&cursor={page.GetProperty("next").GetString()}"))
            .IsProblem(400, "cursor-of-another-query");
    }

    [Theory]
    [InlineData("balances?asOf=2026-02-30", "parameter-malformed", "asOf is '2026-02-30'")]
    [InlineData("balances?asof=2026-02-28", "parameter-unknown", "'asof'")]
    [InlineData("balances?knownAt=yesterday", "parameter-malformed", "knownAt is 'yesterday'")]
    [InlineData("balances?knownAt=2026-01-01&knownAtSequence=4", "parameter-malformed", "send one of them")]
    [InlineData("balances?knownAtSequence=999999", "known-at-sequence-ahead", "999999")]
    [InlineData("balances?dimension=a:b:c", "parameter-malformed", "dimension")]
    [InlineData("journal-entries?limit=0", "parameter-malformed", "limit is '0'")]
    [InlineData("journal-entries?cursor=abc", "cursor-malformed", "next")]
    [InlineData("reports/trial-balance?from=2026-02-01&to=2026-01-01", "parameter-malformed", "from")]
    [InlineData("reports/restatements", "parameter-missing", "period")]
    [InlineData("reports/balance-sheet?compare=2025", "parameter-malformed", "compare is '2025'")]
    public async Task A_bad_parameter_is_named_with_what_to_send(string question, string code, string says)
    {
        var answer = (await host.GetAsync($"{Books}/{question}")).IsProblem(400, code);

        Assert.Contains(says, answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_answered_in_a_type_that_is_not_accepted() =>
        (await host.GetAsync($"{Books}/balances", ("Accept", "application/pdf"))).IsProblem(406, "not-acceptable");

    [Fact]
    public async Task A_caller_reads_what_they_wrote_at_once()
    {
        for (var i = 0; i < 20; i++)
        {
            var id = $"own-{Guid.NewGuid():N}";
            (await host.PutAsync($"{Books}/journal-entries/{id}", Entry(3))).Is(201);
            (await host.GetAsync($"{Books}/journal-entries/{id}")).Is(200);
        }
    }

    [Fact]
    public async Task The_export_holds_every_line_and_ends_with_totals_that_fit_it()
    {
        const string export = $"{Books}/journal-entries:export";
        var ndjson = (await host.GetAsync(export, ("Accept", "application/x-ndjson"))).Is(200);
        var csv = (await host.GetAsync(export, ("Accept", "text/csv"))).Is(200);

        var lines = ndjson.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var totals = JsonDocument.Parse(lines[^1]).RootElement.GetProperty("controlTotals");
        var entries = lines[..^1].Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        var postings = entries.SelectMany(entry => entry.GetProperty("lines").EnumerateArray()).ToArray();
        Assert.Equal(entries.Length, totals.GetProperty("entries").GetInt32());
        Assert.Equal(postings.Length, totals.GetProperty("lines").GetInt32());
        Assert.Equal(Sum(postings, "baseDebit"), totals.GetProperty("baseDebit").GetString());
        Assert.Equal(Sum(postings, "baseCredit"), totals.GetProperty("baseCredit").GetString());
        var before = string.Concat(lines[..^1].Select(line => line + "\n"));
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(before))),
            totals.GetProperty("sha256").GetString());

        var records = Csv.Records(csv.Body);
        string Last(string column) => records[^1][Array.IndexOf(records[0], column)];
        Assert.Equal(postings.Length, records.Count - 2);
        Assert.Equal("total", records[^1][0]);
        Assert.Equal(
            (Sum(postings, "baseDebit"), Sum(postings, "baseCredit"), $"{entries.Length}", $"{postings.Length}"),
            (Last("baseDebit"), Last("baseCredit"), Last("number"), Last("line")));
        Assert.All(records, record => Assert.Equal(records[0].Length, record.Length));
    }

    [Fact]
    public async Task Events_stream_as_lines_and_can_be_kept_to_a_type_or_a_stream()
    {
        var all = (await host.GetAsync($"{Books}/events", ("Accept", "application/x-ndjson"))).Is(200).Body
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)
            .ToArray();
        var one = (await host.GetAsync($"{Books}/events?stream=journal-entry/e3")).Is(200).Json;
        var accounts = (await host.GetAsync($"{Books}/events?type=account_opened")).Is(200).Json;

        Assert.Equal(Enumerable.Range(1, all.Length), all.Select(row => row.GetProperty("position").GetInt32()));
        Assert.Equal(["journal-entry/e3"], Texts(one, "stream"));
        Assert.Equal(["account_opened", "account_opened"], Texts(accounts, "type"));
    }

    private static IEnumerable<string?> Texts(JsonElement list, string member) =>
        list.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty(member).GetString());

    private static string Sum(IEnumerable<JsonElement> lines, string member) => lines
        .Sum(line => decimal.Parse(line.GetProperty(member).GetString()!, CultureInfo.InvariantCulture))
        .ToString(CultureInfo.InvariantCulture);

    /// <summary>What a CSV cell must say where JSON says this.</summary>
    private static string Cell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };

    private static string Entry(int i) => $$"""
        {"bookedOn": "2026-{{i % 6 + 1:00}}-10", "description": "entry {{i}}, with \"quotes\"", "lines": [
        {"account": "1", "side": "debit", "amount": "{{i}}.10", "dimensions": {{Department(i)}}},
        {"account": "3", "side": "credit", "amount": "{{i}}.10"}]}
        """;

    private static string Department(int i) => i % 2 == 0 ? """{"department": "it"}""" : "{}";
}
