using Ledger.Domain;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.Domain.People;
using Ledger.Domain.Periods;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Journals;

/// <summary>The order of an entry's rules; those of its lines are in <see cref="LineDeciderTests"/>.</summary>
public sealed class JournalFaultTests
{
    private static readonly UnitCode Big = new("BIG");

    private static readonly JournalEntryPosted Other = new(
        new LocalDate(2026, 5, 31), "Other", Eur, [Debit("rent", 1m), Credit("bank", 1m)]);

    private static readonly Person Gone = Person.Initial with { Erased = [Purpose.Bookkeeping] };

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    internal static readonly FaultTable<EntryCase> Faults = new(
        new EntryCase(
            new PostJournalEntry(
                "e 1~reversal", new LocalDate(2028, 1, 1), new string('x', 1_001), [Debit("rent", 1m)],
                Reference: new string('x', 201),
                Counterparty: new string('x', 201),
                Document: new EntryDocument(new string('x', 201), new string('x', 201), null, "A"),
                ReverseOn: new LocalDate(2026, 5, 1),
                Corrects: "nothing",
                CounterpartyPerson: PersonalText.Open("Ana Petrova", Purpose.Bookkeeping, "")),
            new JournalEntry(Other, null),
            AcmeBooks with
            {
                Company = Company.Initial,
                Calendar = new FiscalCalendar(new YearMonth(2026, 3), null, new YearMonth(2025, 12)),
            },
            Corrected: null),
        a => JournalDecider.Decide(a.Command, a.State, a.Books, a.Corrected, Gone).Refusal,
        new("journal-entry-exists", a => a with { State = JournalEntry.Initial }),
        new("company-unknown", a => a with { Books = a.Books with { Company = Acme } }),
        new("id-reserved", a => a.With(e => e with { Id = "e 1" })),
        new("id-invalid", a => a.With(e => e with { Id = "e1" })),
        new("text-too-long", a => a.With(e => e with { Description = "Rent" })),
        new("text-too-long", a => a.With(e => e with { Reference = null })),
        new("text-too-long", a => a.With(e => e with { Counterparty = null })),
        new("id-invalid", a => a.With(e => e with
        {
            CounterpartyPerson = PersonalText.Open("p-17", Purpose.Bookkeeping, ""),
        })),
        new("text-empty", a => a.With(e => e with
        {
            CounterpartyPerson = PersonalText.Open("p-17", Purpose.Bookkeeping, "Ana Petrova"),
        })),
        new("text-too-long", a => a.With(e => e with { Document = e.Document! with { Type = null } })),
        new("text-too-long", a => a.With(e => e with { Document = e.Document! with { Number = null } })),
        new("document-hash-invalid", a => a.With(e => e with { Document = null })),
        new("personal-data-erased", a => a.With(e => e with { CounterpartyPerson = null })),
        new("too-few-lines", a => a.With(e => e with { Lines = [.. Enumerable.Repeat(Debit("rent", 1m), 1_001)] })),
        new("too-many-lines", a => a.With(e => e with { Lines = [.. SumTooLarge, .. Unbalanced] })),
        new("date-outside-books", a => a.With(e => e with { BookedOn = new LocalDate(2025, 12, 31) })),
        new("fiscal-year-final", a => a.With(e => e with { BookedOn = new LocalDate(2026, 3, 31) })),
        new("period-closed", a => a.With(e => e with { BookedOn = new LocalDate(2026, 5, 31) })),
        new("reverse-on-not-later", a => a.With(e => e with { ReverseOn = new LocalDate(2028, 1, 1) })),
        new("date-outside-books", a => a.With(e => e with { ReverseOn = new LocalDate(2026, 6, 1) })),
        new("corrected-entry-unknown", a => a with { Corrected = new JournalEntry(Other, null) }),
        new("sum-too-large", a => a.With(e => e with { Lines = Unbalanced })),
        new("off-balance-not-balanced", a => a.With(e => e with { Lines = [.. Unbalanced.Skip(1)] })),
        new("not-balanced", a => a.With(e => e with { Lines = [.. Unbalanced.Skip(2)] })),
        new("unpriced-unit-not-balanced", a => a.With(e => e with { Lines = [.. Unbalanced.Skip(3)] })));

    private static ValueList<JournalLine> SumTooLarge =>
        [.. Enumerable.Repeat(Debit("equity", 999_999_999_999_999m) with { Currency = Big, BaseAmount = 1m }, 20)];

    private static ValueList<JournalLine> Unbalanced =>
    [
        Debit("held", 1m),
        Debit("rent", 1m),
        Debit("leave", 1m) with { Currency = Hours, BaseAmount = 0 },
        Debit("rent", 2m),
        Credit("bank", 2m),
    ];

    internal sealed record EntryCase(
        PostJournalEntry Command, JournalEntry State, Books Books, JournalEntry? Corrected)
    {
        public EntryCase With(Func<PostJournalEntry, PostJournalEntry> change) =>
            this with { Command = change(Command) };
    }
}
