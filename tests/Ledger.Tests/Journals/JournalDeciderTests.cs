using Ledger.Domain;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Journals;

public sealed class JournalDeciderTests
{
    private static readonly LocalDate May31 = new(2026, 5, 31);
    private static readonly PostJournalEntry Rent = Entry(Debit("rent", 1200m), Credit("bank", 1200m));

    private static readonly JournalEntryPosted RentPosted = new(
        May31, "Rent", Eur, [Debit("rent", 1200m), Credit("bank", 1200m)]);

    [Fact]
    public void An_entry_is_posted() => Given().When(Post(Rent)).ThenAppended(RentPosted);

    [Fact]
    public void Everything_that_was_sent_is_kept()
    {
        var full = Entry(
            Debit("costs", 10m) with { Memo = "Paper", Dimensions = Map(("department", "shop")) },
            Credit("bank", 10m)) with
        {
            Kind = EntryKind.Adjustment,
            Reference = "R-1",
            Document = new EntryDocument("invoice", "77", May31, new string('a', 64)),
            Counterparty = "supplier-7",
            Corrects = "e0",
        };
        new Given<JournalEntry, JournalEvent>(JournalEntry.Initial, JournalEntry.Evolve)
            .When(state => JournalDecider.Decide(full, state, AcmeBooks, new JournalEntry(RentPosted, null)))
            .ThenAppended(new JournalEntryPosted(
                May31, "Rent", Eur, full.Lines, EntryKind.Adjustment, "R-1", full.Document, "supplier-7", null, "e0"));
    }

    [Theory]
    [InlineData("1200")]
    [InlineData("1200.0")]
    [InlineData("1200.00")]
    [InlineData("1200.0000")]
    public void Amounts_carry_the_digits_of_their_unit_as_scale(string sent)
    {
        Assert.True(AmountText.TryParse(sent, out var amount));
        Assert.Equal(
            ["1200.00", "1200.00"],
            Decided(Debit("rent", amount), Credit("bank", amount)).Select(line => line.Amount.ToString()));
    }

    [Fact]
    public void The_same_entry_again_is_nothing_new_whatever_the_scale_and_although_the_month_was_closed()
    {
        var books = AcmeBooks with { Calendar = new(new YearMonth(2026, 5), null, null) };
        var again = Entry(Debit("rent", 1200.000m), Credit("bank", 1200m));
        Given(RentPosted).When(state => JournalDecider.Decide(again, state, books)).ThenNothing();
    }

    [Fact]
    public void The_same_foreign_entry_again_is_nothing_new()
    {
        var entry = Entry(Debit("dollars", 100m) with { Rate = 0.9m }, Credit("bank", 90m));
        Given().When(Post(entry)).ThenAppended(new JournalEntryPosted(
            May31, "Rent", Eur,
            [
                Debit("dollars", 100m) with { Rate = 0.9m, Resolved = new ResolvedAmount(Usd, 90m) },
                Credit("bank", 90m),
            ]));
    }

    public static TheoryData<string, Func<PostJournalEntry, PostJournalEntry>> OtherContents => new()
    {
        { "date", e => e with { BookedOn = new LocalDate(2026, 5, 30) } },
        { "description", e => e with { Description = "rent" } },
        { "lines", e => e with { Lines = [e.Lines[1], e.Lines[0]] } },
        { "fewer lines", e => e with { Lines = [e.Lines[0]] } },
        { "amount", e => e with { Lines = [Debit("rent", 1201m), Credit("bank", 1201m)] } },
        { "memo", e => e with { Lines = [e.Lines[0] with { Memo = "" }, e.Lines[1]] } },
        { "currency written out", e => e with { Lines = [e.Lines[0] with { Currency = Eur }, e.Lines[1]] } },
        { "kind", e => e with { Kind = EntryKind.Normal } },
        { "reference", e => e with { Reference = "R" } },
        { "document", e => e with { Document = new(null, "1", null, null) } },
        { "counterparty", e => e with { Counterparty = "c" } },
        { "reverseOn", e => e with { ReverseOn = new LocalDate(2026, 6, 1) } },
        { "corrects", e => e with { Corrects = "e0" } },
    };

    [Theory]
    [MemberData(nameof(OtherContents))]
    public void Other_content_under_the_same_id_is_refused(
        string field, Func<PostJournalEntry, PostJournalEntry> change)
    {
        Assert.NotEqual("", field);
        Given(RentPosted).When(Post(change(Rent))).ThenRefused(JournalRefusals.OtherContent("e1"));
    }

    [Fact]
    public void A_reversed_entry_sent_again_is_nothing_new() =>
        Given(RentPosted, new JournalEntryReversed("e1~reversal", May31, "Wrong", ReversalMethod.Mirror))
            .When(Post(Rent)).ThenNothing();

