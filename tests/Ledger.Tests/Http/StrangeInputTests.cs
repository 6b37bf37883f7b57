using System.Buffers.Text;
using System.Text.Json;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Http;

/// <summary>What hardly anybody sends by mistake: each is answered by a problem of its own, never by a fault.</summary>
public sealed class StrangeInputTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData("", """{"\ud800": 1}""", @"$['\\ud800']")]
    [InlineData("/accounts/900", """{"name": "X", "type": "\udc00"}""", "$.type")]
    [InlineData("/dimensions/department/sales", """{"\ud800name": "X"}""", @"$['\\ud800name']")]
    [InlineData("/periods/2026-01", """{"status": "\ud800"}""", "$.status")]
    [InlineData("/journal-entries/e1", """{"bookedOn": "2026-01-31", "\udfff": 1}""", @"$['\\udfff']")]
    [InlineData("/journal-entries/e1", """{"kind": "\ud800"}""", "$.kind")]
    [InlineData("/journal-entries/e1", """{"lines": [{"side": "\ud800"}]}""", "$.lines[0].side")]
    [InlineData("/journal-entries/e1", """{"lines": [{"\ud800": "debit"}]}""", @"$.lines[0]['\\ud800']")]
    public async Task Half_a_surrogate_pair_is_refused_wherever_it_stands(string path, string body, string place)
    {
        var answer = await host.Given(CompanyWithChart).When(Step.Put(path, body))
            .ThenProblem(400, "text-not-allowed");

        Assert.Equal(place, answer.Json.GetProperty("path").GetString());
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_refused_in_a_reversal() =>
        await host.Given([.. CompanyWithChart, Sale("e1")])
            .When(Step.Post("/journal-entries/e1/reversal", """{"bookedOn": "2026-01-31", "method": "\ud800"}"""))
            .ThenProblem(400, "text-not-allowed");

    [Theory]
    [InlineData("""{"id": "bad", "\ud800": 1}""")]
    [InlineData("""{"id": "bad", "lines": [{"side": "\ud800"}]}""")]
    public async Task Half_a_surrogate_pair_in_a_batch_harms_its_own_entry_only(string bad)
    {
        var (first, last) = (WithId("e1"), WithId("e2"));

        var lines = await host.Given(CompanyWithChart)
            .When(Step.Post("/journal-entries:batch", $"{first}\n{bad}\n{last}", NdJson))
            .Then(200, "journal_entry_posted", "journal_entry_posted");
        var list = await host.Given(CompanyWithChart)
            .When(Step.Post("/journal-entries:batch", $"[{first},{bad},{last}]"))
            .Then(200, "journal_entry_posted", "journal_entry_posted");

        var results = lines.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([201, 400, 201], results.Select(line => StatusOf(JsonDocument.Parse(line).RootElement)));
        Assert.Equal([201, 400, 201], list.Json.EnumerateArray().Select(StatusOf));
    }

    [Theory]
    [InlineData("/journal-entries", "text")]
    [InlineData("/journal-entries", "reference")]
    [InlineData("/journal-entries", "document")]
    [InlineData("/journal-entries", "counterparty")]
    [InlineData("/journal-entries", "actor")]
    [InlineData("/journal-entries", "account")]
    [InlineData("/balances", "account")]
    [InlineData("/reports/general-ledger", "account")]
    [InlineData("/events", "type")]
    [InlineData("/events", "stream")]
    public async Task A_nul_in_a_parameter_is_refused(string path, string parameter)
    {
        var answer = await host.Given(CompanyWithChart).When(Step.Get($"{path}?{parameter}=a%00b"))
            .ThenProblem(400, "parameter-malformed");

        Assert.Contains("U+0000", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("br, identity")]
    public async Task A_body_that_is_said_to_be_compressed_is_refused(string encoding)
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        foreach (var path in new[] { "/journal-entries/e1", "/journal-entries:batch" })
        {
            using var request = ApiHost.Request(
                path.EndsWith("1", StringComparison.Ordinal) ? HttpMethod.Put : HttpMethod.Post,
                $"/companies/{books.Company}{path}",
                SaleJson());
            request.Content!.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
            var answer = (await host.SendAsync(request)).IsProblem(415, "content-type-unsupported");
            Assert.Contains($"Content-Encoding is '{encoding}'", answer.Body, StringComparison.Ordinal);
        }

        (await books.SendAsync(Step.Put("/journal-entries/e1", SaleJson(), ("Content-Type", "application/json"))))
            .Is(201);
    }

    [Theory]
    [InlineData("application/json;charset=UTF-8", 201)]
    [InlineData("application/json; charset=\"utf-8\"; profile=x", 201)]
    [InlineData("application/json; charset=utf-8x", 415)]
    [InlineData("application/json; charset=utf-16", 415)]
    [InlineData("application/json; x=\"charset=utf-16\"", 201)]
    public async Task The_charset_is_utf_8_exactly(string type, int status)
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        (await books.SendAsync(Step.Put("/journal-entries/e1", SaleJson(), ("Content-Type", type)))).Is(status);
    }

    [Theory]
    [InlineData("/journal-entries", "-9998-01-01", "1")]
    [InlineData("/journal-entries", "9999-12-31", "1")]
    [InlineData("/reports/general-ledger", "-9998-01-01", "2026-12-31", "100", "", "", "")]
    [InlineData("/reports/general-ledger", "2026-01-02", "2026-01-01", "100", "", "", "")]
    [InlineData("/reports/general-ledger", "2026-01-01", "2026-12-31", "1\000", "", "", "")]
    [InlineData("/reports/general-ledger", "2026-01-01", "2026-12-31", "100", "-9998-01-01", "1", "1")]
    [InlineData("/reports/general-ledger", "2026-01-01", "2026-12-31", "100", "2026-01-01", "1", "99999999999")]
    [InlineData("/accounts", "1\000")]
    public async Task A_forged_cursor_is_refused(string path, params string[] place)
    {
        var books = host.Given([.. CompanyWithChart, Sale("e1"), Sale("e2")]);
        await books.PrepareAsync();
        var page = (await books.SendAsync(Step.Get($"{path}?limit=1"))).Is(200);
        var content = JsonSerializer.Deserialize<string[]>(
            Base64Url.DecodeFromChars(page.Json.GetProperty("next").GetString()))!;
        string[] forged = [.. content[..3], .. place];

        var cursor = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(forged));
        (await books.SendAsync(Step.Get($"{path}?limit=1&cursor={cursor}"))).IsProblem(400, "cursor-malformed");
    }

    [Theory]
    [InlineData("{}", "value-of-wrong-type")]
    [InlineData("7", "value-of-wrong-type")]
    [InlineData("", "body-missing")]
    [InlineData(" \n", "body-missing")]
    [InlineData("nonsense", "json-malformed")]
    [InlineData("[", "json-incomplete")]
    public async Task A_batch_that_is_no_list_is_refused_whole(string body, string code)
    {
        await host.Given(CompanyWithChart).When(Step.Post("/journal-entries:batch", body)).ThenProblem(400, code);
        await host.Given(CompanyWithChart)
            .When(Step.Post("/journal-entries:batch?atomic=true", body)).ThenProblem(400, code);
    }

    [Fact]
    public async Task A_batch_that_is_nested_too_deeply_says_so()
    {
        var deep = new string('[', 10_000);
        await host.Given(CompanyWithChart)
            .When(Step.Post("/journal-entries:batch", deep)).ThenProblem(400, "json-too-deep");

        var behind = await host.Given(CompanyWithChart)
            .When(Step.Post("/journal-entries:batch", $"[{WithId("e1")},{deep}")).Then(200, "journal_entry_posted");
        Assert.Equal("json-too-deep", behind.Json[1].GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?atomic=true")]
    public async Task A_batch_of_lines_without_any_is_refused_and_an_empty_list_is_done(string query)
    {
        await host.Given(CompanyWithChart)
            .When(Step.Post("/journal-entries:batch" + query, "\n \n", NdJson)).ThenProblem(400, "body-missing");
        var done = await host.Given(CompanyWithChart)
            .When(Step.Post("/journal-entries:batch" + query, " [ ] ")).Then(200);
        Assert.Equal("[]", done.Body);
    }

    [Fact]
    public async Task A_batch_whose_only_line_is_too_large_answers_the_result_of_that_line()
    {
        var answer = await host.Given(CompanyWithChart)
            .When(Step.Post("/journal-entries:batch", new string(' ', 9 << 20) + "x", NdJson)).Then(200);

        var result = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal((413, "body-too-large"), (StatusOf(result), result.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_list_begins_with_a_byte_order_mark_or_not()
    {
        await host.Given(CompanyWithChart)
            .When(Step.Post("/journal-entries:batch", $"\uFEFF[{WithId("e1")}]")).Then(200, "journal_entry_posted");
        await host.Given(CompanyWithChart)
            .When(Step.Post("/journal-entries:batch", $"\uFEFF{WithId("e1")}\n", NdJson))
            .Then(200, "journal_entry_posted");
    }

    [Fact]
    public async Task A_whole_that_fails_names_each_entry_that_stands_in_the_way()
    {
        var unbalanced = WithId("e2").Replace("\"debit\", \"amount\": \"12.00\"", "\"debit\", \"amount\": \"13.00\"",
            StringComparison.Ordinal);

        var answer = await host.Given(CompanyWithChart)
            .When(Step.Post("/journal-entries:batch?atomic=true", $"[{{\"id\":1}},{WithId("e1")},{unbalanced}]"))
            .ThenProblem(422, "batch-refused");

        Assert.Equal(
            [(0, "value-of-wrong-type"), (2, "not-balanced")],
            answer.Json.GetProperty("results").EnumerateArray()
                .Select(each => (each.GetProperty("index").GetInt32(), each.GetProperty("code").GetString()!)));
        Assert.Contains(" 2 of the entries ", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_answer_of_503_says_when_to_ask_again()
    {
        var answer = await host.Given(CompanyWithChart)
            .When(Step.Get("/balances?atLeast=9000000000")).ThenProblem(503, "projection-behind");

        Assert.Equal("1", answer.Header("Retry-After"));
    }

    [Theory]
    [InlineData("/journal-entries/e1", """{"kind": "normal",}""")]
    [InlineData("/journal-entries/e1", """{"lines": [],}""")]
    public async Task What_is_no_json_is_told_in_words_for_the_caller(string path, string body)
    {
        var answer = await host.Given(CompanyWithChart).When(Step.Put(path, body)).ThenProblem(400, "json-malformed");

        Assert.Contains("trailing comma", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("reader options", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("this mode", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_wish_for_the_whole_entry_may_be_quoted()
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();

        var answer = await books.SendAsync(
            Step.Put("/journal-entries/e1", SaleJson(), ("Prefer", "wait=5, return=\"representation\"; x=y")));

        Assert.Equal("return=representation", answer.Is(201).Header("Preference-Applied"));
    }

    private static readonly (string, string) NdJson = ("Content-Type", "application/x-ndjson");

    private static string WithId(string id) =>
        $"{{\"id\": \"{id}\", " + SaleJson().Trim()[1..].ReplaceLineEndings(" ");

    private static int StatusOf(JsonElement result) => result.GetProperty("status").GetInt32();
}
