using System.Globalization;
using Ledger.Api.Import;
using Ledger.Domain;
using Ledger.Domain.Journals;
using NodaTime;

namespace Ledger.Tests.Import;

public sealed class EntryMapperTests
{
    [Fact]
    public void Signs_become_sides_and_symbols_become_units() =>
        Assert.Equal(
            "Assets:Bank debit 100 | Income:Sales credit 100",
            Map("USD", ("Assets:Bank", "$100.00"), ("Income:Sales", "$-100.00")));

    [Fact]
    public void Two_units_that_do_not_balance_price_each_other() =>
        Assert.Equal(
            "A debit 100 EUR (110) | B credit 110",
            Map("USD", ("A", "100 EUR"), ("B", "-110 USD")));

    [Fact]
    public void An_inferred_price_serves_every_line_of_its_unit_and_balances_to_the_cent() =>
        Assert.Equal(
            "A debit 1 X (3.33) | B debit 1 X (3.33) | C debit 1 X (3.34) | D credit 10",
            Map("USD", ("A", "1 X"), ("B", "1 X"), ("C", "1 X"), ("D", "-10 USD")).Replace(
                "A debit 1 X (3.34) | B debit 1 X (3.33) | C debit 1 X (3.33)",
                "A debit 1 X (3.33) | B debit 1 X (3.33) | C debit 1 X (3.34)",
                StringComparison.Ordinal));

    [Fact]
    public void A_sale_with_gain_and_fee_balances_by_the_price_that_is_left_for_the_shares() =>
        Assert.Equal(
            "Shares credit 30 AAPL (5562) | Cash debit 5780.65 | Fees debit 9.95 | Income:Gains credit 228.6",
            Map("USD", ("Shares", "-30 AAPL"), ("Cash", "5780.65 USD"), ("Fees", "9.95 USD"),
                ("Income:Gains", "-228.60 USD")));

    [Fact]
    public void What_balances_by_itself_without_a_price_is_worth_nothing() =>
        Assert.Equal(
            "Cash debit 10 | Income credit 10 | Vacation debit 5 VACHR (0) | Income:Vacation credit 5 VACHR (0)",
            Map("USD", ("Cash", "10 USD"), ("Income", "-10 USD"), ("Vacation", "5 VACHR"),
                ("Income:Vacation", "-5 VACHR")));

    [Fact]
    public void A_cost_says_what_an_amount_is_worth() =>
        Assert.Equal(
            "A debit 10 EUR (11) | B debit 20 GBP (26) | C credit 37",
            Map("USD", ("A", "10 EUR @ 1.1 USD"), ("B", "20 GBP @@ 26 USD"), ("C", "-37 USD")));

    [Fact]
    public void Costs_are_followed_from_unit_to_unit() =>
        Assert.Equal(
            "Shares debit 10 AAPL (900) | Dollars credit 1000 USD (900) | Fees debit 2 USD (1.8) | Cash credit 1.8",
            Map("EUR", ("Shares", "10 AAPL @ 100 USD"), ("Dollars", "-1000 USD"), ("Fees", "2 USD @ 0.9 EUR"),
                ("Cash", "-1.80 EUR")));

    [Fact]
    public void Without_a_way_to_the_functional_currency_amounts_are_worth_nothing() =>
        Assert.Equal(
            "Shares debit 10 AAPL (0) | Cash credit 1000 USD (0)",
            Map("EUR", ("Shares", "10 AAPL @ 100 USD"), ("Cash", "-1000 USD")));

    [Fact]
    public void Market_prices_help_where_the_transaction_does_not_tell() =>
        Assert.Equal(
            "Shares debit 10 AAPL (909.09) | Cash credit 1000 USD (909.09)",
            Map("EUR", "P 2026-01-01 EUR 1.1 USD\nP 2027-01-01 EUR 2 USD",
                ("Shares", "10 AAPL"), ("Cash", "-1000 USD")));

