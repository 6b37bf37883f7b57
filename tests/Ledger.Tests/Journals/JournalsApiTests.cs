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
}
