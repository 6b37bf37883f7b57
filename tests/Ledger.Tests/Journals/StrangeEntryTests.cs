using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain;
using Ledger.Domain.Journals;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Journals;

/// <summary>Whatever is sent, a decider answers: it never throws, and what it accepts is whole.</summary>
public sealed class StrangeEntryTests
{
    private static readonly Gen<decimal> Amount = Mostly(
        Gen.Elements(5m, 10.00m),
        Gen.Elements(
            0m, -0.00m, 0.01m, -0.01m, 1.005m, 0.1m, 0.000000000001m, 999_999_999_999_999.99m,
            999_999_999_999_999.999999999999m, 1_000_000_000_000_000m, decimal.MaxValue, decimal.MinValue,
            0.0000000000000000000000000001m));

    private static readonly Gen<string> Text = Mostly(
        Gen.Elements("text", ""),
        Gen.Elements(
            "\0", "\ud83d", "\udca9", "\ud83d\udca9", new string('x', 1_000), new string('x', 1_001)));

    private static readonly Gen<JournalLine> Line =
        from account in Mostly(
            Gen.Elements("bank", "leave", "sales"),
            Gen.Elements("dollars", "costs", "held", "held-contra", "old", "assets", "nowhere", ""))
        from side in Gen.Elements(Side.Debit, Side.Credit)
        from amount in Amount
        from currency in Mostly(
            Gen.Elements<string?>(null, "USD"), Gen.Elements<string?>("EUR", "VACHR", "BIG", "X", ""))
        from baseAmount in Amount
        from rate in Amount
        from given in Gen.Choose(0, 3)
        from memo in Text
        from dimension in Mostly(Gen.Constant<string?>(null), Gen.Elements<string?>("department", "colour"))
        from value in Gen.Elements("shop", "closed", "other")
        select new JournalLine(
            new AccountCode(account), side, amount, currency is null ? null : new UnitCode(currency),
            (given & 1) == 0 ? null : baseAmount, (given & 2) == 0 ? null : rate, memo,
            dimension is null ? null : Map((dimension, value)), new ResolvedAmount(Usd, amount));

    private static readonly Arbitrary<PostJournalEntry> Entries = Arb.From(
        from count in Gen.Choose(0, 3)
        from lines in Line.ListOf(count)
        from mirrored in Mostly(Gen.Constant(true), Gen.Constant(false))
        from date in Mostly(
            Gen.Constant(new LocalDate(2026, 5, 31)), Gen.Elements(LocalDate.MinIsoValue, LocalDate.MaxIsoValue))
        from reverseOn in Mostly(
            Gen.Elements<LocalDate?>(null, new LocalDate(2026, 6, 1)), Gen.Constant<LocalDate?>(LocalDate.MaxIsoValue))
        from corrects in Gen.Elements<string?>(null, "e0")
        from text in Text
        from id in Mostly(Gen.Constant("e1"), Gen.Elements("", "e/1", "e~reversal"))
        select new PostJournalEntry(
            id, date, text, (mirrored ? lines.Concat(lines.Select(Mirror)) : lines).ToValueList(),
            ReverseOn: reverseOn, Corrects: corrects));

    [Fact]
    public void The_generator_is_not_vacuous()
    {
        var decisions = Entries.Generator.Sample(5_000).Select(entry => Decide(entry).Entry).ToList();
        Assert.InRange(decisions.Count(decision => decision.Refusal is null), 250, 2_500);
        Assert.InRange(decisions.Select(decision => decision.Refusal?.Code).Distinct().Count(), 20, 60);
    }

    [Fact]
    public void What_is_accepted_balances_and_carries_its_digits_and_all_else_is_refused_by_a_rule() =>
        Prop.ForAll(Entries, entry =>
        {
            var decision = Decide(entry);
            return decision.Entry.Refusal is not null
                ? decision.Entry.Events.Count == 0 && decision.Reversal.Events.Count == 0
                : decision.Entry.Events.Concat(decision.Reversal.Events).OfType<JournalEntryPosted>().All(IsWhole);
        }).QuickCheckThrowOnFailure();

    private static bool IsWhole(JournalEntryPosted posted) =>
        posted.Lines.Sum(line => Sign(line) * line.InFunctionalCurrency()) == 0
        && posted.Lines.All(line => Acme.TryGetDigits(line.UnitIn(Eur), out var digits) && line.Amount.Scale == digits)
        && posted.Lines.All(line => line.InFunctionalCurrency().Scale == 2)
        && posted.Lines.All(line => Math.Sign(line.Amount) * Math.Sign(line.InFunctionalCurrency()) >= 0);

    private static EntryAndReversal Decide(PostJournalEntry entry) => JournalDecider.DecideWithReversal(
        entry, JournalEntry.Initial, AcmeBooks,
        new JournalEntry(new JournalEntryPosted(new LocalDate(2026, 5, 1), "", Eur, []), null));

    /// <summary>Nine of ten are ordinary, or nearly every entry would be refused for its first fault.</summary>
    private static Gen<T> Mostly<T>(Gen<T> ordinary, Gen<T> strange) => Gen.Frequency((9, ordinary), (1, strange));

    private static JournalLine Mirror(JournalLine line) =>
        line with { Side = line.Side == Side.Debit ? Side.Credit : Side.Debit };

    private static int Sign(JournalLine line) => line.Side == Side.Debit ? 1 : -1;
}