    [Fact]
    public void Lines_of_nothing_are_left_out_and_counted()
    {
        var mapper = Mapper("EUR", null);

        Assert.Null(mapper.Map(Transaction(("A", "0"), ("B", "0 EUR"))));
        Assert.Null(mapper.Map(Transaction(("A", "0.00 EUR"), ("B", "0 EUR"), ("C", "5 EUR"))));
        Assert.IsType<FileEntry>(mapper.Map(Transaction(("A", "0"), ("B", "5 EUR"), ("C", "-5 EUR"))));
        Assert.Equal((5, 2), (mapper.ZeroLines, mapper.EmptyTransactions));
    }

    [Theory]
    [InlineData("5 \"AA PL\"", "The commodity 'AA PL' is no code of a unit: say what it is, such as "
        + "--commodity 'AA PL=EUR'.")]
    [InlineData("5", "An amount has no commodity: say what it is, such as --commodity '=EUR'.")]
    public void An_unknown_commodity_is_asked_for(string amount, string reason) =>
        Assert.Equal(reason, Map("EUR", ("A", amount), ("B", "-5 EUR")));

    [Fact]
    public void Virtual_postings_that_hledger_does_not_balance_are_named()
    {
        var transaction = Transaction(("A", "5 EUR"), ("B", "-5 EUR"), ("(Budget)", "7 EUR"));

        Assert.Equal(
            "(Budget) is a virtual posting that hledger does not balance, and with it 'Text' does not balance: import "
            + "with --real to leave virtual postings out.",
            Assert.IsType<FileFault>(Mapper("EUR", null).Map(transaction)).Reason);
        var real = Mapper("EUR", null, realOnly: true);
        Assert.Equal("A debit 5 | B credit 5", Show(real.Map(transaction)));
        Assert.Equal(1, real.VirtualLines);
    }

    [Fact]
    public void Balanced_virtual_postings_go_in_without_their_brackets() =>
        Assert.Equal(
            "A debit 5 | B credit 5 | Envelope debit 5 | Food credit 5",
            Map("EUR", ("A", "5 EUR"), ("B", "-5 EUR"), ("[Envelope]", "5 EUR"), ("[Food]", "-5 EUR")));

    [Fact]
    public void Slashes_and_percents_of_account_names_survive_as_characters_that_codes_may_have() =>
        Assert.Equal(
            "Expenses:VAT 20％ debit 5 | Assets:Cash／Till credit 5",
            Map("EUR", ("Expenses:VAT 20%", "5 EUR"), ("Assets:Cash/Till", "-5 EUR")));

    [Fact]
    public void Amounts_beyond_counting_are_a_fault_and_no_crash() =>
        Assert.Equal(
            "Its amounts are beyond what can be counted.",
            Map("EUR", ("A", "9999999999999999999999999999 X"), ("B", "9999999999999999999999999999 X"),
                ("C", "9999999999999999999999999999 X"), ("D", "9999999999999999999999999999 X"),
                ("E", "9999999999999999999999999999 X"), ("F", "9999999999999999999999999999 X"),
                ("G", "9999999999999999999999999999 X"), ("H", "9999999999999999999999999999 X")));

    [Fact]
    public void The_same_content_has_the_same_hash_and_any_difference_another()
    {
        var one = Entry(Transaction(("A", "5.00 EUR"), ("B", "-5 EUR")));

        Assert.Equal(one.Content, Entry(Transaction(("A", "5 EUR"), ("B", "-5.0 EUR"))).Content);
        Assert.Equal(one.Content, Entry(Transaction(("A", "5 €"), ("B", "-5 €"))).Content);
        Assert.NotEqual(one.Content, Entry(Transaction(("B", "-5 EUR"), ("A", "5 EUR"))).Content);
        Assert.NotEqual(one.Content, Entry(Transaction(("A", "5.01 EUR"), ("B", "-5.01 EUR"))).Content);
        Assert.NotEqual(one.Content, Entry(Transaction(("A", "5 EUR"), ("B", "-5 EUR")) with { Code = "7" }).Content);
        Assert.Equal(26, one.Content.ToString().Length);
        Assert.True(Ids.IsValid(one.Content.ToString()));
    }

