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

    [Fact]
    public async Task Values_are_listed_in_pages_as_known_then_and_as_csv()
    {
        var books = host.Given(
            Company, Sales, Put("/dimensions/shop/sofia", """{"name": "Sofia", "names": {"bg": "София"}}"""));
        await books.PrepareAsync();
        var before = (await books.RecordedAsync())[^1].Sequence;
        (await books.SendAsync(Put("/dimensions/department/sales", """{"name": "Sold"}""", ("If-Match", "\"1\""))))
            .Is(201);

        var first = (await books.SendAsync(Get("/dimensions?limit=1"))).Is(200).Json;
        var second = (await books.SendAsync(Get(
            $"/dimensions?limit=1&cursor={first.GetProperty("next").GetString()}"))).Is(200).Json;
        var then = await books.SendAsync(Get($"/dimensions?knownAtSequence={before}", ("Accept", "text/csv")));

        Assert.Equal(
            """[{"dimension":"department","value":"sales","name":"Sold","names":null,"archived":false,"version":3}]""",
            first.GetProperty("rows").GetRawText());
        Assert.Equal("sofia", second.GetProperty("rows")[0].GetProperty("value").GetString());
        Assert.Null(second.GetProperty("next").GetString());
        Assert.Equal(
            "dimension,value,name,names,archived,version\r\ndepartment,sales,Sales,,false,1\r\n"
            + "shop,sofia,Sofia,\"{\"\"bg\"\":\"\"София\"\"}\",false,2\r\n",
            then.Is(200).Body);
        (await books.SendAsync(Get("/dimensions", ("Accept", "image/png")))).IsProblem(406, "not-acceptable");
    }

    [Fact]
    public async Task A_value_that_is_called_like_a_column_is_named_with_its_dimension()
    {
        var entry = SaleJson().Replace(
            "\"side\": \"credit\"", "\"side\": \"credit\", \"dimensions\": {\"dep\": \"total\"}",
            StringComparison.Ordinal);
        var books = host.Given(
        [
            .. CompanyWithChart, Put("/dimensions/dep/total", """{"name": "All"}"""),
            Put("/journal-entries/e1", entry),
        ]);
        await books.PrepareAsync();

        var table = (await books.SendAsync(Get(
            "/reports/income-statement?from=2026-01-01&to=2026-01-31&dimension=dep", ("Accept", "text/csv")))).Is(200);

        Assert.Equal(
            "section,kind,account,name,level,dep:total,without dep,total", table.Body.Split("\r\n")[0]);
    }
}
