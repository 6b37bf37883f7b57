using Ledger.Tests.Http;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Dimensions;

public sealed class DimensionsApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly Step Sales = Put("/dimensions/department/sales", """{"name": "Sales"}""");

    [Fact]
    public async Task A_value_is_added_once_and_the_same_again_is_answered_as_the_first_time()
    {
        var books = host.Given(Company);

        var first = await books.When(Sales).Then(201, "dimension_value_added");
        (await books.SendAsync(Put("/dimensions/department/hr", """{"name": "People"}"""))).Is(201);
        var again = (await books.SendAsync(Sales)).Is(200);

        Assert.Equal(first.Body, again.Body);
    }

    [Fact]
    public async Task A_change_names_the_version_that_was_read()
    {
        var renamed = Put("/dimensions/department/sales", """{"name": "Sales", "archived": true}""");

        await host.Given(Company, Sales).When(renamed).ThenProblem(428, "if-match-required");
        await host.Given(Company, Sales).When(renamed with { Headers = [("If-Match", "\"1\"")] })
            .Then(201, "dimension_value_changed");
    }

    [Fact]
    public async Task An_entry_names_only_values_that_are_there()
    {
        var entry = Put("/journal-entries/e1", SaleJson().Replace(
            "\"side\": \"credit\"", "\"side\": \"credit\", \"dimensions\": {\"department\": \"sales\"}",
            StringComparison.Ordinal));

        await host.Given(CompanyWithChart).When(entry).ThenProblem(422, "dimension-unknown");
        await host.Given([.. CompanyWithChart, Sales]).When(entry).Then(201, "journal_entry_posted");
    }
}
