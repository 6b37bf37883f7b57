using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Journals;

public sealed class CarryOverTests
{
    private static readonly UnitCode Bgn = new("BGN");
    private static readonly LocalDate NewYear = new(2026, 1, 1);

    private static readonly CarryOverTerms Terms = new(
        "acme-bgn", Bgn, Eur, 2, 1.95583m, NewYear,
        new AccountCode("rounding"), new AccountCode("off-rounding"), new AccountCode("equity"));

    private static readonly Books NewBooks = AcmeBooks with
    {
        Chart = ChartOf(
            Opened("bank", AccountType.Asset), Opened("stock", AccountType.Asset),
            Opened("sales", AccountType.Income), Opened("rent", AccountType.Expense),
            Opened("debts", AccountType.Liability), Opened("equity", AccountType.Equity),
            Opened("rounding", AccountType.Expense),
            Opened("held", AccountType.OffBalance), Opened("held-contra", AccountType.OffBalance),
            Opened("off-rounding", AccountType.OffBalance)),
    };

    [Fact]
    public void Balances_are_converted_part_by_part_and_the_difference_goes_to_one_account()
    {
        var plan = Open(
            Part("bank", 100m), Part("bank", 0.01m), Part("stock", 50m, dimensions: Map(("department", "shop"))),
            Part("debts", -120.01m), Part("equity", -30m));
        Assert.Equal(
            [
                new PostJournalEntry(
                    "carry-over-acme-bgn-2026-01-01-1", NewYear, "From BGN",
                    [
                        Debit("bank", 51.14m),
                        Credit("debts", 61.36m),
                        Credit("equity", 15.34m),
                        Debit("stock", 25.56m) with { Dimensions = Map(("department", "shop")) },
                    ],
                    EntryKind.Opening),
            ],
            plan.Entries);
        var uneven = Open(Part("bank", 0.03m), Part("debts", -0.01m), Part("equity", -0.02m));
        Assert.Equal(
            [Debit("bank", 0.02m), Credit("debts", 0.01m), Credit("equity", 0.01m)],
            Assert.Single(uneven.Entries).Lines);
        var remainder = Open(Part("bank", 0.02m), Part("debts", -0.01m), Part("equity", -0.01m));
        Assert.Equal(
            [Debit("bank", 0.01m), Credit("debts", 0.01m), Credit("equity", 0.01m), Debit("rounding", 0.01m)],
            Assert.Single(remainder.Entries).Lines);
        Accept(plan);
        Accept(remainder);
    }

    [Fact]
    public void What_was_foreign_and_is_now_the_books_own_keeps_its_amount()
    {
        var plan = Open(
            new(new("bank"), AccountType.Asset, Eur, 100m, 195.60m),
            new(new("stock"), AccountType.Asset, Usd, 50m, 90.01m),
            new(new("debts"), AccountType.Liability, Hours, -8m, 0m),
            new(new("equity"), AccountType.Equity, Hours, 8m, 0m),
            new(new("equity"), AccountType.Equity, Bgn, -285.61m, -285.61m));
        Assert.Equal(
            [
                Debit("bank", 100m),
                Credit("debts", 8m) with { Currency = Hours, BaseAmount = 0m },
                Credit("equity", 146.03m),
                Debit("equity", 8m) with { Currency = Hours, BaseAmount = 0m },
                Debit("stock", 50m).InUsd(46.02m),
                Debit("rounding", 0.01m),
            ],
            Assert.Single(plan.Entries).Lines);
        Accept(plan);
    }

    [Fact]
    public void A_value_without_an_amount_has_no_line_when_its_currency_becomes_the_books_own() => Assert.Equal(
        [Debit("stock", 51.13m), Credit("rounding", 51.13m)],
        Assert.Single(Open(
            new(new("bank"), AccountType.Asset, Eur, 0m, 0.05m),
            new(new("stock"), AccountType.Asset, Bgn, 100m, 100m)).Entries).Lines);

    [Fact]
    public void Each_counterparty_has_its_own_entry()
    {
        var plan = Open(
            Part("bank", 100m, counterparty: "b"), Part("bank", 100m, counterparty: "a"), Part("equity", -200m));
        Assert.Equal(
            [
                ("carry-over-acme-bgn-2026-01-01-1", null, [Credit("equity", 102.26m), Debit("rounding", 102.26m)]),
                ("carry-over-acme-bgn-2026-01-01-2", "a", [Debit("bank", 51.13m), Credit("rounding", 51.13m)]),
                ("carry-over-acme-bgn-2026-01-01-3", "b", [Debit("bank", 51.13m), Credit("rounding", 51.13m)]),
            ],
            plan.Entries.Select(entry => (entry.Id, entry.Counterparty, entry.Lines)));
        Accept(plan);
    }

