using Ledger.Domain;
using Ledger.Domain.Journals;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Journals;

public sealed class LineDeciderTests
{
    [Fact]
    public void Only_what_does_not_follow_from_the_line_is_resolved()
    {
        var lines = Decided(
            Debit("bank", 10m) with { Currency = Eur, BaseAmount = 10m },
            Debit("dollars", 20m) with { BaseAmount = 18m },
            Credit("bank", 5m).InUsd(rate: 0.8m),
            Credit("equity", 24m));
        Assert.Equal(
            [null, new ResolvedAmount(Usd, 18m), new ResolvedAmount(Usd, 4m), null],
            lines.Select(line => line.Resolved));
    }

    [Fact]
    public void Lines_that_are_complete_as_sent_are_not_copied()
    {
        var sent = Entry(Debit("rent", 10.00m), Credit("bank", 10.00m));
        var decision = JournalDecider.Decide(sent, JournalEntry.Initial, AcmeBooks);
        Assert.Same(sent.Lines, ((JournalEntryPosted)decision.Events[0]).Lines);
    }

    [Fact]
    public void What_a_caller_calls_resolved_is_not_believed()
    {
        var lines = Decided(
            Debit("bank", 10m) with { Resolved = new ResolvedAmount(Usd, 99m) },
            Credit("dollars", 20m) with { BaseAmount = 10m, Resolved = new ResolvedAmount(Eur, 99m) });
        Assert.Equal([null, new ResolvedAmount(Usd, 10m)], lines.Select(line => line.Resolved));
    }

    [Fact]
    public void An_exchange_difference_is_an_amount_of_0_with_a_base_amount()
    {
        var lines = Decided(Debit("dollars", 0m) with { BaseAmount = 3.21m }, Credit("sales", 3.21m));
        Assert.Equal(new ResolvedAmount(Usd, 3.21m), lines[0].Resolved);
        Assert.Equal("0.00", lines[0].Amount.ToString());
    }

    [Fact]
    public void Lines_in_one_currency_balance_in_it_too()
    {
        Assert.Equal(
            JournalRefusals.NotBalanced(100.00m, 99.00m, Usd),
            Refused(Debit("dollars", 100m).InUsd(90m), Credit("sales", 99m).InUsd(90m)));
        Assert.Equal(
            JournalRefusals.NotBalanced(90.00m, 89.00m, Eur),
            Refused(Debit("dollars", 100m).InUsd(90m), Credit("sales", 100m).InUsd(89m)));
        Decided(Debit("dollars", 100m).InUsd(90m), Credit("sales", 100m).InUsd(90m));
    }

    [Fact]
    public void Lines_in_several_currencies_balance_in_the_functional_one() =>
        Decided(Debit("dollars", 100m).InUsd(90m), Credit("bank", 90m));

    [Fact]
    public void A_unit_without_a_price_balances_by_itself()
    {
        JournalLine[] Lines(decimal taken) =>
        [
            Debit("rent", 10m), Credit("bank", 10m),
            Debit("leave", taken) with { Currency = Hours, BaseAmount = 0 },
            Credit("equity", 8m) with { Currency = Hours, BaseAmount = 0 },
        ];
        Decided(Lines(8m));
        Assert.Equal(JournalRefusals.UnpricedNotBalanced(7.5m, 8.0m, Hours), Refused(Lines(7.5m)));
    }

    [Fact]
    public void A_unit_with_a_price_on_some_line_need_not_balance_by_itself() => Decided(
        Debit("leave", 8m) with { Currency = Hours, BaseAmount = 200m },
        Debit("leave", 1m) with { Currency = Hours, BaseAmount = 0 },
        Credit("bank", 200m));

    [Fact]
    public void Off_balance_accounts_balance_among_themselves()
    {
        Decided(Debit("rent", 10m), Credit("bank", 10m), Debit("held", 5m), Credit("held-contra", 5m));
        Decided(Debit("held", 5m), Credit("held-contra", 5m));
        Assert.Equal(
            JournalRefusals.OffBalanceNotBalanced(5.00m, 0.00m, Eur), Refused(Debit("held", 5m), Credit("bank", 5m)));
        Assert.Equal(
            JournalRefusals.OffBalanceNotBalanced(5.00m, 4.00m, Usd),
            Refused(
                Debit("rent", 10m), Credit("bank", 10m),
                Debit("held", 5m).InUsd(4m), Credit("held-contra", 4m).InUsd(4m)));
    }

    [Fact]
    public void A_correction_may_hold_negative_amounts()
    {
        var correction = Entry(Debit("rent", -10m), Credit("bank", -10m)) with { Corrects = "e0" };
        var corrected = new JournalEntry(new JournalEntryPosted(correction.BookedOn, "", Eur, []), null);
        var decision = JournalDecider.Decide(correction, JournalEntry.Initial, AcmeBooks, corrected);
        Assert.Equal(correction.Lines, ((JournalEntryPosted)Assert.Single(decision.Events)).Lines);
    }

    [Theory]
    [InlineData("999999999999999.99", true)]
    [InlineData("1000000000000000", false)]
    public void Amounts_have_at_most_15_digits_before_the_point(string text, bool accepted)
    {
        var amount = decimal.Parse(text);
        Assert.Equal(
            accepted ? null : LineRefusals.AmountTooLarge(1, "amount", amount),
            Refused(Debit("rent", amount), Credit("bank", amount)));
    }

