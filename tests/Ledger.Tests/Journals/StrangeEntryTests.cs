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
    private static readonly Gen<decimal> Amount = Gen.Elements(
        0m, -0.00m, 0.01m, -0.01m, 5m, 10.00m, 0.000000000001m, 999_999_999_999_999.99m,
        999_999_999_999_999.999999999999m, 1_000_000_000_000_000m, decimal.MaxValue, decimal.MinValue,
        0.0000000000000000000000000001m, 1.005m, 0.1m);

    private static readonly Gen<decimal?> Optional =
        Gen.OneOf(Gen.Constant<decimal?>(null), Amount.Select(amount => (decimal?)amount));

    private static readonly Gen<string?> Text = Gen.Elements(
        null, "", "text", "\0", "\ud83d", "\udca9", "\ud83d\udca9", new string('x', 1_000), new string('x', 1_001));

    private static readonly Gen<JournalLine> Line =
        from account in Gen.Elements(
            "bank", "bank", "bank", "dollars", "leave", "sales", "costs", "held", "held-contra", "old", "assets",
            "nowhere", "")
        from side in Gen.Elements(Side.Debit, Side.Credit)
        from amount in Amount
        from currency in Gen.Elements<string?>(null, null, null, "EUR", "USD", "VACHR", "BIG", "XYZ", "")
        from baseAmount in Optional
        from rate in Optional
        from memo in Text
        from dimension in Gen.Elements<string?>(null, null, "department", "colour")
        from value in Gen.Elements("shop", "closed", "other")
        select new JournalLine(
            new AccountCode(account), side, amount, currency is null ? null : new UnitCode(currency), baseAmount, rate,
            memo, dimension is null ? null : Map((dimension, value)), new ResolvedAmount(Usd, amount));

    private static readonly Arbitrary<PostJournalEntry> Entries = Arb.From(
        from count in Gen.Choose(0, 6)
        from lines in Line.ListOf(count)
        from twice in Gen.Elements(true, false)
        from date in Gen.Elements(
            LocalDate.MinIsoValue, LocalDate.MaxIsoValue, new LocalDate(2026, 5, 31), new LocalDate(2026, 6, 1))
        from reverseOn in Gen.Elements<LocalDate?>(null, null, LocalDate.MaxIsoValue, new LocalDate(2026, 6, 1))
        from corrects in Gen.Elements<string?>(null, "e0", "")
        from text in Text
        from id in Gen.Elements("e1", "e1", "e1", "", "e/1", "e~reversal")
        select new PostJournalEntry(
            id, date, text ?? "", (twice ? lines.Concat(lines.Select(Mirror)) : lines).ToValueList(),
            ReverseOn: reverseOn, Corrects: corrects));

    [Fact]
    public void The_generator_is_not_vacuous()
    {
        var decisions = Entries.Generator.Sample(5_000).Select(entry => Decide(entry).Entry);
        var codes = decisions.Select(decision => decision.Refusal?.Code ?? "accepted").ToHashSet();
        Assert.Contains("accepted", codes);
        Assert.InRange(codes.Count, 20, 60);
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

    private static JournalLine Mirror(JournalLine line) =>
        line with { Side = line.Side == Side.Debit ? Side.Credit : Side.Debit };

    private static int Sign(JournalLine line) => line.Side == Side.Debit ? 1 : -1;
}
