using System.Globalization;
using System.Text;
using Ledger.Api;
using Ledger.Api.Export;
using Ledger.Tests.Golden;
using Ledger.Tests.Import;
using NodaTime;

namespace Ledger.Tests.Export;

public sealed class ExportTests(ImportBooks books) : IClassFixture<ImportBooks>
{
    private static readonly LocalDate End = new(2030, 12, 31);

    /// <summary>
    /// Everything that books can hold: several units, priced and not, a difference of exchange, a correction with
    /// negative amounts, an accrual, reversals, dimensions, texts that mean something elsewhere, and what was closed
    /// since.
    /// </summary>
    private static readonly string Whole =
        File.ReadAllText(Path.Combine(GoldenFile.Root, "tests/Ledger.Tests/Golden/export/whole-input.ndjson"));

    [Fact]
    public async Task Ndjson_makes_the_same_books_in_an_empty_company()
    {
        await ImportWholeAsync("whole");

        var first = await ExportAsync("whole", ExportFormat.Ndjson);
        var copy = await books.ImportAsync("copy", first, options => options with { NewCompany = null });
        var again = await books.ImportAsync("copy", first, options => options with { NewCompany = null });

        Assert.Empty(copy.Complaints);
        Assert.Empty(again.Complaints);
        Assert.StartsWith("0 entries recorded in copy, ", again.Sentences[0]);
        Assert.Equal(await books.BalancesAsync("whole"), await books.BalancesAsync("copy"));
        Assert.Equal(
            await books.BalancesAsync("whole", inFunctionalCurrency: true),
            await books.BalancesAsync("copy", inFunctionalCurrency: true));
        Assert.Equal(first, await ExportAsync("copy", ExportFormat.Ndjson));
    }

    [Theory]
    [InlineData(ExportFormat.Hledger, "journal")]
    [InlineData(ExportFormat.Csv, "csv")]
    [InlineData(ExportFormat.Ndjson, "ndjson")]
    public async Task What_is_written_is_known_to_the_letter(ExportFormat format, string extension)
    {
        await ImportWholeAsync($"golden-{extension}");

        GoldenFile.Matches(
            $"tests/Ledger.Tests/Golden/export/whole.{extension}",
            (await ExportAsync($"golden-{extension}", format)).Replace("\r\n", "\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ndjson_goes_in_at_once_or_not_at_all_as_well()
    {
        await ImportWholeAsync("for-atomic");

        var copy = await books.ImportAsync(
            "atomic-copy", Whole, options => options with { NewCompany = null, Atomic = true });

        Assert.Empty(copy.Complaints);
        Assert.Equal(await books.BalancesAsync("for-atomic"), await books.BalancesAsync("atomic-copy"));
    }

    [Fact]
    public async Task Csv_is_imported_with_the_same_balances_in_every_unit_and_in_the_functional_currency()
    {
        await ImportWholeAsync("whole-csv");
        var chart = string.Join('\n', Whole.Split('\n').Where(line =>
            line.StartsWith("{\"put\":\"", StringComparison.Ordinal)
            && !line.Contains("archived", StringComparison.Ordinal)));
        await books.ImportAsync("copy-csv", chart, options => options with { NewCompany = null });

        var copy = await books.ImportAsync("copy-csv", await ExportAsync("whole-csv", ExportFormat.Csv));

        Assert.Empty(copy.Complaints);
        Assert.Equal(await books.BalancesAsync("whole-csv"), await books.BalancesAsync("copy-csv"));
        Assert.Equal(
            await books.BalancesAsync("whole-csv", inFunctionalCurrency: true),
            await books.BalancesAsync("copy-csv", inFunctionalCurrency: true));
    }

    [FactWith("hledger")]
    public async Task A_journal_is_read_by_hledger_with_the_same_balances()
    {
        await ImportWholeAsync("whole-journal");
        await CompareWithHledgerAsync("whole-journal");
    }

    [FactWith("hledger", "bean-report")]
    public async Task The_example_book_comes_back_to_hledger_with_the_same_balances()
    {
        var journal = Path.Combine(books.DataFolder, "example-to-export.hledger");
        await File.WriteAllTextAsync(
            journal, await Hledger.OfBeancountAsync(Path.Combine(Hledger.Examples, "example.beancount")));
        var csv = await Hledger.RunAsync("hledger", "-f", journal, "print", "-O", "csv");
        await books.ImportAsync("example", csv, options => options with
        {
            NewCompany = options.NewCompany! with { Currency = new("USD") },
        });

        await CompareWithHledgerAsync("example");
        Assert.Equal(
            await Hledger.BalancesAsync(journal, End),
            await Hledger.BalancesAsync(await WriteAsync("example"), End));
    }

    [Fact]
    public async Task Entries_come_out_in_the_order_of_the_file_they_came_from()
    {
        var file = new StringBuilder("txnidx,date,description,account,amount,commodity\n");
        for (var i = 1; i <= 3_500; i++)
        {
            file.Append(CultureInfo.InvariantCulture, $"{i},2026-01-31,E{i},Assets,{i},EUR\n");
            file.Append(CultureInfo.InvariantCulture, $"{i},2026-01-31,E{i},Equity,-{i},EUR\n");
        }

        await books.ImportAsync("ordered", file.ToString());

        var exported = await ExportAsync("ordered", ExportFormat.Csv);
        Assert.Equal(
            Enumerable.Range(1, 3_500).Select(i => $"E{i}"),
            exported.Split("\r\n").Skip(1).Where(row => row.Contains(",Assets,", StringComparison.Ordinal))
                .Select(row => row.Split(',')[5]));
    }

    [Fact]
    public async Task A_company_that_does_not_exist_is_not_exported() =>
        Assert.Equal(
            "There is no company nobody.",
            (await Assert.ThrowsAsync<SetUpException>(() => ExportAsync("nobody", ExportFormat.Csv))).Message);

    private async Task ImportWholeAsync(string company)
    {
        var imported = await books.ImportAsync(company, Whole, options => options with { NewCompany = null });
        Assert.Empty(imported.Complaints);
    }

    private async Task CompareWithHledgerAsync(string company)
    {
        var journal = await WriteAsync(company);
        var expected = (await books.BalancesAsync(company))
            .ToDictionary(each => each.Key.Replace("VAT 20％", "VAT 20%", StringComparison.Ordinal)
                .Replace("(12)", "（12)", StringComparison.Ordinal), each => each.Value);
        var read = await Hledger.BalancesAsync(journal, End);

        // Differences of exchange have an account of their own there.
        Assert.Equal(
            expected.OrderBy(each => each.Key, StringComparer.Ordinal),
            read.Where(each => !each.Key.StartsWith(HledgerWriter.ExchangeDifferences, StringComparison.Ordinal)));
    }

    private async Task<string> WriteAsync(string company)
    {
        var path = Path.Combine(books.DataFolder, $"{company}.journal");
        await File.WriteAllTextAsync(path, await ExportAsync(company, ExportFormat.Hledger));
        return path;
    }

    private async Task<string> ExportAsync(string company, ExportFormat format)
    {
        using var stream = new MemoryStream();
        await ExportRun.RunAsync(books.Ledger, company, format, stream, _ => { }, CancellationToken.None);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