    [Fact]
    public void A_converted_amount_that_is_too_large_is_refused_and_not_rounded() => Assert.Equal(
        "Line 1: amount 999999999999999.00, converted at 999999999999999, has more than 15 digits before the point: "
        + "split it into smaller amounts.",
        Refused(Debit("dollars", 999_999_999_999_999m).InUsd(rate: 999_999_999_999_999m), Credit("bank", 1m))?
            .Message);

    [Fact]
    public void A_sum_beyond_28_digits_is_refused()
    {
        var big = new UnitCode("BIG");
        var lines = Enumerable.Range(0, 20).Select(i => (i < 10 ? Debit("bank", 1) : Credit("bank", 1)) with
        {
            Amount = 999_999_999_999_999.999999999999m,
            Currency = big,
            BaseAmount = 1m,
        }).ToArray();
        Decided([.. lines[..5], .. lines[15..]]);
        Assert.Equal(JournalRefusals.SumTooLarge(big), Refused([.. lines, .. lines]));
    }

    [Fact]
    public void The_functional_currency_has_the_digits_that_the_company_declares_for_it()
    {
        var lines = Decided(Debit("bank", 1.5m) with { Currency = Hours, BaseAmount = 0.5m }, Credit("equity", 0.50m));
        Assert.Equal("1.5", lines[0].Amount.ToString());
        Assert.Equal("0.50", lines[0].Resolved!.BaseAmount.ToString());
        Assert.Equal(
            LineRefusals.TooManyDigits(1, "amount", 1.55m, Hours, 1),
            Refused(Debit("bank", 1.55m) with { Currency = Hours, BaseAmount = 0.5m }, Credit("equity", 0.50m)));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    /// <summary>The first line of an entry, with its whole life of faults; the second is repaired at the end.</summary>
    internal static readonly FaultTable<JournalLine> Faults = new(
        new JournalLine(
            new AccountCode("nowhere"), Side.Debit, -1_000_000_000_000_000m, new UnitCode("XYZ"), -1m, 2m,
            new string('x', 1_001), Map(("colour", "red"))),
        line => Refused(line, Credit("bank", 4.50m)),
        new("account-unknown", line => line with { Account = new AccountCode("old") }),
        new("account-archived", line => line with { Account = new AccountCode("assets") }),
        new("account-not-postable", line => line with { Account = new AccountCode("dollars") }),
        new("text-too-long", line => line with { Memo = null }),
        new("wrong-currency", line => line with { Account = new AccountCode("costs") }),
        new("unit-unknown", line => line with { Currency = Usd }),
        new("amount-too-large", line => line with { Amount = -5.001m }),
        new("too-many-digits", line => line with { Amount = -5m }),
        new("negative-amount", line => line with { Amount = 0m }),
        new("base-amount-and-rate", line => line with { BaseAmount = null }),
        new("zero-amount", line => line with { Amount = 5m, Rate = null }),
        new("base-amount-missing", line => line with { Rate = 0m }),
        new("rate-out-of-range", line => line with { Rate = 0.8m }),
        new("dimension-unknown", line => line with { Dimensions = Map(("department", "red")) }),
        new("dimension-value-unknown", line => line with { Dimensions = Map(("department", "closed")) }),
        new("dimension-value-archived", line => line with { Dimensions = null }),
        new("dimension-missing", line => line with { Dimensions = Map(("department", "shop")) }),
        new("not-balanced", line => line with { Rate = 0.9m }));

    [Theory]
    [MemberData(nameof(FunctionalRows))]
    public void The_first_broken_rule_of_an_amount_in_functional_currency_answers(int repaired, string code) =>
        FunctionalFaults.Check(repaired, code);

    public static TheoryData<int, string> FunctionalRows => FunctionalFaults.Rows;

    internal static readonly FaultTable<JournalLine> FunctionalFaults = new(
        Debit("rent", 1_000_000_000_000_000m) with { BaseAmount = 5m, Rate = 2m },
        line => Refused(line, Credit("bank", 4.50m)),
        new("amount-too-large", line => line with { Amount = -4.501m }),
        new("too-many-digits", line => line with { Amount = -4.50m }),
        new("negative-amount", line => line with { Amount = 0m }),
        new("base-amount-and-rate", line => line with { Rate = null }),
        new("zero-amount", line => line with { Amount = 4.50m }),
        new("base-amount-differs", line => line with { BaseAmount = null, Rate = 2m }),
        new("rate-of-functional-currency", line => line with { Rate = 1m }));

    [Theory]
    [MemberData(nameof(BaseAmountRows))]
    public void The_first_broken_rule_of_a_given_base_amount_answers(int repaired, string code) =>
        BaseAmountFaults.Check(repaired, code);

    public static TheoryData<int, string> BaseAmountRows => BaseAmountFaults.Rows;

    internal static readonly FaultTable<(JournalLine Line, string? Corrects)> BaseAmountFaults = new(
        (Debit("dollars", 5m) with { BaseAmount = -1_000_000_000_000_000m }, null),
        a => JournalDecider.Decide(
            Entry(a.Line, Credit("bank", 4.50m)) with { Corrects = a.Corrects }, JournalEntry.Initial, AcmeBooks,
            new JournalEntry(new JournalEntryPosted(default, "", Eur, []), null)).Refusal,
        new("amount-too-large", a => a with { Line = a.Line with { BaseAmount = -4.505m } }),
        new("too-many-digits", a => a with { Line = a.Line with { BaseAmount = -4.50m } }),
        new("negative-amount", a => a with { Corrects = "e0" }),
        new("base-amount-sign", a => a with { Line = a.Line with { BaseAmount = 4.50m } }));
}
