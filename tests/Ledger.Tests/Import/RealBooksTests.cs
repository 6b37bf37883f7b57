using Ledger.Api.Import;
using Ledger.Domain;
using NodaTime;

namespace Ledger.Tests.Import;

/// <summary>
/// Books of other people: the examples of beancount and a larger one that it generates, through hledger's CSV and
/// journal into the ledger. Every balance of every account and commodity must be what hledger says, at three dates.
/// </summary>
/// <remarks>
/// One example (duxbury2015) is missing: its thirds of a bill have 27 decimal places, and hledger refuses it, too.
/// </remarks>
public sealed class RealBooksTests(ImportBooks books) : IClassFixture<ImportBooks>
{
    /// <summary>The forecast goes to 2037; books are kept up to the end of the next fiscal year.</summary>
    private const string Until = "2026-01-01";

    [FactWith("hledger", "bean-report")]
    public Task The_example_book_has_hledgers_balances() => CompareAsync("example.beancount", "USD");

    [FactWith("hledger", "bean-report")]
    public Task The_basic_book_has_hledgers_balances() => CompareAsync("simple/basic.beancount", "USD");

    [FactWith("hledger", "bean-report")]
    public Task The_starter_book_has_hledgers_balances() => CompareAsync("simple/starter.beancount", "USD");

    [FactWith("hledger", "bean-report")]
    public Task The_book_of_imported_statements_has_hledgers_balances() =>
        CompareAsync("ingest/office/example.beancount", "USD");

    [FactWith("hledger", "bean-report")]
    public Task The_book_of_a_shared_journey_has_hledgers_balances() =>
        CompareAsync("sharing/cozumel2015.beancount", "USD");

    [FactWith("hledger", "bean-report")]
    public Task The_book_of_vesting_shares_has_hledgers_balances() =>
        CompareAsync("vesting/vesting.beancount", "USD");

    [FactWith("hledger", "bean-report")]
    public Task The_forecast_has_hledgers_balances() => CompareAsync("forecast/forecast.beancount", "EUR");

    [FactWith("hledger", "bean-report", "bean-example")]
    public async Task A_generated_book_of_ten_years_has_hledgers_balances()
    {
        var file = Path.Combine(books.DataFolder, "generated.beancount");
        await File.WriteAllTextAsync(file, await Hledger.RunAsync(
            "bean-example", "-s", "7", "--date-begin", "2014-01-01", "--date-end", "2024-01-01",
            "--date-birth", "1980-01-01"));
        await CompareAsync(file, "USD");
    }

    private async Task CompareAsync(string example, string currency)
    {
        var name = string.Join('-', example.Split('/')[^Math.Min(2, example.Split('/').Length)..])
            .Replace(".beancount", "", StringComparison.Ordinal);
        var journal = Path.Combine(books.DataFolder, $"{name}.hledger");
        await File.WriteAllTextAsync(
            journal, await Hledger.OfBeancountAsync(Path.Combine(Hledger.Examples, example)));
        var csv = await Hledger.RunAsync("hledger", "-f", journal, "print", "-e", Until, "-O", "csv");
        var text = await Hledger.RunAsync("hledger", "-f", journal, "print", "-e", Until, "-x");
        ImportOptions In(ImportOptions options) =>
            options with { NewCompany = options.NewCompany! with { Currency = new UnitCode(currency) } };

        var fromCsv = await books.ImportAsync($"{name}-csv", csv, In);
        var fromText = await books.ImportAsync($"{name}-text", text, In);

        Assert.Empty(fromCsv.Complaints);
        Assert.Empty(fromText.Complaints);
        foreach (var asOf in await DatesAsync(csv))
        {
            var expected = await Hledger.BalancesAsync(journal, asOf);
            Assert.NotEmpty(expected);
            Assert.Equal(expected, await books.BalancesAsync($"{name}-csv", asOf));
            Assert.Equal(expected, await books.BalancesAsync($"{name}-text", asOf));
        }
    }

    /// <summary>A third and two thirds of the way through the transactions, and the last day.</summary>
    private static Task<LocalDate[]> DatesAsync(string csv)
    {
        var dates = new HledgerCsv(new DelimitedReader(new StringReader(csv))).Read()
            .Select(item => ((FileTransaction)item).Date).Order().ToList();
        return Task.FromResult<LocalDate[]>([dates[dates.Count / 3], dates[dates.Count * 2 / 3], dates[^1]]);
    }
}
