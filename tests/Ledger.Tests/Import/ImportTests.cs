using System.Globalization;
using Ledger.Api;
using Ledger.Api.Import;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using static Ledger.Tests.Import.HledgerCsvTests;

namespace Ledger.Tests.Import;

public sealed class ImportTests(ImportBooks books) : IClassFixture<ImportBooks>
{
    private const string Heading = "txnidx,date,date2,status,code,description,comment,account,amount,commodity,credit,"
        + "debit,posting-status,posting-comment\n";

    private static readonly string Rent = Pair(1, "2026-01-31", "Rent", "Expenses:Rent", "Assets:Bank", "500", "€");
    private static readonly string CardFee = Fee(9);
    private static readonly string OtherCardFee = Fee(10);

    [Fact]
    public async Task A_file_is_imported_with_its_accounts_and_a_second_time_it_adds_nothing()
    {
        var first = await books.ImportAsync("twice", Heading + Rent + CardFee);
        var events = await books.EventsAsync("twice");
        var second = await books.ImportAsync("twice", Heading + Rent + CardFee);

        Assert.Equal(["2 entries recorded in twice.", "5 accounts were opened."], first.Sentences);
        Assert.Equal(["0 entries recorded in twice, 2 there already."], second.Sentences);
        Assert.True(first.IsDone && second.IsDone);
        Assert.Equal(events, await books.EventsAsync("twice"));
        Assert.Equal(
            new() { ["Assets:Bank EUR"] = -501.5m, ["Expenses:Fees EUR"] = 1.5m, ["Expenses:Rent EUR"] = 500m },
            await books.BalancesAsync("twice"));
    }

    [Fact]
    public async Task A_grown_file_adds_what_is_new_wherever_it_stands()
    {
        await books.ImportAsync("grown", Heading + CardFee);

        var grown = await books.ImportAsync("grown", Heading + Rent + CardFee);

        Assert.Equal(
            ["1 entry recorded in grown, 1 there already.", "1 account was opened."], grown.Sentences);
    }

    [Fact]
    public async Task Two_equal_card_fees_on_one_day_stay_two_and_a_third_is_one_more()
    {
        await books.ImportAsync("fees", Heading + CardFee + OtherCardFee);
        var again = await books.ImportAsync("fees", Heading + CardFee + OtherCardFee + CardFee);

        Assert.Equal(["1 entry recorded in fees, 2 there already."], again.Sentences);
        Assert.Equal(-4.5m, (await books.BalancesAsync("fees"))["Assets:Bank EUR"]);
    }

    [Fact]
    public async Task Bad_lines_are_named_and_the_rest_goes_in()
    {
        var imported = await books.ImportAsync("bad", Heading
            + Rent
            + Pair(2, "2026-02-30", "No day", "Assets:Bank", "X", "1", "EUR")
            + Unbalanced
            + Pair(4, "2026-02-01", "No type", "Budget:Food", "Equity", "1", "EUR")
            + CardFee);

        Assert.False(imported.IsDone);
        Assert.Equal(
            [
                "line 4: '2026-02-30' is no date such as 2026-01-31.",
                "line 8: The name of the account 'Budget:Food' does not tell its type: say it with --type "
                    + "'Budget=asset' (liability, equity, income, expense, off-balance) or in a file with "
                    + "--chart.",
            ],
            imported.Complaints.Take(2));
        Assert.StartsWith("line 6: ", imported.Complaints[2]);
        Assert.EndsWith("(not-balanced)", imported.Complaints[2]);
        Assert.Equal(3, imported.Complaints.Count);
        Assert.Equal(
            "2 entries recorded in bad, 2 refused, 1 could not be read.", imported.Sentences[0]);
        Assert.Equal(
            new() { ["Assets:Bank EUR"] = -501.5m, ["Expenses:Fees EUR"] = 1.5m, ["Expenses:Rent EUR"] = 500m },
            await books.BalancesAsync("bad"));
    }

    [Fact]
    public async Task Atomic_records_nothing_while_anything_is_refused_and_everything_otherwise()
    {
        var refused = await books.ImportAsync("atomic", Heading + Rent + Unbalanced, Atomic);
        Assert.False(refused.IsDone);
        Assert.Equal("1 cannot go in, so nothing was recorded.", refused.Sentences[^1]);
        Assert.StartsWith("line 4: ", Assert.Single(refused.Complaints));
        Assert.Empty(await books.EventsAsync("atomic"));

        var whole = await books.ImportAsync("atomic", Heading + Rent + CardFee, Atomic);
        Assert.True(whole.IsDone);
        Assert.Equal(-501.5m, (await books.BalancesAsync("atomic"))["Assets:Bank EUR"]);
    }

