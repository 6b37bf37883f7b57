using Ledger.Tests.Http;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Periods;

public sealed class PeriodsApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly Step FebruaryClosed = Put("/periods/2026-02", """{"status": "closed"}""");
    private static readonly Step JanuaryReopened =
        Put("/periods/2026-01", """{"status": "open", "reason": "A late invoice"}""");

    [Fact]
    public async Task A_month_is_closed_once_and_the_same_again_is_answered_as_the_first_time()
    {
        var books = host.Given(CompanyWithChart);

        var first = await books.When(JanuaryClosed).Then(201, "period_closed");
        var again = (await books.SendAsync(JanuaryClosed)).Is(200);

        Assert.Equal(first.Body, again.Body);
        Assert.Equal("closed", first.Json.GetProperty("status").GetString());
        Assert.Equal("2026-01", first.Json.GetProperty("period").GetString());
    }

    [Fact]
    public async Task An_earlier_open_month_with_entries_is_closed_only_when_that_is_said()
    {
        var books = host.Given([.. CompanyWithChart, Sale("e1")]);
        await books.PrepareAsync();
        Assert.True(await host.Ledger.Books.WaitForAsync(
            await host.Ledger.Store.HeadAsync(), TimeSpan.FromSeconds(30)));

        (await books.SendAsync(FebruaryClosed)).IsProblem(422, "earlier-period-open");
        (await books.SendAsync(Put("/periods/2026-02", """{"status": "closed", "through": true}"""))).Is(201);
        (await books.SendAsync(Sale("e2"))).IsProblem(422, "period-closed");
    }

    [Fact]
    public async Task Reopening_a_month_needs_a_reason_and_reopens_later_ones()
    {
        await host.Given([.. CompanyWithChart, FebruaryClosed])
            .When(Put("/periods/2026-01", """{"status": "open"}""")).ThenProblem(422, "text-empty");
        var books = host.Given([.. CompanyWithChart, FebruaryClosed]);
        await books.When(JanuaryReopened).Then(201, "period_reopened", "approved_by_single_person");
        (await books.SendAsync(Sale("e1", "2026-02-15"))).Is(201);
    }

    [Fact]
    public async Task Which_months_were_closed_is_told_as_it_was_known_then()
    {
        var books = host.Given([.. CompanyWithChart, FebruaryClosed]);
        await books.PrepareAsync();
        async Task<(string? Closed, string? Reopened, string? ETag, ApiAnswer Answer)> AskAsync(string query)
        {
            var answer = (await books.SendAsync(Get($"/periods{query}"))).Is(200);
            return (
                answer.Json.GetProperty("closedThrough").GetString(),
                answer.Json.GetProperty("reopenedThrough").GetString(), answer.Header("ETag"), answer);
        }

        var closed = await AskAsync("");
        Assert.Equal(("2026-02", null, "\"1\""), (closed.Closed, closed.Reopened, closed.ETag));
        (await books.SendAsync(JanuaryReopened)).Is(201);
        var now = await AskAsync("");
        Assert.Equal(("2025-12", "2026-02", "\"2\""), (now.Closed, now.Reopened, now.ETag));

        var sequence = closed.Answer.Json.GetProperty("knownAtSequence").GetInt64();
        Assert.Equal(closed.Answer.Body, (await AskAsync($"?knownAtSequence={sequence}")).Answer.Body);
        var instant = closed.Answer.Json.GetProperty("knownAt").GetString();
        Assert.Equal(closed.Answer.Body, (await AskAsync($"?knownAt={instant}")).Answer.Body);
        var before = await AskAsync($"?knownAtSequence={sequence - 1}");
        Assert.Equal((null, null, "\"0\""), (before.Closed, before.Reopened, before.ETag));
        (await books.SendAsync(Get("/periods?knownAtSequence=999999999")))
            .IsProblem(400, "known-at-sequence-ahead");
    }

    [Fact]
    public async Task A_final_year_is_never_reopened()
    {
        var books = host.Given(
            [.. CompanyWithChart, Put("/periods/2025-12", """{"status": "closed", "through": true}""")]);

        await books.When(Put("/periods/2025-12", """{"status": "final"}""")).Then(201, "fiscal_year_finalized");
        (await books.SendAsync(Put("/periods/2025-06", """{"status": "open", "reason": "Late"}""")))
            .IsProblem(422, "fiscal-year-final");
    }

    [Fact]
    public async Task A_version_that_is_named_must_be_the_one_that_is()
    {
        var stale = FebruaryClosed with { Headers = [("If-Match", "\"7\"")] };

        await host.Given([.. CompanyWithChart, JanuaryClosed]).When(stale).ThenProblem(412, "if-match-failed");
        await host.Given([.. CompanyWithChart, JanuaryClosed])
            .When(FebruaryClosed with { Headers = [("If-Match", "\"1\"")] }).Then(201, "period_closed");
    }

    [Theory]
    [InlineData("2026-13", """{"status": "closed"}""", "month-malformed")]
    [InlineData("2026-1", """{"status": "closed"}""", "month-malformed")]
    [InlineData("2026-01-01", """{"status": "closed"}""", "month-malformed")]
    [InlineData("2026-01", """{"status": "locked"}""", "value-not-known")]
    [InlineData("2026-01", """{"reason": "x"}""", "field-missing")]
    [InlineData("2026-01", """{"status": "closed", "reason": "x"}""", "field-unknown")]
    [InlineData("2026-01", """{"status": "open", "reason": "x", "through": true}""", "field-unknown")]
    public async Task What_cannot_be_read_is_refused(string period, string json, string code) =>
        await host.Given(CompanyWithChart).When(Put($"/periods/{period}", json)).ThenProblem(400, code);
}
