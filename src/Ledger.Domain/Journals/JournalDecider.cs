using Ledger.Domain.Companies;
using Ledger.Domain.People;
using Ledger.Domain.Periods;
using NodaTime;

namespace Ledger.Domain.Journals;

public static class JournalDecider
{
    public const int LinesMin = 2;
    public const int LinesMax = 1_000;

    /// <summary>The reason that the reversal of an accrual carries.</summary>
    public const string AccrualReason = "Reversal of an accrual";

    /// <summary>
    /// The events of the entry's own stream. With <c>ReverseOn</c> these are two, and the reversal's stream needs its
    /// own: then use <see cref="DecideWithReversal"/>.
    /// </summary>
    /// <param name="state">The stream of this id as it is.</param>
    /// <param name="corrected">The entry that <c>Corrects</c> names; null when the command names none.</param>
    /// <param name="person">The counterparty, where it is a natural person; null when the command names none.</param>
    public static Decision<JournalEvent> Decide(
        PostJournalEntry command,
        JournalEntry state,
        Books books,
        JournalEntry? corrected = null,
        Person? person = null) => Decide(command, state, books, corrected, person, ofPayRun: false);

    /// <summary>The entry of a pay run, which has an id that no caller may choose.</summary>
    public static Decision<JournalEvent> DecideOfPayRun(PostJournalEntry command, JournalEntry state, Books books) =>
        Decide(command, state, books, null, null, ofPayRun: true);

    private static Decision<JournalEvent> Decide(
        PostJournalEntry command, JournalEntry state, Books books, JournalEntry? corrected, Person? person,
        bool ofPayRun)
    {
        if (state.Posted is { } posted)
        {
            // Whether it is the same name can no longer be said.
            return command.CounterpartyPerson is { IsOpen: true } sent
                && posted.CounterpartyPerson is { } kept && kept.Person == sent.Person
                && (kept.IsErased || person?.Erased.Contains(sent.Purpose) is true)
                ? PersonRefusals.Erased(sent.Person)
                : SaysTheSame(posted, command)
                ? Decision<JournalEvent>.Nothing
                : JournalRefusals.OtherContent(command.Id);
        }

        if (Check(command, books, corrected, person, ofPayRun) is { } refusal)
        {
            return refusal;
        }

        if (LineDecider.Decide(command.Lines, command.Corrects is not null, books, out var lines) is { } line)
        {
            return line;
        }

        var entry = new JournalEntryPosted(
            command.BookedOn, command.Description, books.Company.Currency, lines, command.Kind, command.Reference,
            command.Document, command.Counterparty, command.ReverseOn, command.Corrects,
            CounterpartyPerson: command.CounterpartyPerson);
        return command.ReverseOn is { } reverseOn
            ? new Decision<JournalEvent>([entry, Reversed(command.Id, reverseOn, AccrualReason, books.Company)], null)
            : entry;
    }

    /// <summary>An entry with <c>ReverseOn</c> (an accrual) is posted and taken back in one request.</summary>
    public static EntryAndReversal DecideWithReversal(
        PostJournalEntry command,
        JournalEntry state,
        Books books,
        JournalEntry? corrected = null,
        Person? person = null)
    {
        var decision = Decide(command, state, books, corrected, person);
        return decision.Events is [JournalEntryPosted posted, JournalEntryReversed reversed]
            ? new EntryAndReversal(decision, ReversalDecider.Reversal(command.Id, posted, reversed, books.Company))
            : new EntryAndReversal(decision, Decision<JournalEvent>.Nothing);
    }

    internal static JournalEntryReversed Reversed(string id, LocalDate bookedOn, string reason, Company company) =>
        new(EntryIds.ReversalOf(id), bookedOn, reason, Countries.DefaultReversal(company.Settings!.Country));

    /// <summary>The rules of a date on which something is booked.</summary>
    internal static Refusal? CheckDate(string field, LocalDate date, Books books)
    {
        var (first, last) = books.Company.BookableDates(books.Today);
        if (date < first || date > last)
        {
            return JournalRefusals.DateOutsideBooks(field, date, first, last);
        }

        var period = date.ToYearMonth();
        if (books.Calendar.FinalThrough is { } final && period <= final)
        {
            return PeriodRefusals.Final(period, final);
        }

        return books.Calendar.IsClosed(period) ? PeriodRefusals.Closed(period) : null;
    }

