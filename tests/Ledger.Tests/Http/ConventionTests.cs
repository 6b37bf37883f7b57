using System.Text.Json;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Http;

/// <summary>What holds for every operation: what is asked for is done, or refused; nothing is passed over.</summary>
public sealed class ConventionTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task What_an_answer_says_that_it_knew_can_be_asked_for()
    {
        var books = host.Given([.. CompanyWithChart, Sale("e1")]);
        await books.PrepareAsync();
        var before = (await books.SendAsync(Step.Get("/balances?asOf=2026-12-31&knownAt=2000-01-01"))).Is(200).Json;
        var sequence = before.GetProperty("knownAtSequence").GetInt64();
        Assert.Equal(0, sequence);

        var again = (await books.SendAsync(
            Step.Get($"/balances?asOf=2026-12-31&knownAtSequence={sequence}"))).Is(200).Json;

        Assert.Equal(0, again.GetProperty("knownAtSequence").GetInt64());
        Assert.Empty(again.GetProperty("rows").EnumerateArray());
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/csv")]
    [InlineData("application/x-ndjson")]
    public async Task Pages_of_events_say_what_they_knew(string type)
    {
        var books = host.Given([.. CompanyWithChart, Sale("e1")]);
        await books.PrepareAsync();
        var last = (await books.RecordedAsync())[^1].Sequence;

        var answer = (await books.SendAsync(Step.Get("/events", ("Accept", type)))).Is(200);

        var told = type == "application/json"
            ? answer.Json.GetProperty("knownAtSequence").GetRawText()
            : answer.Header("Ledger-Known-At-Sequence");
        Assert.Equal(last.ToString(), told);
    }

    [Fact]
    public async Task Later_pages_of_events_know_what_the_first_one_did()
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        var count = (await books.EventsAsync()).Count;
        var first = (await books.SendAsync(Step.Get($"/events?limit={count - 1}"))).Is(200).Json;
        (await books.SendAsync(Sale("e1"))).Is(201);

        var second = (await books.SendAsync(Step.Get(
            $"/events?limit={count - 1}&cursor={first.GetProperty("next").GetString()}"))).Is(200).Json;

        Assert.Equal(1, second.GetProperty("rows").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        Assert.Equal(
            first.GetProperty("knownAtSequence").GetInt64(), second.GetProperty("knownAtSequence").GetInt64());
    }

    [Theory]
    [InlineData("/journal-entries?amountFrom=10&amountTo=9.99", "amountFrom")]
    [InlineData("/journal-entries?from=2026-02-01&to=2026-01-31", "from")]
    [InlineData("/reports/restatements?period=2026-01&knownFrom=2026-02-02&knownTo=2026-02-01", "knownFrom")]
    [InlineData(
        "/reports/restatements?period=2026-01&knownFrom=2026-02-02T00:00:00Z&knownTo=2026-02-01", "knownFrom")]
    [InlineData("/reports/restatements?period=2026-01&knownFrom=2199-01-01", "knownFrom")]
    [InlineData("/reports/restatements?period=2026-01&knownFrom=2199-01-01T00:00:00Z", "knownFrom")]
    public async Task A_range_that_ends_before_it_begins_is_refused(string path, string parameter)
    {
        var answer = await host.Given(CompanyWithChart).When(Step.Get(path)).ThenProblem(400, "parameter-malformed");

        Assert.StartsWith(
            parameter + " is ", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0001-01")]
    [InlineData("1899-12")]
    [InlineData("2200-01")]
    [InlineData("9999-12")]
    public async Task A_period_lies_in_the_range_of_dates(string period) =>
        await host.Given([.. CompanyWithChart, JanuaryClosed])
            .When(Step.Put($"/periods/{period}", """{"status": "closed"}""")).ThenProblem(400, "date-out-of-range");

    [Theory]
    [InlineData("If-None-Match", "*")]
    [InlineData("If-Match", "\"1\"")]
    [InlineData("If-Unmodified-Since", "Wed, 21 Oct 2015 07:28:00 GMT")]
    public async Task A_condition_that_an_entry_does_not_take_is_refused(string header, string value)
    {
        var entry = Step.Put("/journal-entries/e1", SaleJson(), (header, value));

        var answer = await host.Given(CompanyWithChart).When(entry).ThenProblem(400, "header-malformed");

        Assert.StartsWith(header + " is ", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/accounts/100")]
    [InlineData("/periods")]
    [InlineData("/journal-entries/e1")]
    public async Task What_is_no_table_is_json_alone(string path)
    {
        var books = host.Given([.. CompanyWithChart, Sale("e1")]);
        await books.PrepareAsync();

        (await books.SendAsync(Step.Get(path, ("Accept", "text/csv")))).IsProblem(406, "not-acceptable");
        (await books.SendAsync(Step.Get(path, ("Accept", "text/csv, */*;q=0.1")))).Is(200);
    }

    [Fact]
    public async Task A_change_of_whatever_is_there_is_refused_in_words()
    {
        var change = Step.Put("/accounts/100", """{"name": "Cash", "type": "asset"}""", ("If-Match", "*"));

        var answer = await host.Given(CompanyWithChart).When(change).ThenProblem(400, "header-malformed");

        Assert.Contains("Read it, and send its ETag", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_has_the_version_that_its_writes_answered()
    {
        var books = host.Given([.. CompanyWithChart, Sale("e1")]);
        await books.PrepareAsync();
        var written = (await books.SendAsync(Sale("e1"))).Is(200);
        Assert.Equal(written.Header("ETag"), (await books.SendAsync(Step.Get("/journal-entries/e1"))).Header("ETag"));

        var reversal = (await books.SendAsync(Step.Post(
            "/journal-entries/e1/reversal", """{"bookedOn": "2026-01-31", "reason": "Wrong"}"""))).Is(201);

        Assert.Equal("\"2\"", (await books.SendAsync(Step.Get("/journal-entries/e1"))).Is(200).Header("ETag"));
        Assert.Equal(
            reversal.Header("ETag"),
            (await books.SendAsync(Step.Get("/journal-entries/e1~reversal"))).Is(200).Header("ETag"));
    }
}
