using Ledger.Tests.Http;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Journals;

public sealed class JournalsApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task An_entry_is_recorded_and_answered_with_its_number_in_the_log()
    {
        var answer = await host.Given(CompanyWithChart).When(Sale("e1")).Then(201, "journal_entry_posted");

        Assert.Equal("\"1\"", answer.Header("ETag"));
        Assert.Equal(answer.Sequence.ToString(), answer.Header("Ledger-Sequence"));
        Assert.Equal("e1", answer.Json.GetProperty("id").GetString());
        Assert.Equal(1, answer.Json.GetProperty("version").GetInt32());
        Assert.Equal(4, answer.Json.EnumerateObject().Count());
    }

    [Fact]
    public async Task An_entry_of_a_closed_month_is_refused() =>
        await host.Given([.. CompanyWithChart, JanuaryClosed])
            .When(Sale("e1"))
            .ThenProblem(422, "period-closed");

    [Fact]
    public async Task The_same_entry_again_is_answered_as_the_first_time_also_after_the_month_was_closed()
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        var first = (await books.SendAsync(Sale("e1"))).Is(201);
        (await books.SendAsync(JanuaryClosed)).Is(201);
        (await books.SendAsync(Sale("e2", "2026-02-01"))).Is(201);

        var again = (await books.SendAsync(Sale("e1"))).Is(200);

        Assert.Equal(first.Body, again.Body);
        Assert.Equal(first.Header("ETag"), again.Header("ETag"));
        Assert.Equal(first.Header("Ledger-Sequence"), again.Header("Ledger-Sequence"));
    }

    [Fact]
    public async Task Another_entry_under_the_same_id_is_refused() =>
        await host.Given([.. CompanyWithChart, Sale("e1")])
            .When(Sale("e1", amount: "13.00"))
            .ThenProblem(409, "journal-entry-exists");

    [Fact]
    public async Task A_reversal_is_a_second_entry_and_the_same_again_is_a_retry()
    {
        var books = host.Given([.. CompanyWithChart, Sale("e1")]);
        var reversal = Post("/journal-entries/e1/reversal", """{"bookedOn": "2026-02-01", "reason": "Wrong"}""");

        var first = await books.When(reversal).Then(201, "journal_entry_reversed", "journal_entry_posted");
        var again = (await books.SendAsync(reversal)).Is(200);

        Assert.Equal("e1~reversal", first.Json.GetProperty("id").GetString());
        Assert.Equal(first.Body, again.Body);
    }

    [Fact]
    public async Task A_reversal_into_a_closed_month_is_refused_and_so_is_another_reversal()
    {
        var february = Post("/journal-entries/e1/reversal", """{"bookedOn": "2026-02-01", "reason": "Wrong"}""");
        var march = Post("/journal-entries/e1/reversal", """{"bookedOn": "2026-03-01", "reason": "Wrong"}""");
        var closed = Put("/periods/2026-02", """{"status": "closed", "through": true}""");

        await host.Given([.. CompanyWithChart, Sale("e1"), closed]).When(february).ThenProblem(422, "period-closed");
        await host.Given([.. CompanyWithChart, Sale("e1"), february]).When(march).ThenProblem(409, "already-reversed");
        await host.Given(CompanyWithChart).When(february).ThenProblem(404, "journal-entry-unknown");
    }

    [Fact]
    public async Task An_accrual_is_posted_with_its_reversal()
    {
        var accrual = Put("/journal-entries/e1", SaleJson().Replace(
            "\"description\"", "\"reverseOn\": \"2026-02-01\", \"description\"", StringComparison.Ordinal));
        var books = host.Given(CompanyWithChart);

        var first = await books.When(accrual)
            .Then(201, "journal_entry_posted", "journal_entry_reversed", "journal_entry_posted");
        var again = (await books.SendAsync(accrual)).Is(200);

        Assert.Equal("e1~reversal", first.Json.GetProperty("reversal").GetString());
        Assert.Equal(first.Body, again.Body);
    }

    [Fact]
    public async Task An_idempotency_key_becomes_the_id()
    {
        var books = host.Given(CompanyWithChart);
        var post = Post("/journal-entries", SaleJson(), ("Idempotency-Key", "key-1"));

        var first = await books.When(post).Then(201, "journal_entry_posted");
        var quoted = (await books.SendAsync(post with { Headers = [("Idempotency-Key", "\"key-1\"")] })).Is(200);

        Assert.Equal("key-1", first.Json.GetProperty("id").GetString());
        Assert.Equal($"/companies/{books.Company}/journal-entries/key-1", first.Header("Location"));
        Assert.Equal(first.Body, quoted.Body);
        (await books.SendAsync(post with { Headers = [] })).IsProblem(400, "idempotency-key-missing");
        (await books.SendAsync(post with { Headers = [("Idempotency-Key", "a b")] })).IsProblem(400, "id-invalid");
    }

    [Fact]
    public async Task The_whole_entry_is_answered_to_those_who_prefer_it()
    {
        var books = host.Given([.. CompanyWithChart, Sale("e1")]);
        var sale = Sale("e2") with { Headers = [("Prefer", "return=representation")] };

        var answer = await books.When(sale).Then(201, "journal_entry_posted");

        Assert.Equal("return=representation", answer.Header("Preference-Applied"));
        Assert.Equal(2, answer.Json.GetProperty("number").GetInt64());
        Assert.Equal("e2", answer.Json.GetProperty("entry").GetProperty("id").GetString());
        Assert.Equal(2, answer.Json.GetProperty("lines").GetArrayLength());
        Assert.Equal(answer.Body, (await books.SendAsync(sale)).Is(200).Body);
    }

    [Fact]
    public async Task An_entry_of_a_company_that_is_not_there_is_not_found() =>
        await host.Given().When(Sale("e1")).ThenProblem(404, "company-unknown");

    [Fact]
    public async Task The_trace_of_the_caller_is_stored_beside_the_events()
    {
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var books = host.Given(CompanyWithChart);

        await books.When(Sale("e1") with { Headers = [("traceparent", $"00-{trace}-00f067aa0ba902b7-01")] })
            .Then(201, "journal_entry_posted");

        Assert.Equal(trace, (await books.RecordedAsync())[^1].CorrelationId);
        Assert.Null((await books.RecordedAsync())[0].CorrelationId);
    }

    [Fact]
    public async Task A_retry_after_a_restart_is_answered_as_the_first_time()
    {
        var own = await ApiHost.StartAsync();
        var books = own.Given(CompanyWithChart);
        var first = await books.When(Sale("e1")).Then(201, "journal_entry_posted");

        await own.RestartAsync();
        var again = (await books.SendAsync(Sale("e1"))).Is(200);

        Assert.Equal(first.Body, again.Body);
        await own.DisposeAsync();
    }

    [Fact]
    public async Task Many_callers_of_one_id_get_one_entry()
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => books.SendAsync(Sale("e1"))));

        Assert.Single(answers.Select(answer => answer.Body).Distinct());
        Assert.Single(answers, answer => answer.Status == 201);
        Assert.Single(await books.EventsAsync(), type => type == "journal_entry_posted");
    }
}
