using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Journals;

public sealed class YearEndTests
{
    private static readonly FiscalYear Year = FiscalYear.Of(new LocalDate(2026, 1, 1), new AnnualDate(1, 1));

    [Fact]
    public void Income_and_expense_go_to_retained_earnings()
    {
        var entries = Close(
            new(new("sales"), AccountType.Income, Eur, -500m, -500m),
            new(new("costs"), AccountType.Expense, Eur, 300m, 300m, Map(("department", "shop"))),
            new(new("bank"), AccountType.Asset, Eur, 200m, 200m));
        Assert.Equal(
            [
                new PostJournalEntry(
                    "year-end-2026-1", new LocalDate(2026, 12, 31), "Closing",
                    [
                        Credit("costs", 300m) with { Dimensions = Map(("department", "shop")) },
                        Debit("sales", 500m),
                        Credit("equity", 200m),
                    ],
                    EntryKind.Closing),
            ],
            entries);
        Accept(entries);
    }

    [Fact]
    public void A_loss_is_moved_as_well() => Assert.Equal(
        [Credit("rent", 300m), Debit("equity", 300m)],
        Assert.Single(Close(new ClosingBalance(new("rent"), AccountType.Expense, Eur, 300m, 300m))).Lines);

    [Fact]
    public void Foreign_balances_are_taken_back_in_their_unit_whatever_the_sign_of_their_value()
    {
        var entries = Close(
            new(new("sales"), AccountType.Income, Usd, -100m, -90m),
            new(new("rent"), AccountType.Expense, Usd, -1m, 0.50m),
            new(new("rent"), AccountType.Expense, Hours, 2m, 0m));
        Assert.Equal(
            [
                Debit("rent", 1m).InUsd(0m),
                Credit("rent", 0m).InUsd(0.50m),
                Credit("rent", 2m) with { Currency = Hours, BaseAmount = 0m },
                Debit("sales", 100m).InUsd(90m),
                Credit("equity", 89.50m),
                Debit("equity", 2m) with { Currency = Hours, BaseAmount = 0m },
            ],
            Assert.Single(entries).Lines);
        Accept(entries);
    }

    [Fact]
    public void Foreign_balances_whose_values_cancel_out_are_balanced_in_their_currency_too()
    {
        var entries = Close(
            new(new("sales"), AccountType.Income, Usd, -100m, -90m),
            new(new("rent"), AccountType.Expense, Usd, 95m, 90m));
        Assert.Equal(
            [Credit("rent", 95m).InUsd(90m), Debit("sales", 100m).InUsd(90m), Credit("equity", 5m).InUsd(0m)],
            Assert.Single(entries).Lines);
        Accept(entries);
    }

    [Fact]
    public void A_long_list_becomes_several_entries_that_balance_each_and_keep_their_ids()
    {
        var chart = Enumerable.Range(0, 1_200).Select(i => Opened($"i{i:0000}", AccountType.Income))
            .Append(Opened("equity", AccountType.Equity)).ToArray();
        var balances = Enumerable.Range(0, 1_200)
            .Select(i => new ClosingBalance(new($"i{i:0000}"), AccountType.Income, Eur, -i - 1m, -i - 1m)).ToArray();
        var entries = Close(balances);
        Assert.Equal(["year-end-2026-1", "year-end-2026-2", "year-end-2026-3"], entries.Select(entry => entry.Id));
        Accept(entries, AcmeBooks with { Chart = ChartOf(chart) });
        Assert.Equal(entries, Close([.. balances.Reverse()]));
    }

    [Fact]
    public void Counterparties_are_not_told_apart_and_ids_go_on() => Assert.Equal(
        [
            new PostJournalEntry(
                "year-end-2026-5", new LocalDate(2026, 12, 31), "Closing",
                [Debit("sales", 5m), Credit("equity", 5m)], EntryKind.Closing),
        ],
        YearEnd.Close(
            Year,
            [
                new(new("sales"), AccountType.Income, Eur, -2m, -2m, Counterparty: "a"),
                new(new("sales"), AccountType.Income, Eur, -3m, -3m, Counterparty: "b"),
            ],
            new AccountCode("equity"), Eur, "Closing", lastNumber: 4));

    [Fact]
    public void Results_of_earlier_years_are_their_own_to_close() => Assert.Equal(
        [Debit("sales", 5m), Credit("equity", 5m)],
        Assert.Single(Close(
            new(new("sales"), AccountType.Income, Eur, -5m, -5m),
            new(new("sales"), AccountType.Income, Eur, -7m, -7m, IsOfEarlierYears: true))).Lines);

    [Fact]
    public void Without_income_and_expense_there_is_nothing_to_close() =>
        Assert.Empty(Close(new ClosingBalance(new("bank"), AccountType.Asset, Eur, 1m, 1m)));

    private static ValueList<PostJournalEntry> Close(params ClosingBalance[] balances) =>
        YearEnd.Close(Year, balances, new AccountCode("equity"), Eur, "Closing");

    private static void Accept(ValueList<PostJournalEntry> entries, Books? books = null) => Assert.All(
        entries,
        entry => Assert.Null(JournalDecider.Decide(entry, JournalEntry.Initial, books ?? AcmeBooks).Refusal));
}
