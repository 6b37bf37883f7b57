using static Ledger.Tests.Http.Step;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Http;

/// <summary>Registers are read as they are now, changed, and sent back.</summary>
public sealed class RegisterTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Theory]
    [InlineData("")]
    [InlineData("/accounts/100")]
    [InlineData("/dimensions/department/sales")]
    public async Task What_was_read_can_be_changed_and_sent_back(string path)
    {
        var books = host.Given([.. CompanyWithChart, Put("/dimensions/department/sales", """{"name": "Sales"}""")]);
        await books.PrepareAsync();
        var read = (await books.SendAsync(Get(path))).Is(200);

        var same = (await books.SendAsync(Put(path, read.Body))).Is(200);
        var renamed = read.Body.Replace("\"name\":\"", "\"name\":\"The ", StringComparison.Ordinal);
        var changed = (await books.SendAsync(Put(path, renamed, ("If-Match", read.Header("ETag")!)))).Is(201);

        Assert.Equal(read.Header("ETag"), same.Header("ETag"));
        var again = (await books.SendAsync(Get(path))).Is(200);
        Assert.Equal(changed.Header("ETag"), again.Header("ETag"));
        Assert.Equal(renamed, again.Body);
    }

    [Fact]
    public async Task Periods_and_dimensions_are_shown_as_they_are_now()
    {
        var books = host.Given([
            .. CompanyWithChart,
            Put("/dimensions/project/x", """{"name": "X", "archived": true}"""),
            Put("/dimensions/department/sales", """{"name": "Sales"}"""),
            Put("/periods/2025-12", """{"status": "closed", "through": true}"""),
            Put("/periods/2025-12", """{"status": "final"}"""),
            JanuaryClosed,
        ]);
        await books.PrepareAsync();

        var periods = (await books.SendAsync(Get("/periods"))).Is(200);
        Assert.Equal("\"3\"", periods.Header("ETag"));
        Assert.EndsWith(
            ""","closedThrough":"2026-01","reopenedThrough":null,"finalThrough":"2025-12"}""", periods.Body,
            StringComparison.Ordinal);
        Assert.Equal(
            [("department", "sales", 2), ("project", "x", 1)],
            (await books.SendAsync(Get("/dimensions"))).Is(200).Json.GetProperty("rows").EnumerateArray().Select(row =>
                (row.GetProperty("dimension").GetString()!, row.GetProperty("value").GetString()!,
                    row.GetProperty("version").GetInt32())));
    }

    [Theory]
    [InlineData("", "company-unknown")]
    [InlineData("/accounts/100", "company-unknown")]
    [InlineData("/dimensions", "company-unknown")]
    [InlineData("/dimensions/a/b", "company-unknown")]
    [InlineData("/periods", "company-unknown")]
    public async Task What_is_not_there_is_not_found(string path, string code) =>
        await host.Given().When(Get(path)).ThenProblem(404, code);

    [Fact]
    public async Task An_account_or_value_that_is_not_there_is_not_found()
    {
        await host.Given(Company).When(Get("/accounts/100")).ThenProblem(404, "account-not-found");
        await host.Given(Company).When(Get("/dimensions/a/b")).ThenProblem(404, "dimension-value-not-found");
    }
}
