using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Http;

/// <summary>Whatever is sent: a clear problem, and nothing recorded.</summary>
public sealed class BadInputTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData("", "body-missing", null)]
    [InlineData(" \n", "body-missing", null)]
    [InlineData("nonsense", "json-malformed", null)]
    [InlineData("{'bookedOn': 1}", "json-malformed", null)]
    [InlineData("{\"bookedOn\": \"2026-01-31\", }", "json-malformed", null)]
    [InlineData("{\"bookedOn\": \"2026-01-31\" // why", "json-malformed", null)]
    [InlineData("{\"bookedOn\": \"2026-01-31\"", "json-incomplete", null)]
    [InlineData("{\"bookedOn\": \"2026-01-", "json-incomplete", null)]
    [InlineData("{} {}", "field-missing", "$.bookedOn")]
    [InlineData("[]", "value-of-wrong-type", "$")]
    [InlineData("null", "value-of-wrong-type", "$")]
    [InlineData("7", "value-of-wrong-type", "$")]
    [InlineData("{\"colour\": 1}", "field-unknown", "$.colour")]
    [InlineData("{\"BookedOn\": \"2026-01-31\"}", "field-unknown", "$.BookedOn")]
    [InlineData("{\"a b'\\\\\": 1}", "field-unknown", "$['a b\\'\\\\']")]
    [InlineData("{\"bookedOn\": \"2026-01-31\", \"bookedOn\": \"2026-01-31\"}", "field-duplicate", "$.bookedOn")]
    [InlineData("{\"bookedOn\": \"2026-01-31\", \"booked\\u004fn\": \"2026-01-31\"}", "field-duplicate", "$.bookedOn")]
    [InlineData("{\"bookedOn\": \"2026-02-30\"}", "date-malformed", "$.bookedOn")]
    [InlineData("{\"bookedOn\": \"2026-2-3\"}", "date-malformed", "$.bookedOn")]
    [InlineData("{\"bookedOn\": \"2026-01-31T00:00:00Z\"}", "date-malformed", "$.bookedOn")]
    [InlineData("{\"bookedOn\": \"0001-01-01\"}", "date-out-of-range", "$.bookedOn")]
    [InlineData("{\"bookedOn\": \"9999-12-31\"}", "date-out-of-range", "$.bookedOn")]
    [InlineData("{\"bookedOn\": 20260131}", "value-of-wrong-type", "$.bookedOn")]
    [InlineData("{\"bookedOn\": null}", "value-of-wrong-type", "$.bookedOn")]
    [InlineData("{\"description\": \"a\\u0000b\"}", "text-not-allowed", "$.description")]
    [InlineData("{\"description\": \"a\u0000b\"}", "json-malformed", null)]
    [InlineData("{\"description\": \"\\ud83d\"}", "text-not-allowed", "$.description")]
    [InlineData("{\"description\": \"\\udc00\\ud83d\"}", "text-not-allowed", "$.description")]
    [InlineData("{\"kind\": 0}", "value-of-wrong-type", "$.kind")]
    [InlineData("{\"kind\": \"Normal\"}", "value-not-known", "$.kind")]
    [InlineData("{\"lines\": [null]}", "value-of-wrong-type", "$.lines[0]")]
    [InlineData("{\"lines\": [{}, 1]}", "field-missing", "$.lines[0].account")]
    [InlineData("{\"lines\": {}}", "value-of-wrong-type", "$.lines")]
    [InlineData(
        "{\"lines\":[{\"dimensions\":{\"a\":\"1\",\"a\":\"2\"}}]}", "field-duplicate", "$.lines[0].dimensions.a")]
    [InlineData("{\"lines\": [{\"dimensions\": {\"a\": null}}]}", "value-of-wrong-type", "$.lines[0].dimensions.a")]
    public async Task A_body_that_cannot_be_read_is_refused_with_its_place(string body, string code, string? path)
    {
        var answer = await host.Given(CompanyWithChart)
            .When(Step.Put("/journal-entries/e1", body)).ThenProblem(400, code);

        Assert.Equal(path, answer.Json.TryGetProperty("path", out var place) ? place.GetString() : null);
    }

    [Theory]
    [InlineData("1e400", "value-of-wrong-type")]
    [InlineData("12.5", "value-of-wrong-type")]
    [InlineData("NaN", "json-malformed")]
    [InlineData("Infinity", "json-malformed")]
    [InlineData("\"1e400\"", "amount-malformed")]
    [InlineData("\"NaN\"", "amount-malformed")]
    [InlineData("\"1,000.00\"", "amount-malformed")]
    [InlineData("\"5-\"", "amount-malformed")]
    [InlineData("\"+5\"", "amount-malformed")]
    [InlineData("\" 5\"", "amount-malformed")]
    [InlineData("\"05\"", "amount-malformed")]
    [InlineData("\"5.\"", "amount-malformed")]
    [InlineData("\".5\"", "amount-malformed")]
    [InlineData("\"\"", "amount-malformed")]
    [InlineData("\"-\"", "amount-malformed")]
    [InlineData("\"1000000000000000\"", "amount-malformed")]
    [InlineData("\"0.0000000000001\"", "amount-malformed")]
    [InlineData("\"٣\"", "amount-malformed")]
    public async Task An_amount_is_text_of_one_form_only(string amount, string code)
    {
        var json = SaleJson().Replace("\"12.00\"", amount, StringComparison.Ordinal);

        await host.Given(CompanyWithChart).When(Step.Put("/journal-entries/e1", json)).ThenProblem(400, code);
    }

    [Fact]
    public async Task A_body_that_is_nested_deeply_is_refused()
    {
        var lists = await host.Given(CompanyWithChart)
            .When(Step.Put("/journal-entries/e1", new string('[', 100_000))).ThenProblem(400, "value-of-wrong-type");
        Assert.InRange(lists.Body.Length, 1, 1_000);
        var objects = string.Concat(Enumerable.Repeat("{\"lines\":[", 100_000));
        await host.Given(CompanyWithChart)
            .When(Step.Put("/journal-entries/e1", objects)).ThenProblem(400, "field-unknown");
    }

    [Fact]
    public async Task A_body_that_is_not_utf8_is_refused_with_the_place_of_the_byte()
    {
        using var request = ApiHost.Request(HttpMethod.Put, "/companies/latin/journal-entries/e1", "{}");
        request.Content = new ByteArrayContent([.. "{\"description\": \"Caf"u8, 0xE9, .. "\"}"u8]);
        request.Content.Headers.ContentType = new("application/json");

        var answer = (await host.SendAsync(request)).IsProblem(400, "body-not-utf8");

        Assert.Contains("byte 20", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_begins_with_a_byte_order_mark_or_not() =>
        await host.Given(CompanyWithChart)
            .When(Step.Put("/journal-entries/e1", "\uFEFF" + SaleJson())).Then(201, "journal_entry_posted");

    [Fact]
    public async Task A_body_beyond_eight_mebibytes_is_refused_with_and_without_its_length()
    {
        var body = "{\"description\": \"" + new string('x', 9 << 20) + "\"}";
        await host.Given(CompanyWithChart)
            .When(Step.Put("/journal-entries/e1", body)).ThenProblem(413, "body-too-large");

        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        using var request = ApiHost.Request(HttpMethod.Put, $"/companies/{books.Company}/journal-entries/e1", body);
        request.Headers.TransferEncodingChunked = true;
        (await host.SendAsync(request)).IsProblem(413, "body-too-large");
    }

    [Fact]
    public async Task A_hundred_thousand_lines_are_refused_by_their_number()
    {
        var lines = string.Join(',', Enumerable.Repeat("""{"account":"100","side":"debit","amount":"1"}""", 100_000));
        var body = $$"""{"bookedOn":"2026-01-31","description":"x","lines":[{{lines}}]}""";

        var answer = await host.Given(CompanyWithChart)
            .When(Step.Put("/journal-entries/e1", body)).ThenProblem(422, "too-many-lines");

        Assert.Equal(
            "The entry has more than 1000 lines: split it into several that balance.",
            answer.Json.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_thousand_lines_are_an_entry()
    {
        var lines = string.Join(',', Enumerable.Range(0, 1_000).Select(i =>
            $$"""{"account":"100","side":"{{(i % 2 == 0 ? "debit" : "credit")}}","amount":"1"}"""));
        var body = $$"""{"bookedOn":"2026-01-31","description":"x","lines":[{{lines}}]}""";

        await host.Given(CompanyWithChart)
            .When(Step.Put("/journal-entries/e1", body)).Then(201, "journal_entry_posted");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("application/jsonx")]
    public async Task A_body_of_another_type_is_refused(string type) =>
        await host.Given(CompanyWithChart)
            .When(Step.Put("/journal-entries/e1", SaleJson(), ("Content-Type", type)))
            .ThenProblem(415, "content-type-unsupported");

    [Theory]
    [InlineData("/companies/acme/journal-entries/%2e%2e", 400, "path-malformed")]
    [InlineData("/companies/acme/journal-entries/%2E%2E/x", 400, "path-malformed")]
    [InlineData("/companies/acme/journal-entries/../x", 400, "path-malformed")]
    [InlineData("/companies/acme/journal-entries/./x", 400, "path-malformed")]
    [InlineData("/companies/acme/journal-entries/a%2Fb", 400, "path-malformed")]
    [InlineData("/companies/acme/journal-entries/a%5Cb", 400, "path-malformed")]
    [InlineData("/companies/acme/journal-entries/a\\b", 400, "path-malformed")]
    [InlineData("/companies/acme/journal-entries/a%2500", 400, "path-malformed")]
    [InlineData("/companies/acme/journal-entries/a%20b", 400, "id-invalid")]
    [InlineData("/companies/acme/journal-entries/%ff", 400, "id-invalid")]
    [InlineData("/companies/acme/journal-entries/%D1%8F", 400, "id-invalid")]
    [InlineData("/companies/acme/journal-entries/a:b", 400, "id-invalid")]
    [InlineData("/companies/%2e/journal-entries/a", 400, "path-malformed")]
    [InlineData("/companies/a%0Ab/journal-entries/a", 400, "id-invalid")]
    [InlineData("/companies/*DEFAULT*/journal-entries/a", 400, "id-invalid")]
    [InlineData("/companies/acme/journal-entries/a~reversal", 422, "company-unknown")]
    public async Task Tricks_in_a_path_are_refused(string path, int status, string code)
    {
        var (answeredStatus, body) = await RawAsync($"PUT {path} HTTP/1.1\r\n", SaleJson());

        Assert.Equal(code, JsonDocument.Parse(body).RootElement.GetProperty("code").GetString());
        Assert.Equal(code == "company-unknown" ? 404 : status, answeredStatus);
    }

    [Fact]
    public async Task A_nul_in_a_path_is_refused_by_the_server_itself() =>
        Assert.Equal(400, (await RawAsync("PUT /companies/acme/journal-entries/a%00 HTTP/1.1\r\n", SaleJson())).Status);

    [Fact]
    public async Task Ids_have_up_to_a_hundred_characters()
    {
        await host.Given(CompanyWithChart).When(Sale(new string('a', 100))).Then(201, "journal_entry_posted");
        await host.Given(CompanyWithChart).When(Sale(new string('a', 101))).ThenProblem(400, "id-invalid");
    }

    [Fact]
    public async Task A_parameter_that_is_not_known_is_refused()
    {
        await host.Given(CompanyWithChart)
            .When(Step.Put("/journal-entries/e1?dryRun=true", SaleJson())).ThenProblem(400, "parameter-unknown");
        await host.Given(CompanyWithChart)
            .When(Step.Get("/balances?asOf=2026-01-31&asOf=2026-01-31")).ThenProblem(400, "parameter-unknown");
    }

    [Fact]
    public async Task A_body_that_is_cut_off_records_nothing()
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        var before = await books.EventsAsync();
        using (var connection = new TcpClient())
        {
            await connection.ConnectAsync(host.Address.Host, host.Address.Port);
            await connection.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                Head($"PUT /companies/{books.Company}/journal-entries/e1 HTTP/1.1\r\n", 5_000) + SaleJson()));
            connection.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        // The next request on another connection is answered after the server has seen the end of the first.
        (await books.SendAsync(Sale("e2"))).Is(201);
        (await books.SendAsync(Sale("e1"))).Is(201);

        Assert.Equal([.. before, "journal_entry_posted", "journal_entry_posted"], await books.EventsAsync());
    }

    private string Head(string requestLine, int length) =>
        $"{requestLine}Host: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n"
        + $"Authorization: Bearer {host.OwnerKeyText}\r\n\r\n";

    private async Task<(int Status, string Body)> RawAsync(string requestLine, string body)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(host.Address.Host, host.Address.Port);
        await connection.GetStream().WriteAsync(Encoding.UTF8.GetBytes(Head(requestLine, body.Length) + body));
        using var reader = new StreamReader(connection.GetStream());
        var answer = await reader.ReadToEndAsync();
        return (int.Parse(answer.Split(' ')[1]), answer.Split("\r\n\r\n", 2)[1]);
    }
}
