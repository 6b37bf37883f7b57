using System.Diagnostics;
using System.Globalization;
using Ledger.Api;
using Ledger.Api.Demo;
using Ledger.Tests.Golden;
using Ledger.Tests.Reports;
using Program = Ledger.Api.CommandLine.CommandLine;

namespace Ledger.Tests.Demo;

public sealed class DemoTests(DemoBooks books) : IClassFixture<DemoBooks>
{
    private const string Golden = "tests/Ledger.Tests/Demo/Golden";

    [Fact]
    public async Task The_books_come_to_the_same_balances_each_time() =>
        GoldenFile.Matches($"{Golden}/trial-balance.txt", Csv.Aligned(await books.TrialBalanceAsync()));

    [Fact]
    public void What_was_recorded_and_where_to_look_is_printed()
    {
        var printed = string.Join('\n', [.. books.Said.Take(12), .. Printed(), ""])
            .Replace(books.Host.DataFolder, "DATA", StringComparison.Ordinal)
            .Replace(books.Host.Address.ToString(), "http://localhost:5080/", StringComparison.Ordinal);

        GoldenFile.Matches($"{Golden}/printed.txt", printed);
    }

    [Fact]
    public async Task Telling_it_again_adds_nothing()
    {
        var head = await books.Host.Ledger.Store.HeadAsync();
        var said = new List<string>();

        Assert.Equal(books.Report with { Added = 0 }, await books.TellAsync(say: said.Add));
        Assert.Equal(head, await books.Host.Ledger.Store.HeadAsync());
        Assert.All(said, line => Assert.EndsWith(" entries, there already", line, StringComparison.Ordinal));
        Assert.Equal(
            $"{books.Report.Entries:N0} entries in euro and US dollars, all of them there already: nothing was added.",
            DemoTour.Lines(books.Report with { Added = 0 }, DemoBooks.Company, Settings).ElementAt(1),
            ignoreCase: false);
    }

    [Fact]
    public async Task What_was_interrupted_is_completed_by_the_same_command()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(() => books.TellAsync("halved", StopInApril, stop.Token));

        var rest = await books.TellAsync("halved", _ => { });

        Assert.InRange(rest.Added, 1, rest.Entries - 1);
        Assert.Equal(await books.TrialBalanceAsync(), await books.TrialBalanceAsync("halved"));

