using Ledger.Api;
using Ledger.Api.Import;

namespace Ledger.Tests.Import;

public sealed class RefusedNamesTests(ImportBooks books) : IClassFixture<ImportBooks>
{
    private const string Heading = "txnidx,date,description,account,amount,commodity\n";

    private const string Fee = "2,2026-01-31,Fee,Expenses:Fees,1,EUR\n2,2026-01-31,Fee,Assets:Bank,-1,EUR\n";

    [Theory]
    [InlineData("Assets:")]
    [InlineData("Assets::Bank")]
    public async Task An_account_with_an_empty_part_is_a_refused_line_and_the_rest_goes_in(string account)
    {
        var company = account == "Assets:" ? "at-end" : "within";
        var bad = $"1,2026-01-31,Rent,Expenses:Rent,5,EUR\n1,2026-01-31,Rent,{account},-5,EUR\n";

        var imported = await books.ImportAsync(company, Heading + bad + Fee);

        Assert.Equal(
            [$"line 2: The account '{account}' has an empty part: write a name on both sides of each ':'."],
            imported.Complaints);
        Assert.Equal($"1 entry recorded in {company}, 1 refused.", imported.Sentences[0]);
    }

    [Fact]
    public void A_chart_that_names_an_account_with_an_empty_part_is_refused_by_its_line() => Assert.Equal(
        "Line 2 of the chart: The account 'z:' has an empty part: write a name on both sides of each ':'.",
        Assert.Throws<InvalidDataException>(() => ChartFile.Read(new StringReader("code,type\nz:,asset\n"))).Message);

    [Fact]
    public async Task A_company_without_its_time_zone_is_told_the_option_to_give() => Assert.Contains(
        "US has several time zones: send --time-zone, such as ",
        (await Assert.ThrowsAsync<SetUpException>(() => books.ImportAsync(
            "no-zone", Heading + Fee, options => options with
            {
                NewCompany = options.NewCompany! with { Country = "US" },
            }))).Message,
        StringComparison.Ordinal);
}
