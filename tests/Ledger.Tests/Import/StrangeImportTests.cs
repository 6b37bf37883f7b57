using Ledger.Api.Import;
using Ledger.Domain;

namespace Ledger.Tests.Import;

/// <summary>What hardly any file holds: the rest of it goes in, and what is wrong is named.</summary>
public sealed class StrangeImportTests(ImportBooks books) : IClassFixture<ImportBooks>
{
    private const string Good = """
        {"bookedOn":"2026-01-31","description":"Fee","lines":[
        {"account":"Expenses","side":"debit","amount":"1.00"},{"account":"Assets","side":"credit","amount":"1.00"}]}
        """;

    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"lines":[{"side":"\ud800"}]}""")]
    [InlineData("""{"put":"accounts/1","body":{"type":"\ud800"}}""")]
    [InlineData("""{"put":"accounts/1","\ud800":{}}""")]
    public async Task Half_a_surrogate_pair_is_named_with_its_line_and_the_rest_goes_in(string line)
    {
        var name = "half" + ContentHasher.HashOf(line);
        var good = Good.ReplaceLineEndings("");

        var imported = await books.ImportAsync(
            name, $"{good}\n{line}\n{good.Replace("Fee", "Rent", StringComparison.Ordinal)}\n");

        Assert.False(imported.IsDone);
        var complaint = Assert.Single(imported.Complaints);
        Assert.StartsWith("line 2: ", complaint, StringComparison.Ordinal);
        Assert.EndsWith("(text-not-allowed)", complaint, StringComparison.Ordinal);
        Assert.Equal(2, (await books.EventsAsync(name)).Count(each => each.Type == "journal_entry_posted"));
    }

    [Fact]
    public async Task The_tables_have_all_of_it_when_the_command_ends()
    {
        await books.ImportAsync("whole", Good.ReplaceLineEndings(""));

        Assert.True(books.Ledger.Books.Status.Sequence >= await books.Ledger.Store.HeadAsync());
    }

    [Fact]
    public async Task Units_without_prices_that_do_not_balance_are_refused_with_what_gives_them_prices()
    {
        const string csv = "txnidx,date,description,account,amount,commodity\n"
            + "1,2026-01-31,Shares,assets:shares,10,AAPL\n1,2026-01-31,Shares,assets:dollars,-1000,$\n";
        var refused = await books.ImportAsync("unpriced", csv);

        Assert.Contains("(unpriced-unit-not-balanced) Or say what the units are worth: --prices FILE",
            Assert.Single(refused.Complaints), StringComparison.Ordinal);

        var units = new Commodities(new Dictionary<string, UnitCode>());
        var prices = PriceList.Read(new StringReader("P 2026-01-01 $ 0.90 EUR"), units);
        var priced = await books.ImportAsync("unpriced", csv, options => options with { Prices = prices });

        Assert.Empty(priced.Complaints);
        Assert.Equal(
            ["assets:dollars -900.00", "assets:shares 900.00"],
            (await books.BalancesAsync("unpriced", inFunctionalCurrency: true))
                .Select(each => FormattableString.Invariant($"{each.Key} {each.Value:0.00}")));
    }

    [Theory]
    [InlineData(null, "bank", "imported without a source")]
    [InlineData("bank", null, "of the source bank")]
    [InlineData("bank", "card", "of the source bank")]
    public async Task The_same_under_another_source_is_warned_of_before_it_goes_in(
        string? before, string? now, string words)
    {
        var company = $"other-{before}-{now}";
        var good = Good.ReplaceLineEndings("");
        Assert.Empty((await books.ImportAsync(company, good, options => options with { Source = before })).Complaints);
        Assert.Empty((await books.ImportAsync(company, good, options => options with { Source = before })).Complaints);

        var twice = await books.ImportAsync(company, good, options => options with { Source = now });

        Assert.Contains(
            $"of the first 1 entry of the file, 1 is in these books already, {words} (",
            Assert.Single(twice.Complaints),
            StringComparison.Ordinal);
    }
}