        void StopInApril(string line)
        {
            if (line.StartsWith("April", StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        }
    }

    [Fact]
    public async Task Another_company_of_that_name_is_left_alone()
    {
        (await books.Host.PutAsync("/companies/taken", """{"name": "Acme Ltd", "currency": "EUR", "country": "BG"}"""))
            .Is(201);
        var head = await books.Host.Ledger.Store.HeadAsync();

        var refused = await Assert.ThrowsAsync<SetUpException>(() => books.TellAsync("taken"));

        Assert.Equal(
            "The company 'taken' is there already and is not the demo's: 'Acme Ltd'. Nothing was recorded. Name "
            + "another with --company, such as --company demo-2.",
            refused.Message);
        Assert.Equal(head, await books.Host.Ledger.Store.HeadAsync());
    }

    [Fact]
    public async Task A_company_that_cannot_be_is_not_understood()
    {
        await using var error = new StringWriter { NewLine = "\n" };

        Assert.Equal(2, await Program.RunAsync(["demo", "--company", "a/b"], TextWriter.Null, error));
        Assert.Equal("--company takes 1–100 of A-Z a-z 0-9 . _ ~ -\n", error.ToString());
    }

    [Fact]
    public async Task Each_printed_command_answers_a_table_when_it_is_pasted()
    {
        var commands = Printed().Where(line => line.StartsWith("ask", StringComparison.Ordinal)).ToList();
        Assert.Equal(8, commands.Count);
        var start = new ProcessStartInfo("bash", ["-c", string.Join("\necho =====\n", commands)])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var bash = Process.Start(start)!;
        var errors = bash.StandardError.ReadToEndAsync();
        var tables = (await bash.StandardOutput.ReadToEndAsync()).Split("=====\n")[1..];
        await bash.WaitForExitAsync();

        Assert.Equal("", await errors);
        Assert.Equal(7, tables.Length);
        Assert.All(tables, table => Assert.InRange(Csv.Records(table.TrimEnd('\n') + "\n").Count, 2, 1_000));
    }

    [Fact]
    public async Task The_first_sight_is_a_trial_balance_that_an_accountant_believes()
    {
        var rows = Rows(await books.TrialBalanceAsync());
        decimal Closing(string account) =>
            rows.Where(row => row["account"] == account).Sum(row => Of(row, "baseClosing"));

        Assert.Equal(0, rows.Sum(row => Of(row, "baseClosing")));
        Assert.Equal(["EUR", "USD"], rows.Select(row => row["unit"]).Distinct().Order(StringComparer.Ordinal));
        Assert.InRange(1 + (Closing("5100") / Closing("4100")), 0.45m, 0.60m);
        Assert.InRange(Closing("1150"), 0, 8_000);
        Assert.Equal((0, 0), (Closing("1250"), Closing("2210")));
        Assert.All(["1120", "1140", "1340"], account => Assert.InRange(Closing(account), 1, 100_000));
    }

    [Fact]
    public async Task The_second_sight_has_a_column_a_month_and_a_profit_in_each()
    {
        var rows = Rows(await SeeAsync(1, 0));
        var result = rows.Single(row => row["section"] == "result");

        var months = Enumerable.Range(1, 12).Select(month => $"2025-{month:00}").ToList();
        Assert.All(months, month => Assert.InRange(Of(result, month), 1, 20_000));
        Assert.Equal(Of(result, "total"), months.Sum(month => Of(result, month)));
    }

    [Fact]
    public async Task The_third_sight_shows_a_month_as_published_and_what_became_of_it()
    {
        var published = Rows(await SeeAsync(2, 0)).Where(row => row["kind"] == "total").ToList();
        var restated = Rows(await SeeAsync(2, 1));
        var assets = restated.Single(row => row["section"] == "assets" && row["kind"] == "total");

        Assert.Equal(
            Of(published.First(row => row["name"] == "Total assets"), "amount"),
            Of(published.Last(row => row["section"] == "equity"), "amount"));
        Assert.Equal(Of(published.First(row => row["name"] == "Total assets"), "amount"), Of(assets, "asClosed"));
        Assert.Equal(
            ["1340", "5400"],
            restated.Where(row => row["kind"] == "account" && Of(row, "change") != 0).Select(row => row["account"]));
        Assert.Contains(
            "A pallet with 24 sleeping bags was counted twice on 31 March",
            Assert.Single(Rows(await SeeAsync(2, 2)))["data"], StringComparison.Ordinal);
    }

    /// <summary>Events are recorded when they are, so all of the year came after its months had ended.</summary>
    [Fact]
    public async Task Of_March_one_entry_restates_what_was_closed_and_all_others_came_late()
    {
        var answer = await books.Host.GetAsync("/companies/demo/reports/restatements?period=2025-03&limit=1000");
        var entries = answer.Is(200).Json.GetProperty("entries").EnumerateArray().ToList();

        var restating = Assert.Single(entries, entry => entry.GetProperty("kind").GetString() == "restating");
        Assert.Equal("stock-count-2025-03-corrected", restating.GetProperty("id").GetString());
        Assert.Equal("stock-count-2025-03", restating.GetProperty("corrects").GetString());
        Assert.Equal(
            "A pallet with 24 sleeping bags was counted twice on 31 March",
            restating.GetProperty("reopeningReason").GetString());
        Assert.InRange(entries.Count, 500, 999);
    }

    [Fact]
    public async Task The_fourth_sight_ends_with_what_the_processor_owes()
    {
        var rows = Rows(await SeeAsync(3, 0));
        var trial = Rows(await books.TrialBalanceAsync());

        Assert.All(rows.Where(row => row["row"] == "closing"), closing => Assert.Equal(
            Of(trial.Single(row => row["account"] == "1150" && row["unit"] == closing["unit"]), "closing"),
            Of(closing, "balance")));
        Assert.Equal(2, rows.Count(row => row["row"] == "closing"));
        Assert.Contains(rows, row => row["entry"].StartsWith("payout-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_fifth_sight_earns_in_every_country()
    {
        var result = Rows(await SeeAsync(4, 0)).Single(row => row["section"] == "result");

        Assert.All(["de", "ch", "us"], country => Assert.InRange(Of(result, country), 10_000, 150_000));
    }

    [Fact]
    public async Task VAT_is_settled_with_the_tax_office_each_month()
    {
        var answer = await books.Host.GetAsync(
            "/companies/demo/reports/general-ledger?account=2220&to=2025-12-31", ("Accept", "text/csv"));
        var lines = Rows(answer.Is(200).Body).Where(row => row["row"] == "line").ToList();

        var paid = lines.Where(row => row["entry"].StartsWith("vat-paid", StringComparison.Ordinal)).ToList();
        Assert.Equal(12, paid.Count);
        Assert.All(paid, row => Assert.Equal(0, Of(row, "balance")));
    }

    private Settings Settings =>
        books.Host.Ledger.Settings with { Urls = books.Host.Address.ToString() };

    private IEnumerable<string> Printed() => DemoTour.Lines(books.Report, DemoBooks.Company, Settings);

    private async Task<string> SeeAsync(int sight, int path) => (await books.Host.GetAsync(
        $"/companies/demo/{DemoTour.Sights(books.Report.Published)[sight].Paths[path]}",
        ("Accept", "text/csv"))).Is(200).Body;

    private static List<Dictionary<string, string>> Rows(string csv)
    {
        var records = Csv.Records(csv);
        return [.. records.Skip(1).Select(record => records[0].Zip(record).ToDictionary(
            pair => pair.First, pair => pair.Second, StringComparer.Ordinal))];
    }

    private static decimal Of(Dictionary<string, string> row, string column) =>
        decimal.Parse(row[column], CultureInfo.InvariantCulture);
}