    [Fact]
    public void Results_of_earlier_years_become_equity_and_those_of_the_year_stay_where_they_are()
    {
        var rent = new ClosingBalance(new("rent"), AccountType.Expense, Usd, 10m, 20m);
        ClosingBalance[] parts =
        [
            Part("bank", 30m),
            new(new("sales"), AccountType.Income, Bgn, -50m, -50m, Map(("department", "shop")), "a", true),
            rent with { IsOfEarlierYears = true },
            rent with { Unit = Hours, BaseBalance = 0m, IsOfEarlierYears = true },
            rent,
        ];
        var lines = Assert.Single(Open(parts).Entries).Lines;
        Assert.Equal(
            [
                Debit("bank", 15.34m), Credit("equity", 15.33m),
                Debit("equity", 10m) with { Currency = Hours, BaseAmount = 0m },
                Debit("rent", 10m).InUsd(10.23m), Credit("rounding", 10.24m),
                Credit("rounding", 10m) with { Currency = Hours, BaseAmount = 0m },
            ],
            lines);
        Assert.Equal(
            CarryOverRefusals.ResultAccountNeeded(new AccountCode("sales")),
            CarryOver.Open(parts, Terms with { ResultTo = null }, "", RecordedSeries.None).Refusal);
    }

    [Fact]
    public void Off_balance_accounts_have_an_account_of_their_own_for_the_difference()
    {
        var plan = Open(
            new(new("held"), AccountType.OffBalance, Bgn, 0.02m, 0.02m),
            new(new("held-contra"), AccountType.OffBalance, Bgn, -0.01m, -0.01m),
            new(new("held-contra"), AccountType.OffBalance, Bgn, -0.01m, -0.01m, Map(("department", "shop"))));
        Assert.Equal(
            [
                Debit("held", 0.01m), Credit("held-contra", 0.01m),
                Credit("held-contra", 0.01m) with { Dimensions = Map(("department", "shop")) },
                Debit("off-rounding", 0.01m),
            ],
            Assert.Single(plan.Entries).Lines);
        Accept(plan);
    }

    [Fact]
    public void What_came_late_is_posted_after_what_is_recorded()
    {
        ClosingBalance[] old = [Part("bank", 100m, counterparty: "a"), Part("equity", -100m)];
        var recorded = new RecordedSeries(Left(Open(old)), 2);
        Assert.Equal(
            [
                ("carry-over-acme-bgn-2026-01-01-3", null, [Credit("equity", 10.23m), Debit("rounding", 10.23m)]),
                ("carry-over-acme-bgn-2026-01-01-4", "a", [Debit("bank", 10.23m), Credit("rounding", 10.23m)]),
            ],
            CarryOver
                .Open([Part("bank", 120m, counterparty: "a"), Part("equity", -120m)], Terms, "", recorded)
                .Entries.Select(entry => (entry.Id, entry.Counterparty, entry.Lines)));
    }

