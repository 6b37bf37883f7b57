using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain;
using Ledger.Domain.Journals;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Journals;

public sealed class EntryPropertyTests
{
    [Fact]
    public void The_generator_is_not_vacuous()
    {
        var entries = EntryGenerator.Entries.Generator.Sample(1_000).ToList();
        Assert.InRange(entries.Count(lines => Decide(lines).Refusal is null), 300, 800);
        Assert.InRange(entries.Count(NeedsRemainder), 100, 700);
    }

    [Fact]
    public void An_accepted_entry_balances_in_the_functional_currency_and_a_refused_one_says_why() =>
        Prop.ForAll(EntryGenerator.Entries, lines =>
        {
            var decision = Decide(lines);
            return decision.Refusal is { } refusal
                ? refusal.Code is "not-balanced"
                : Posted(decision).Sum(Signed) == 0;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Amounts_in_one_currency_that_balance_are_always_accepted() =>
        Prop.ForAll(EntryGenerator.Mirrors, lines => Decide(lines).Refusal is null).QuickCheckThrowOnFailure();

    [Fact]
    public void No_amount_is_changed() =>
        Prop.ForAll(EntryGenerator.Mirrors, lines =>
            Posted(Decide(lines)).Select(line => line.AsSent()).SequenceEqual(lines)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_conversion_is_off_by_half_a_cent_at_most_but_for_one_line_that_takes_the_remainder() =>
        Prop.ForAll(EntryGenerator.Mirrors, lines =>
        {
            var errors = Posted(Decide(lines))
                .Select(line => Math.Abs(line.Resolved!.BaseAmount - (line.Amount * line.Rate!.Value)))
                .OrderDescending()
                .ToList();
            return errors[0] <= 0.005m * (lines.Count + 1) && errors.Skip(1).All(error => error <= 0.005m);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_the_lines_makes_no_difference_to_any_account() =>
        Prop.ForAll(EntryGenerator.Mirrors, lines =>
        {
            var backwards = lines.Reverse().ToValueList();
            var rotated = lines.Skip(1).Append(lines[0]).ToValueList();
            return Balances(lines).SequenceEqual(Balances(backwards))
                && Balances(lines).SequenceEqual(Balances(rotated));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_entry_and_its_reversal_leave_nothing_on_any_account() =>
        Prop.ForAll(EntryGenerator.Mirrors, lines =>
        {
            var posted = (JournalEntryPosted)Decide(lines).Events[0];
            return new[] { ReversalMethod.Mirror, ReversalMethod.Red }.All(method =>
            {
                var reversal = ReversalDecider.Reversal(
                    "e1", posted, new JournalEntryReversed("e1~reversal", posted.BookedOn, "Wrong", method), Acme);
                return posted.Lines.Concat(reversal.Lines)
                    .GroupBy(line => (line.Account, line.UnitIn(Eur)))
                    .All(sum => sum.Sum(Signed) == 0 && sum.Sum(SignedAmount) == 0);
            });
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_remainder_goes_to_the_largest_converted_line()
    {
        var lines = Decided(
            Debit("bank", 10.01m).InUsd(rate: 0.333333m),
            Debit("rent", 10.01m).InUsd(rate: 0.333333m),
            Debit("leave", 10.01m).InUsd(rate: 0.333333m),
            Credit("sales", 30.03m).InUsd(rate: 0.333333m));
        Assert.Equal([3.34m, 3.34m, 3.34m, 10.02m], lines.Select(line => line.Resolved!.BaseAmount));
    }

    [Fact]
    public void Among_equally_large_lines_the_first_account_takes_the_remainder_whatever_the_order()
    {
        JournalLine[] lines =
        [
            .. new[] { "rent", "bank", "leave" }.Select(account => Debit(account, 10.01m).InUsd(rate: 0.333333m)),
            .. Enumerable.Repeat(Credit("sales", 4.29m).InUsd(rate: 0.333333m), 7),
        ];
        var expected = new[] { ("bank", 3.33m), ("leave", 3.34m), ("rent", 3.34m), ("sales", -10.01m) }
            .Select(account => (new AccountCode(account.Item1), account.Item2));
        Assert.Equal(expected, Balances([.. lines]));
        Assert.Equal(expected, Balances([.. lines.Reverse()]));
    }

    [Fact]
    public void A_remainder_beyond_what_rounding_explains_is_refused()
    {
        Assert.Equal(
            JournalRefusals.NotBalanced(90.01m, 90.00m, Eur),
            Refused(Debit("dollars", 100.01m).InUsd(rate: 0.9m), Credit("bank", 90m)));
        Decided(Debit("dollars", 55.55m).InUsd(rate: 0.9m), Credit("bank", 49.99m), Credit("rent", 0.01m));
    }

    [Fact]
    public void What_conversions_left_nothing_of_is_not_taken_for_a_remainder()
    {
        var dollars = Debit("dollars", 1m).InUsd(rate: 2m);
        Assert.Equal(
            JournalRefusals.NotBalanced(300.00m, 300.01m, Eur),
            Refused(
                Debit("dollars", 100m).InUsd(rate: 1.5m), Debit("dollars", 100m).InUsd(rate: 1.5m),
                Credit("bank", 300.01m)));
        Assert.Equal(
            JournalRefusals.NotBalanced(1_996.00m, 2_000.99m, Eur),
            Refused([.. Enumerable.Repeat(dollars, 998), Credit("bank", 2_000.99m)]));
    }

    [Fact]
    public void Base_amounts_that_the_caller_gave_must_balance_exactly() => Assert.Equal(
        JournalRefusals.NotBalanced(90.01m, 90.00m, Eur),
        Refused(Debit("dollars", 100m).InUsd(90.01m), Credit("bank", 90m)));

    [Fact]
    public void A_remainder_never_turns_the_sign_of_a_line()
    {
        var cents = Enumerable.Repeat(Debit("rent", 0.5m) with { Currency = Hours, Rate = 0.01m }, 4);
        var nothing = Enumerable.Repeat(Credit("leave", 0.4m) with { Currency = Hours, Rate = 0.01m }, 5);
        var lines = Decided([.. cents, .. nothing]);
        Assert.All(lines, line => Assert.True(line.Resolved!.BaseAmount >= 0));
        Assert.Equal(0, lines.Sum(Signed));
    }

    private static Decision<JournalEvent> Decide(ValueList<JournalLine> lines) => JournalDecider.Decide(
        new PostJournalEntry("e1", new LocalDate(2026, 5, 31), "", lines), JournalEntry.Initial, AcmeBooks);

    private static ValueList<JournalLine> Posted(Decision<JournalEvent> decision) =>
        ((JournalEntryPosted)decision.Events[0]).Lines;

    private static bool NeedsRemainder(ValueList<JournalLine> lines) =>
        Decide(lines).Refusal is null && lines.All(line => line.Rate is not null)
        && lines.Sum(line => Sign(line) * Rounded(line.Amount * line.Rate!.Value)) != 0;

    private static decimal Rounded(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero);

    private static IEnumerable<(AccountCode, decimal)> Balances(ValueList<JournalLine> lines) =>
        Posted(Decide(lines)).GroupBy(line => line.Account).OrderBy(account => account.Key)
            .Select(account => (account.Key, account.Sum(Signed)));

    private static decimal Signed(JournalLine line) => Sign(line) * line.InFunctionalCurrency();

    private static decimal SignedAmount(JournalLine line) => Sign(line) * line.Amount;

    private static int Sign(JournalLine line) => line.Side == Side.Debit ? 1 : -1;
}
