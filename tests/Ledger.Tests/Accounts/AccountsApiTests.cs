using Ledger.Tests.Http;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Accounts;

public sealed class AccountsApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly Step Bank = Account("100", "Bank", "asset");

    [Fact]
    public async Task An_account_is_opened_once_and_the_same_again_is_answered_as_the_first_time()
    {
        var books = host.Given(Company);

        var first = await books.When(Bank).Then(201, "account_opened");
        (await books.SendAsync(Account("200", "Suppliers", "liability"))).Is(201);
        var again = (await books.SendAsync(Bank)).Is(200);

        Assert.Equal(first.Body, again.Body);
        Assert.Equal("\"1\"", again.Header("ETag"));
    }

    [Fact]
    public async Task The_version_of_an_account_is_the_charts_at_its_last_change()
    {
        var books = host.Given(Company, Bank, Account("200", "Suppliers", "liability"));
        var renamed = Account("100", "Main bank", "asset");

        await books.When(With(renamed, "\"2\"")).ThenProblem(412, "if-match-failed");
        var changed = (await books.SendAsync(With(renamed, "\"1\""))).Is(201);

        Assert.Equal("\"3\"", changed.Header("ETag"));
        (await books.SendAsync(Bank)).IsProblem(428, "if-match-required");
    }

    [Fact]
    public async Task The_type_is_fixed_by_the_first_posting_also_before_the_tables_have_it()
    {
        var asLiability = With(Account("100", "Bank", "liability"), "\"1\"");

        await host.Given(CompanyWithChart).When(asLiability).Then(201, "account_changed");
        await host.Given([.. CompanyWithChart, Sale("e1")]).When(asLiability)
            .ThenProblem(422, "account-type-fixed");
        await host.Given([.. CompanyWithChart, Sale("e1")]).When(With(Account("200", "Suppliers", "asset"), "\"2\""))
            .Then(201, "account_changed");
    }

    [Fact]
    public async Task Codes_are_text_of_any_script_in_one_form()
    {
        await host.Given(Company).When(Account("Активи:Банка%20%C3%A9", "Банка", "asset")).Then(201, "account_opened");
        await host.Given(Company).When(Account("e%CC%81", "Not NFC", "asset")).ThenProblem(422, "account-code-invalid");
        await host.Given(Company).When(Account("a%0Ab", "Control", "asset")).ThenProblem(422, "account-code-invalid");
    }

    [Theory]
    [InlineData("international")]
    [InlineData("bg")]
    [InlineData("az")]
    public async Task A_chart_to_start_from_is_applied_once(string template)
    {
        var books = host.Given(Put("", """{"name": "Acme", "currency": "EUR", "country": "BG"}"""));
        await books.PrepareAsync();
        var apply = new Step(HttpMethod.Put, $"/chart/{template}", null);

        var first = (await books.SendAsync(apply)).Is(201);
        var again = (await books.SendAsync(apply)).Is(200);

        Assert.Equal(first.Body, again.Body);
        Assert.True((await books.EventsAsync()).Count(type => type == "account_opened") > 20);
    }

    [Fact]
    public async Task A_chart_that_is_not_there_is_not_found() =>
        await host.Given(Company).When(new Step(HttpMethod.Put, "/chart/none", null))
            .ThenProblem(404, "chart-template-unknown");

    [Fact]
    public async Task A_chart_takes_no_body() =>
        await host.Given(Company).When(Put("/chart/bg", "{}")).ThenProblem(400, "body-not-expected");

    private static Step With(Step step, string ifMatch) => step with { Headers = [("If-Match", ifMatch)] };
}