    [Fact]
    public void Carrying_over_again_plans_nothing() =>
        Prop.ForAll(Parts, parts =>
        {
            var plan = Open([.. parts]);
            var again = CarryOver.Open(parts, Terms, "", new RecordedSeries(Left(plan), plan.Entries.Count));
            return again.Refusal is null && again.Entries.Count == 0;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_rate_is_above_0(int rate) => Assert.Equal(
        CarryOverRefusals.RateOutOfRange(rate),
        CarryOver.Open([], Terms with { Rate = rate }, "", RecordedSeries.None).Refusal);

    [Fact]
    public void Within_a_currency_the_rate_is_1()
    {
        var terms = Terms with { From = Eur };
        Assert.Equal(
            CarryOverRefusals.RateOutOfRange(1.95583m), CarryOver.Open([], terms, "", RecordedSeries.None).Refusal);
        Assert.Null(CarryOver.Open([], terms with { Rate = 1m }, "", RecordedSeries.None).Refusal);
    }

    [Fact]
    public void A_balance_that_cannot_be_written_in_the_new_currency_is_refused()
    {
        var terms = Terms with { Rate = 0.000000000001m };
        Assert.Equal(
            CarryOverRefusals.BalanceTooLarge(new AccountCode("bank"), 120_000_000_000_000_000.00m, terms.Rate),
            CarryOver.Open([Part("bank", 120_000_000_000_000_000.00m)], terms, "", RecordedSeries.None).Refusal);
    }

    [Fact]
    public void Every_plan_is_accepted_and_every_account_holds_the_sum_of_its_converted_parts() =>
        Prop.ForAll(Parts, parts =>
        {
            var plan = Open([.. parts]);
            Accept(plan);
            var held = Left(plan).ToLookup(part => part.Account, part => part.BaseBalance);
            return parts.GroupBy(part => part.Account).All(account =>
                account.Key == Terms.Difference || held[account.Key].Sum() == account.Sum(Converted))
                && held[Terms.Difference].Sum()
                    == -parts.Where(part => part.Account != Terms.Difference).Sum(Converted);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_new_company_begins_where_the_old_one_ends()
    {
        var old = new CompanySettings("Acme", Bgn, "BG", BooksTo: new LocalDate(2025, 12, 31));
        Assert.Equal(
            new CompanySettings("Acme", Eur, "BG", BooksFrom: NewYear, RetainedEarnings: Terms.ResultTo),
            CarryOver.Successor(old, Terms));
        Assert.Equal(Eur, CarryOver.Account(new("Bank", AccountType.Asset, Currency: Bgn), Terms).Currency);
        Assert.Equal(Usd, CarryOver.Account(new("Bank", AccountType.Asset, Currency: Usd), Terms).Currency);
    }

    /// <summary>
    /// Parts of several counterparties, units and dimensions that balance together, as books do; the account of the
    /// difference has a balance of its own.
    /// </summary>
    private static readonly Arbitrary<List<ClosingBalance>> Parts = Arb.From(
        from parts in (
            from account in Gen.Elements("bank", "stock", "debts", "rounding")
            from unit in Gen.Elements(Bgn, Bgn, Eur, Usd, Hours)
            from cents in Gen.Choose(-1_000_000, 1_000_000)
            from value in Gen.Choose(-1_000_000, 1_000_000)
            from counterparty in Gen.Elements<string?>(null, "a", "b")
            from department in Gen.Elements(null, Map(("department", "shop")))
            select new ClosingBalance(
                new AccountCode(account), AccountType.Asset, unit, unit == Hours ? cents / 10m : cents / 100m,
                unit == Bgn ? cents / 100m : unit == Hours ? 0 : value / 100m, department, counterparty))
            .NonEmptyListOf()
        let hours = parts.Where(part => part.Unit == Hours).Sum(part => part.Balance)
        select parts
            .Append(Part("equity", -parts.Sum(part => part.BaseBalance)))
            .Append(new(new AccountCode("equity"), AccountType.Equity, Hours, -hours, 0))
            .ToList());

    private static decimal Converted(ClosingBalance part) => part.Unit == Eur ? part.Balance : Euros(part.BaseBalance);

    /// <summary>What the entries of a plan leave in the new books.</summary>
    private static List<ClosingBalance> Left(EntryPlan plan) =>
    [
        .. from entry in plan.Entries
           from line in entry.Lines
           let sign = line.Side == Side.Debit ? 1 : -1
           select new ClosingBalance(
               line.Account, NewBooks.Chart.Find(line.Account)!.Details.Type, line.Currency ?? Eur,
               sign * line.Amount, sign * (line.BaseAmount ?? line.Amount), line.Dimensions, entry.Counterparty),
    ];

    private static EntryPlan Open(params ClosingBalance[] balances) =>
        CarryOver.Open(balances, Terms, "From BGN", RecordedSeries.None);

    private static ClosingBalance Part(
        string account, decimal balance, string? counterparty = null, ValueMap<string>? dimensions = null) =>
        new(new AccountCode(account), AccountType.Asset, Bgn, balance, balance, dimensions, counterparty);

    private static decimal Euros(decimal leva) => Math.Round(leva / 1.95583m, 2, MidpointRounding.AwayFromZero);

    private static void Accept(EntryPlan plan)
    {
        Assert.Null(plan.Refusal);
        Assert.All(
            plan.Entries,
            entry => Assert.Null(JournalDecider.Decide(entry, JournalEntry.Initial, NewBooks).Refusal));
    }
}