    private static Refusal? Check(
        PostJournalEntry command, Books books, JournalEntry? corrected, Person? person, bool ofPayRun)
    {
        if (!books.Company.Exists)
        {
            return CompanyRefusals.Unknown();
        }

        if (EntryIds.IsReversal(command.Id) || (!ofPayRun && EntryIds.IsOfPayRun(command.Id)))
        {
            return JournalRefusals.IdReserved(command.Id);
        }

        if (!Ids.IsValid(command.Id))
        {
            return TextRefusals.IdInvalid("The entry's id", command.Id);
        }

        if (CheckTexts(command) is { } text)
        {
            return text;
        }

        if (command.CounterpartyPerson is { IsOpen: true } named && person?.Takes(named.Purpose) is false)
        {
            return PersonRefusals.Erased(named.Person);
        }

        if (command.Lines.Count < LinesMin)
        {
            return JournalRefusals.TooFewLines(command.Lines.Count);
        }

        if (command.Lines.Count > LinesMax)
        {
            return JournalRefusals.TooManyLines(LinesMax);
        }

        if (CheckDate("bookedOn", command.BookedOn, books) is { } date)
        {
            return date;
        }

        if (command.ReverseOn <= command.BookedOn)
        {
            return JournalRefusals.ReverseOnNotLater(command.ReverseOn.Value, command.BookedOn);
        }

        if (command.ReverseOn is { } reverseOn && CheckDate("reverseOn", reverseOn, books) is { } reversal)
        {
            return reversal;
        }

        return command.Corrects is { } corrects && corrected?.Posted is null
            ? JournalRefusals.CorrectedEntryUnknown(corrects)
            : null;
    }

    private static Refusal? CheckTexts(PostJournalEntry command)
    {
        var refusal = Texts.Check("description", command.Description, Texts.DescriptionLengthMax)
            ?? Texts.Check("reference", command.Reference, Texts.ReferenceLengthMax)
            ?? Texts.Check("counterparty", command.Counterparty, Texts.ReferenceLengthMax)
            ?? CheckPerson(command.CounterpartyPerson);
        if (refusal is not null || command.Document is not { } document)
        {
            return refusal;
        }

        return Texts.Check("document.type", document.Type, Texts.ReferenceLengthMax)
            ?? Texts.Check("document.number", document.Number, Texts.ReferenceLengthMax)
            ?? (document.Sha256 is { } hash && !IsSha256(hash) ? JournalRefusals.DocumentHashInvalid(hash) : null);
    }

    private static Refusal? CheckPerson(PersonalText? person) =>
        person is null ? null
        : !Ids.IsValid(person.Person) ? TextRefusals.IdInvalid("counterparty.person", person.Person)
        : person.IsOpen ? Texts.CheckNeeded("counterparty.name", person.Text, Texts.NameLengthMax)
        : null;

    private static bool IsSha256(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Compares what was sent then and now; 5 and 5.00 are the same amount.</summary>
    private static bool SaysTheSame(JournalEntryPosted posted, PostJournalEntry command) =>
        posted.Reverses is null
        && posted.BookedOn == command.BookedOn
        && posted.Description == command.Description
        && posted.Kind == command.Kind
        && posted.Reference == command.Reference
        && posted.Document == command.Document
        && posted.Counterparty == command.Counterparty
        && posted.ReverseOn == command.ReverseOn
        && posted.Corrects == command.Corrects
        && posted.CounterpartyPerson == command.CounterpartyPerson
        && SayTheSame(posted.Lines.AsSpan(), command.Lines.AsSpan());

    private static bool SayTheSame(ReadOnlySpan<JournalLine> posted, ReadOnlySpan<JournalLine> sent)
    {
        if (posted.Length != sent.Length)
        {
            return false;
        }

        for (var i = 0; i < posted.Length; i++)
        {
            if (posted[i].AsSent() != sent[i].AsSent())
            {
                return false;
            }
        }

        return true;
    }
}