    [Fact]
    public void An_accrual_is_posted_and_taken_back_in_one_request()
    {
        var reverseOn = new LocalDate(2026, 6, 1);
        var decision = JournalDecider.DecideWithReversal(
            Rent with { ReverseOn = reverseOn }, JournalEntry.Initial, AcmeBooks);
        var posted = RentPosted with { ReverseOn = reverseOn };
        Assert.Equal(
            [
                posted,
                new JournalEntryReversed("e1~reversal", reverseOn, "Reversal of an accrual", ReversalMethod.Mirror),
            ],
            decision.Entry.Events);
        Assert.Equal(
            [
                new JournalEntryPosted(
                    reverseOn, "Rent", Eur, [Credit("rent", 1200m), Debit("bank", 1200m)], Reverses: "e1",
                    Reason: "Reversal of an accrual", Method: ReversalMethod.Mirror),
            ],
            decision.Reversal.Events);
    }

    [Fact]
    public void An_accrual_sent_again_is_nothing_new_on_either_stream()
    {
        var accrual = Rent with { ReverseOn = new LocalDate(2026, 6, 1) };
        var first = JournalDecider.DecideWithReversal(accrual, JournalEntry.Initial, AcmeBooks);
        var state = first.Entry.Events.Aggregate(JournalEntry.Initial, JournalEntry.Evolve);
        var again = JournalDecider.DecideWithReversal(accrual, state, AcmeBooks);
        Assert.Equal(new EntryAndReversal(Decision<JournalEvent>.Nothing, Decision<JournalEvent>.Nothing), again);
    }

    [Fact]
    public void A_refused_accrual_writes_to_neither_stream()
    {
        var accrual = Rent with { ReverseOn = May31 };
        var decision = JournalDecider.DecideWithReversal(accrual, JournalEntry.Initial, AcmeBooks);
        Assert.Equal(JournalRefusals.ReverseOnNotLater(May31, May31), decision.Entry.Refusal);
        Assert.Equal(Decision<JournalEvent>.Nothing, decision.Reversal);
    }

    [Fact]
    public void Nothing_is_booked_in_a_closed_month_which_is_named()
    {
        var books = AcmeBooks with { Calendar = new(new YearMonth(2026, 5), null, null) };
        Given().When(state => JournalDecider.Decide(Rent, state, books))
            .ThenRefused(new Refusal(
                "period-closed",
                "2026-05 is closed: book in an open month, or reopen 2026-05 with a reason."));
    }

    [Theory]
    [InlineData("1900-01-01", true)]
    [InlineData("1899-12-31", false)]
    [InlineData("0001-01-01", false)]
    [InlineData("2027-12-31", true)]
    [InlineData("2028-01-01", false)]
    [InlineData("9999-12-31", false)]
    public void A_date_lies_between_1900_and_the_end_of_the_next_fiscal_year(string date, bool accepted)
    {
        var bookedOn = NodaTime.Text.LocalDatePattern.Iso.Parse(date).Value;
        var refusal = JournalDecider.Decide(Rent with { BookedOn = bookedOn }, JournalEntry.Initial, AcmeBooks).Refusal;
        Assert.Equal(
            accepted
                ? null
                : JournalRefusals.DateOutsideBooks("bookedOn", bookedOn, new(1900, 1, 1), new(2027, 12, 31)),
            refusal);
    }

    [Theory]
    [InlineData("2026-05-31", "2026-05-31", true)]
    [InlineData("2026-06-01", null, false)]
    [InlineData(null, "2026-05-30", false)]
    [InlineData(null, "2099-01-01", true)]
    public void A_date_lies_within_the_companys_own_bounds(string? from, string? to, bool accepted)
    {
        var company = Company.Evolve(Company.Initial, new CompanyRegistered(
            new("Acme", Eur, "DE", BooksFrom: Date(from), BooksTo: Date(to)), "Europe/Berlin", new AnnualDate(1, 1)));
        var books = AcmeBooks with { Company = company };
        var refusal = JournalDecider.Decide(Rent, JournalEntry.Initial, books).Refusal;
        Assert.Equal(accepted ? null : "date-outside-books", refusal?.Code);
    }

    [Fact]
    public void A_message_says_by_how_much_an_entry_does_not_balance() => Assert.Equal(
        new Refusal(
            "not-balanced",
            "Debits of 100.00 EUR and credits of 99.50 EUR differ by 0.50 EUR: "
            + "add that much on the credit side, or correct a line."),
        Refused(Debit("rent", 100m), Credit("bank", 99.5m)));

    private static LocalDate? Date(string? text) =>
        text is null ? null : NodaTime.Text.LocalDatePattern.Iso.Parse(text).Value;

    private static Given<JournalEntry, JournalEvent> Given(params JournalEvent[] events) =>
        new Given<JournalEntry, JournalEvent>(JournalEntry.Initial, JournalEntry.Evolve).And(events);

    private static Func<JournalEntry, Decision<JournalEvent>> Post(PostJournalEntry command) =>
        state => JournalDecider.Decide(command, state, AcmeBooks);
}