    [Fact]
    public async Task Atomic_completes_what_a_cut_off_import_has_begun()
    {
        await books.ImportAsync("cut-off", Heading + Rent);

        var whole = await books.ImportAsync(
            "cut-off", Heading + Rent + CardFee, Atomic);

        Assert.True(whole.IsDone);
        Assert.Equal("1 entry recorded in cut-off, 1 there already.", whole.Sentences[1]);
    }

    [Fact]
    public async Task What_a_source_brought_before_and_is_missing_now_is_named()
    {
        await books.ImportAsync("source", Heading + Rent + CardFee + OtherCardFee, Bank);

        var shrunk = await books.ImportAsync("source", Heading + CardFee, Bank);

        Assert.False(shrunk.IsDone);
        Assert.Equal(
            ["missing: 2026-01-31 Rent 500.00 EUR", "missing: 2026-02-01 Card fee 1.50 EUR"],
            shrunk.Complaints.Select(each => each[..each.IndexOf(" (bank~", StringComparison.Ordinal)]).Order());
        Assert.Equal(
            ["0 entries recorded in source, 1 there already.", "Missing: 2 entries that came before."],
            shrunk.Sentences);
        Assert.Equal(-503m, (await books.BalancesAsync("source"))["Assets:Bank EUR"]);
    }

    [Fact]
    public async Task What_is_missing_is_reversed_on_demand_comes_back_and_goes_again()
    {
        static ImportOptions Reversing(ImportOptions options) => Bank(options) with { ReverseMissing = true };
        await books.ImportAsync("back", Heading + Rent + CardFee, Bank);

        var gone = await books.ImportAsync("back", Heading + CardFee, Reversing);
        Assert.True(gone.IsDone);
        Assert.Equal("Missing: 1 entry that came before; 1 reversed.", gone.Sentences[^1]);
        Assert.Equal(-1.5m, (await books.BalancesAsync("back"))["Assets:Bank EUR"]);

        Assert.True((await books.ImportAsync("back", Heading + CardFee, Reversing)).IsDone);
        var back = await books.ImportAsync("back", Heading + Rent + CardFee, Reversing);
        Assert.Equal(["1 entry recorded in back, 1 there already."], back.Sentences);
        Assert.Equal(-501.5m, (await books.BalancesAsync("back"))["Assets:Bank EUR"]);

        var again = await books.ImportAsync("back", Heading + Rent + CardFee, Reversing);
        Assert.Equal(["0 entries recorded in back, 2 there already."], again.Sentences);
        await books.ImportAsync("back", Heading + CardFee, Reversing);
        Assert.Equal(-1.5m, (await books.BalancesAsync("back"))["Assets:Bank EUR"]);
    }

    [Fact]
    public async Task Nothing_is_reversed_while_part_of_the_file_cannot_be_read()
    {
        await books.ImportAsync("unreadable", Heading + Rent + CardFee, Bank);

        var imported = await books.ImportAsync(
            "unreadable", Heading + Rent.Replace("500,€", "x,€", StringComparison.Ordinal) + CardFee,
            options => Bank(options) with { ReverseMissing = true });

        Assert.False(imported.IsDone);
        Assert.Equal("Nothing was reversed: what could not be read may be what is missing.", imported.Complaints[^1]);
        Assert.Equal(-501.5m, (await books.BalancesAsync("unreadable"))["Assets:Bank EUR"]);
    }

    [Fact]
    public async Task The_same_entry_from_two_sources_is_two_entries()
    {
        await books.ImportAsync("sources", Heading + CardFee, Bank);
        await books.ImportAsync("sources", Heading + CardFee, options => options with { Source = "other" });

        Assert.Equal(-3m, (await books.BalancesAsync("sources"))["Assets:Bank EUR"]);
    }

