using Ledger.Domain.Companies;
using Ledger.Domain.People;
using NodaTime;

namespace Ledger.Domain.Journals;

/// <summary>
/// A reversal touches two streams: the entry's, which says that it was reversed, and the reversal's own. The first is
/// decided by <see cref="Decide"/>, the second follows from it by <see cref="Reversal"/>.
/// </summary>
public static class ReversalDecider
{
    /// <summary>Both decisions, to be appended as one request.</summary>
    /// <param name="command">Which entry, and when.</param>
    /// <param name="entry">As it is.</param>
    /// <param name="books">To book in.</param>
    /// <param name="person">The entry's counterparty, where it is a natural person.</param>
    /// <param name="ofPayRun">The run itself is reversed.</param>
    public static EntryAndReversal DecideBoth(
        ReverseJournalEntry command, JournalEntry entry, Books books, Person? person = null, bool ofPayRun = false)
    {
        var decision = Decide(command, entry, books, ofPayRun);
        return decision.Events is [JournalEntryReversed reversed]
            ? new EntryAndReversal(decision, Reversal(command.Id, entry.Posted!, reversed, books.Company, person))
            : new EntryAndReversal(decision, Decision<JournalEvent>.Nothing);
    }

    /// <summary>
    /// What the entry's own stream says. The reversal is not held against the chart: what was posted may be taken back,
    /// although an account was archived since.
    /// </summary>
    /// <param name="command">Which entry, and when.</param>
    /// <param name="entry">As it is.</param>
    /// <param name="books">To book in.</param>
    /// <param name="ofPayRun">The run itself is reversed.</param>
    public static Decision<JournalEvent> Decide(
        ReverseJournalEntry command, JournalEntry entry, Books books, bool ofPayRun = false)
    {
        if (!books.Company.Exists)
        {
            return CompanyRefusals.Unknown();
        }

        if (entry.Posted is not { } posted)
        {
            return ReversalRefusals.EntryUnknown(command.Id);
        }

        if (entry.Reversed is { } reversed)
        {
            return SaysTheSame(reversed, command)
                ? Decision<JournalEvent>.Nothing
                : ReversalRefusals.AlreadyReversed(command.Id, reversed.By, reversed.BookedOn);
        }

        if (!ofPayRun && EntryIds.IsOfPayRun(command.Id))
        {
            return ReversalRefusals.OfPayRun(command.Id);
        }

        if (posted.Reverses is { } reverses)
        {
            return ReversalRefusals.ReversalOfReversal(command.Id, reverses);
        }

        if (Texts.CheckNeeded("reason", command.Reason, Texts.DescriptionLengthMax) is { } reason)
        {
            return reason;
        }

        if (command.BookedOn < posted.BookedOn)
        {
            return ReversalRefusals.BeforeEntry(command.BookedOn, posted.BookedOn);
        }

        if (JournalDecider.CheckDate("bookedOn", command.BookedOn, books) is { } date)
        {
            return date;
        }

        var method = command.Method ?? Countries.DefaultReversal(books.Company.Settings!.Country);
        return new JournalEntryReversed(EntryIds.ReversalOf(command.Id), command.BookedOn, command.Reason, method);
    }

    /// <summary>
    /// The entry that takes <paramref name="entry"/> back, as the first event of its own stream. Books can be corrected
    /// also when their counterparty's name is erased: then the reversal says whom, and has no name.
    /// </summary>
    public static JournalEntryPosted Reversal(
        string id,
        JournalEntryPosted entry,
        JournalEntryReversed reversed,
        Company company,
        Person? person = null) => new(
        reversed.BookedOn,
        entry.Description,
        entry.Currency,
        entry.Lines.Select(line => Reverse(line, reversed.Method)).ToValueList(),
        KindOf(entry, reversed.BookedOn, company),
        entry.Reference,
        entry.Document,
        entry.Counterparty,
        Reverses: id,
        Reason: reversed.Reason,
        Method: reversed.Method,
        CounterpartyPerson: entry.CounterpartyPerson is { IsOpen: true } named && person?.Takes(named.Purpose) is false
            ? PersonalText.Erased(named.Person, named.Purpose)
            : entry.CounterpartyPerson);

    /// <summary>
    /// The kind of what it takes back; but what takes back an adjustment of one year in the next is no adjustment of
    /// that one, whose own closing work has not begun.
    /// </summary>
    private static EntryKind? KindOf(JournalEntryPosted entry, LocalDate bookedOn, Company company) =>
        entry.Kind is EntryKind.Adjustment && company.FiscalYearOf(bookedOn) != company.FiscalYearOf(entry.BookedOn)
            ? null
            : entry.Kind;

    private static JournalLine Reverse(JournalLine line, ReversalMethod method) => method switch
    {
        ReversalMethod.Mirror => line with { Side = line.Side == Side.Debit ? Side.Credit : Side.Debit },
        _ => line with
        {
            Amount = Money.Negate(line.Amount),
            BaseAmount = line.BaseAmount is { } baseAmount ? Money.Negate(baseAmount) : null,
            Resolved = line.Resolved is { } resolved
                ? resolved with { BaseAmount = Money.Negate(resolved.BaseAmount) }
                : null,
        },
    };

    /// <summary>A retry that names no method accepts the one that was chosen.</summary>
    private static bool SaysTheSame(JournalEntryReversed reversed, ReverseJournalEntry command) =>
        reversed.BookedOn == command.BookedOn && reversed.Reason == command.Reason
        && (command.Method is null || command.Method == reversed.Method);
}
