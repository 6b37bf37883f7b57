using Ledger.Tests.Http;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Companies;

public sealed class CompaniesApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly Step Renamed = Put("", """
        {"name": "Acme 2", "currency": "EUR", "country": "DE", "retainedEarnings": "300"}
        """);

    private static readonly Step InDollars = Put("", """
        {"name": "Acme", "currency": "USD", "country": "DE", "retainedEarnings": "300"}
        """, ("If-Match", "\"1\""));

    [Fact]
    public async Task A_company_is_registered_once_and_the_same_again_is_answered_as_the_first_time()
    {
        var books = host.Given();

        var first = await books.When(Company).Then(201, "company_registered");
        (await books.SendAsync(Account("100", "Bank", "asset"))).Is(201);
        var again = (await books.SendAsync(Company)).Is(200);

        Assert.Equal(first.Body, again.Body);
        Assert.Equal("\"1\"", again.Header("ETag"));
        Assert.Equal(books.Company, first.Json.GetProperty("company").GetString());
    }

    [Fact]
    public async Task A_change_names_the_version_that_was_read()
    {
        await host.Given(Company).When(Renamed).ThenProblem(428, "if-match-required");
        await host.Given(Company).When(With(Renamed, "\"2\"")).ThenProblem(412, "if-match-failed");
        await host.Given(Company).When(With(Renamed, "W/\"1\"")).ThenProblem(400, "header-malformed");
        await host.Given(Company).When(With(Renamed, "*")).ThenProblem(400, "header-malformed");
        var answer = await host.Given(Company).When(With(Renamed, "\"1\"")).Then(201, "company_changed");
        Assert.Equal("\"2\"", answer.Header("ETag"));
        await host.Given().When(With(Company, "\"1\"")).ThenProblem(412, "if-match-failed");
    }

    [Fact]
    public async Task A_change_that_was_sent_twice_is_answered_twice() =>
        await host.Given(Company, With(Renamed, "\"1\"")).When(With(Renamed, "\"1\"")).Then(200);

    [Fact]
    public async Task The_currency_is_fixed_by_the_first_entry()
    {
        await host.Given(CompanyWithChart).When(InDollars).Then(201, "company_changed");
        await host.Given([.. CompanyWithChart, Sale("e1")]).When(InDollars).ThenProblem(422, "currency-fixed");
    }

    [Fact]
    public async Task What_a_company_cannot_be_is_refused() =>
        await host.Given().When(Put("", """{"name": "Acme", "currency": "DEM", "country": "DE"}"""))
            .ThenProblem(422, "currency-unknown");

    private static Step With(Step step, string ifMatch) => step with { Headers = [("If-Match", ifMatch)] };
}
