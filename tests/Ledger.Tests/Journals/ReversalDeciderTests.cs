using Ledger.Domain;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.Domain.Periods;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Journals;

public sealed class ReversalDeciderTests
{
    private static readonly LocalDate May31 = new(2026, 5, 31);
    private static readonly LocalDate June2 = new(2026, 6, 2);

    private static readonly JournalEntryPosted Posted = new(
        May31, "Rent", Eur,
        [
            Debit("rent", 90m),
            Credit("dollars", 100m) with { Rate = 0.9m, Resolved = new ResolvedAmount(Usd, 90m) },
        ],
        EntryKind.Adjustment, "R-1", new EntryDocument("invoice", "77", May31, null), "supplier-7");

    private static readonly JournalEntryReversed Reversed = new("e1~reversal", June2, "Wrong", ReversalMethod.Mirror);

    [Fact]
    public void A_reversal_is_recorded_on_the_entry_and_posted_on_its_own_stream_in_one_request()
    {
        var decision = ReversalDecider.DecideBoth(
            new ReverseJournalEntry("e1", June2, "Wrong"), new JournalEntry(Posted, null), AcmeBooks);
        Assert.Equal([Reversed], decision.Entry.Events);
        Assert.Equal(
            [
                new JournalEntryPosted(
                    June2, "Rent", Eur,
                    [
                        Credit("rent", 90m),
                        Debit("dollars", 100m) with { Rate = 0.9m, Resolved = new ResolvedAmount(Usd, 90m) },
                    ],
                    EntryKind.Adjustment, "R-1", Posted.Document, "supplier-7",
                    Reverses: "e1", Reason: "Wrong", Method: ReversalMethod.Mirror),
            ],
            decision.Reversal.Events);
    }

    [Fact]
    public void What_takes_back_an_adjustment_in_the_next_fiscal_year_is_no_adjustment_of_that_year()
    {
        Assert.Null(ReversalDecider.Reversal("e1", Posted, Reversed with { BookedOn = new(2027, 1, 1) }, Acme).Kind);
        Assert.Equal(
            EntryKind.Adjustment,
            ReversalDecider.Reversal("e1", Posted, Reversed with { BookedOn = new(2026, 12, 31) }, Acme).Kind);
        Assert.Equal(
            EntryKind.Closing,
            ReversalDecider.Reversal(
                "e1", Posted with { Kind = EntryKind.Closing }, Reversed with { BookedOn = new(2027, 1, 1) }, Acme)
                .Kind);
    }

    [Fact]
    public void A_red_reversal_keeps_the_sides_and_turns_the_amounts()
    {
        var reversal = ReversalDecider.Reversal("e1", Posted, Reversed with { Method = ReversalMethod.Red }, Acme);
        Assert.Equal(
            [
                Debit("rent", -90m),
                Credit("dollars", -100m) with { Rate = 0.9m, Resolved = new ResolvedAmount(Usd, -90m) },
            ],
            reversal.Lines);
    }

    [Fact]
    public void A_red_reversal_of_an_amount_of_0_is_no_negative_zero()
    {
        var difference = Posted with
        {
            Lines = [Debit("dollars", 0.00m) with { BaseAmount = 3m, Resolved = new ResolvedAmount(Usd, 3m) }],
        };
        var reversal = ReversalDecider.Reversal("e1", difference, Reversed with { Method = ReversalMethod.Red }, Acme);
        Assert.False(decimal.IsNegative(reversal.Lines[0].Amount));
        Assert.Equal(-3m, reversal.Lines[0].BaseAmount);
    }

    [Theory]
    [InlineData("BG", null, ReversalMethod.Red)]
    [InlineData("DE", null, ReversalMethod.Mirror)]
    [InlineData("BG", ReversalMethod.Mirror, ReversalMethod.Mirror)]
    [InlineData("DE", ReversalMethod.Red, ReversalMethod.Red)]
    public void The_method_is_the_countrys_unless_it_is_sent(
        string country, ReversalMethod? sent, ReversalMethod method)
    {
        var company = Company.Evolve(
            Company.Initial, new CompanyRegistered(new("Acme", Eur, country), "Europe/Sofia", new AnnualDate(1, 1)));
        var decision = ReversalDecider.Decide(
            new ReverseJournalEntry("e1", June2, "Wrong", sent), new JournalEntry(Posted, null),
            AcmeBooks with { Company = company });
        Assert.Equal([Reversed with { Method = method }], decision.Events);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(ReversalMethod.Mirror)]
    public void The_same_reversal_again_is_nothing_new_also_after_the_month_was_closed(ReversalMethod? method) =>
        Given(Posted, Reversed)
            .When(entry => ReversalDecider.Decide(
                new ReverseJournalEntry("e1", June2, "Wrong", method), entry,
                AcmeBooks with { Calendar = new FiscalCalendar(new YearMonth(2026, 6), null, null) }))
            .ThenNothing();