    [Fact]
    public async Task Digits_are_raised_when_the_file_needs_it_and_a_second_import_is_still_a_retry()
    {
        var precise = Pair(1, "2026-01-31", "Fuel", "Expenses:Fuel", "Assets:Bank", "9.353", "EUR");
        var priced = Row(2, "2026-01-31", "Shares", "Assets:Shares", "3", "ACME")
            + Row(2, "2026-01-31", "Shares", "Assets:Bank", "-10.00", "EUR");
        await books.ImportAsync("digits", Heading + priced);

        var raised = await books.ImportAsync("digits", Heading + priced + precise);
        var again = await books.ImportAsync("digits", Heading + priced + precise);

        Assert.Equal(
            [
                "1 entry recorded in digits, 1 there already.",
                "2 accounts were opened.",
                "The file needs more decimal places than before; now: EUR 3.",
            ],
            raised.Sentences);
        Assert.Equal(["0 entries recorded in digits, 2 there already."], again.Sentences);
        Assert.Equal(
            new()
            {
                ["Assets:Bank EUR"] = -19.353m, ["Assets:Shares ACME"] = 3m, ["Expenses:Fuel EUR"] = 9.353m,
            },
            await books.BalancesAsync("digits"));
    }

    [Theory]
    [InlineData("21474836.48")]
    [InlineData("42949672.96")]
    [InlineData("184467440737095.51")]
    [InlineData("999999999999999.999999999999")]
    public async Task Large_amounts_reach_the_balances_to_the_last_digit(string amount)
    {
        var company = $"large-{amount}";
        await books.ImportAsync(
            company, Heading + Pair(1, "2026-01-31", "Much", "Assets:Bank", "Equity:Capital", amount, "EUR"));

        var expected = decimal.Parse(amount, CultureInfo.InvariantCulture);
        Assert.Equal(
            new() { ["Assets:Bank EUR"] = expected, ["Equity:Capital EUR"] = -expected },
            await books.BalancesAsync(company));
    }

    [Fact]
    public async Task A_line_in_the_functional_currency_stays_in_it_on_an_account_that_is_kept_in_another()
    {
        var chart = ChartFile.Read(new StringReader("code,type,currency\nTill,asset,USD\nEquity,equity,\n"));
        var text = Heading + Pair(1, "2026-01-31", "Wrong", "Till", "Equity", "5", "EUR");

        var imported = await books.ImportAsync("till", text, options => options with { Chart = chart });

        Assert.EndsWith("(wrong-currency)", Assert.Single(imported.Complaints));
    }

    [Fact]
    public async Task Without_the_company_or_words_for_it_the_import_says_what_is_missing()
    {
        var refused = await Assert.ThrowsAsync<SetUpException>(() =>
            books.ImportAsync("nobody", Heading + Rent, options => options with { NewCompany = null }));

        Assert.Equal(
            "There is no company nobody. Say what it is, and it is registered: --currency EUR --country BG (and, if "
            + "wanted, --name, --time-zone, --fiscal-year-start).",
            refused.Message);
        Assert.Empty(await books.EventsAsync("nobody"));
    }

    [Fact]
    public async Task Types_said_on_the_command_line_reach_the_chart()
    {
        var text = Heading + Pair(1, "2026-01-31", "Обмен", "Активи:Каса", "Капитал", "5", "лв");
        var imported = await books.ImportAsync("bg", text, options => options with
        {
            NewCompany = options.NewCompany! with { Currency = new UnitCode("BGN"), Country = "BG" },
            Types = new Dictionary<AccountCode, AccountType>
            {
                [new("Активи")] = AccountType.Asset, [new("Капитал")] = AccountType.Equity,
            },
        });

        Assert.Equal(["1 entry recorded in bg.", "3 accounts were opened."], imported.Sentences);
        Assert.Equal(5m, (await books.BalancesAsync("bg"))["Активи:Каса BGN"]);
    }

    private static readonly string Unbalanced =
        Row(3, "2026-02-01", "Off by one", "Assets:Bank", "1", "EUR")
        + Row(3, "2026-02-01", "Off by one", "Equity", "-2", "EUR");

    private static string Fee(int number) =>
        Pair(number, "2026-02-01", "Card fee", "Expenses:Fees", "Assets:Bank", "1.50", "€");

    /// <summary>The two rows of a transaction.</summary>
    private static string Pair(
        int number, string date, string text, string debited, string credited, string amount, string commodity) =>
        Row(number, date, text, debited, amount, commodity)
        + Row(number, date, text, credited, $"-{amount}", commodity);

    private static ImportOptions Atomic(ImportOptions options) => options with { Atomic = true };

    private static ImportOptions Bank(ImportOptions options) => options with { Source = "bank" };
}