    [Fact]
    public void The_hash_of_a_content_never_changes_because_ids_are_made_of_it()
    {
        var transaction =
            Transaction(("Активи:Каса", "5.50 EUR"), ("B", "-5.5 EUR")) with { Code = "7", Comment = "c" };
        var entry = Entry(transaction);
        var whole = entry.Entry with
        {
            Kind = EntryKind.Adjustment,
            Counterparty = "C-1",
            ReverseOn = new LocalDate(2026, 2, 1),
            Corrects = "X",
            Document = new EntryDocument("invoice", "7", new LocalDate(2026, 1, 30), new string('a', 64)),
            Lines =
            [
                entry.Entry.Lines[0] with { Currency = new UnitCode("USD"), BaseAmount = 5m, Memo = "m" },
                entry.Entry.Lines[1] with
                {
                    Rate = 1.1m, Dimensions = ValueMap<string>.From([new("department", "sales")]),
                },
            ],
        };

        Assert.Equal("0a432ygj42w1bmcz9t5fgdxmn8", entry.Content.ToString());
        Assert.Equal("5drgyevrs1psxwzh619fjmhsnq", new ContentHasher().Hash(whole, withBaseAmounts: true).ToString());
        Assert.Equal("61t1d86y3ptt495k4qg59zngsp", ContentHasher.HashOf("ORDER-1").ToString());
    }

    [Fact]
    public void A_hash_is_read_back_from_its_text()
    {
        var hash = ContentHasher.HashOf("ORDER-1");

        Assert.True(ContentHash.TryParse(hash.ToString(), out var read));
        Assert.Equal(hash, read);
        Assert.False(ContentHash.TryParse("too-short", out _));
    }

    [Fact]
    public void A_price_that_was_found_elsewhere_does_not_change_the_hash() =>
        Assert.Equal(
            Entry(Transaction(("A", "5 USD"), ("B", "-5 USD"))).Content,
            Entry(Transaction(("A", "5 USD"), ("B", "-5 USD")), "P 2026-01-01 EUR 1.1 USD").Content);

    private static string Map(string currency, params (string Account, string Amount)[] postings) =>
        Show(Mapper(currency, null).Map(Transaction(postings)));

    private static string Map(string currency, string prices, params (string Account, string Amount)[] postings) =>
        Show(Mapper(currency, prices).Map(Transaction(postings)));

    private static FileEntry Entry(FileTransaction transaction, string? prices = null) =>
        Assert.IsType<FileEntry>(Mapper("EUR", prices).Map(transaction));

    private static EntryMapper Mapper(string currency, string? prices, bool realOnly = false)
    {
        var commodities = new Commodities(new Dictionary<string, UnitCode>());
        var list = prices is null ? null : PriceList.Read(new StringReader(prices), commodities);
        return new(new UnitCode(currency), 2, commodities, list, realOnly);
    }

    private static FileTransaction Transaction(params (string Account, string Amount)[] postings) => new(
        7, new LocalDate(2026, 1, 31), "Text", "", "",
        [.. postings.Select(posting => Posting(posting.Account, posting.Amount))]);

    private static FilePosting Posting(string account, string text)
    {
        var commodity = "";
        Assert.True(PostingAmount.TryRead(text, ref commodity, out var amount, out var cost, out _));
        var kind = account[0] switch
        {
            '(' => PostingKind.UnbalancedVirtual,
            '[' => PostingKind.BalancedVirtual,
            _ => PostingKind.Real,
        };
        return new(account.Trim('(', ')', '[', ']'), kind, amount, commodity, cost, "");
    }

    private static string Show(FileItem? item) => item switch
    {
        FileEntry entry => string.Join(" | ", entry.Entry.Lines.Select(Show)),
        FileFault fault => fault.Reason,
        _ => "nothing",
    };

    private static string Show(JournalLine line) => string.Create(
        CultureInfo.InvariantCulture,
        $"{line.Account} {(line.Side == Side.Debit ? "debit" : "credit")} {line.Amount}"
        + $"{(line.Currency is { } unit ? $" {unit}" : "")}"
        + $"{(line.BaseAmount is { } worth ? $" ({FileAmounts.Trimmed(worth)})" : "")}");
}