    [Fact]
    public void Nothing_is_reversed_twice()
    {
        var refusal = ReversalRefusals.AlreadyReversed("e1", "e1~reversal", June2);
        Given(Posted, Reversed).When(Reverse("e1", June2, "Other")).ThenRefused(refusal);
        Given(Posted, Reversed).When(Reverse("e1", May31, "Wrong")).ThenRefused(refusal);
        Given(Posted, Reversed).When(Reverse("e1", June2, "Wrong", ReversalMethod.Red)).ThenRefused(refusal);
    }

    [Fact]
    public void A_reversal_is_not_reversed() =>
        Given(ReversalDecider.Reversal("e1", Posted, Reversed, Acme)).When(Reverse("e1~reversal", June2, "Wrong"))
            .ThenRefused(ReversalRefusals.ReversalOfReversal("e1~reversal", "e1"));

    [Fact]
    public void The_id_of_a_reversal_cannot_be_posted_by_a_caller()
    {
        var entry = Entry(Debit("rent", 1m), Credit("bank", 1m)) with { Id = "e1~reversal" };
        Assert.Equal(
            JournalRefusals.IdReserved("e1~reversal"),
            JournalDecider.Decide(entry, JournalEntry.Initial, AcmeBooks).Refusal);
    }

    [Fact]
    public void An_entry_may_be_reversed_although_its_account_was_archived_since() =>
        Given(Posted with { Lines = [Debit("old", 1m), Credit("bank", 1m)] })
            .When(Reverse("e1", June2, "Wrong")).ThenAppended(Reversed);

    [Theory]
    [InlineData("e1", true)]
    [InlineData("e1~reversal", true)]
    [InlineData("~reversal", true)]
    [InlineData("e1~reversal~reversal", true)]
    [InlineData("e/1", false)]
    [InlineData("", false)]
    public void Ids_of_reversals_are_those_of_entries_and_a_suffix(string id, bool valid) =>
        Assert.Equal(valid, EntryIds.IsValid(id));

    [Fact]
    public void The_longest_entry_can_be_reversed_too()
    {
        Assert.True(EntryIds.IsValid(EntryIds.ReversalOf(new string('e', 100))));
        Assert.False(EntryIds.IsValid(EntryIds.ReversalOf(new string('e', 101))));
        Assert.False(EntryIds.IsValid(new string('e', 101)));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    internal static readonly FaultTable<ReversalCase> Faults = new(
        new ReversalCase(
            new ReverseJournalEntry("e1", new LocalDate(2025, 12, 30), ""), JournalEntry.Initial,
            AcmeBooks with
            {
                Company = Company.Initial,
                Calendar = new(new YearMonth(2026, 5), null, new YearMonth(2025, 12)),
            }),
        a => ReversalDecider.Decide(a.Command, a.Entry, a.Books).Refusal,
        new("company-unknown", a => a with { Books = a.Books with { Company = Acme } }),
        new("journal-entry-unknown", a => a with
        {
            Entry = new(Posted with { Reverses = "e0", BookedOn = new LocalDate(2025, 12, 31) }, Reversed),
        }),
        new("already-reversed", a => a with { Entry = a.Entry with { Reversed = null } }),
        new("reversal-of-reversal", a => a with { Entry = new(a.Entry.Posted! with { Reverses = null }, null) }),
        new("text-empty", a => a with { Command = a.Command with { Reason = "Wrong" } }),
        new("reversal-before-entry", a => a with { Command = a.Command with { BookedOn = new(2028, 1, 1) } }),
        new("date-outside-books", a => a with { Command = a.Command with { BookedOn = new(2025, 12, 31) } }),
        new("fiscal-year-final", a => a with { Command = a.Command with { BookedOn = May31 } }),
        new("period-closed", a => a with { Command = a.Command with { BookedOn = June2 } }));

    private static Given<JournalEntry, JournalEvent> Given(params JournalEvent[] events) =>
        new Given<JournalEntry, JournalEvent>(JournalEntry.Initial, JournalEntry.Evolve).And(events);

    private static Func<JournalEntry, Decision<JournalEvent>> Reverse(
        string id, LocalDate bookedOn, string reason, ReversalMethod? method = null) =>
        entry => ReversalDecider.Decide(new ReverseJournalEntry(id, bookedOn, reason, method), entry, AcmeBooks);

    internal sealed record ReversalCase(ReverseJournalEntry Command, JournalEntry Entry, Books Books);
}
