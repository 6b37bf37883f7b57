using Ledger.Domain.People;
using NodaTime;

namespace Ledger.Domain.Journals;

/// <summary>An entry as a caller sends it. The parameters mean what <see cref="JournalEntryPosted"/> says.</summary>
public sealed record PostJournalEntry(
    string Id,
    LocalDate BookedOn,
    string Description,
    ValueList<JournalLine> Lines,
    EntryKind? Kind = null,
    string? Reference = null,
    EntryDocument? Document = null,
    string? Counterparty = null,
    LocalDate? ReverseOn = null,
    string? Corrects = null,
    PersonalText? CounterpartyPerson = null);

/// <summary>
/// Takes an entry back by another entry, whose id is the first one's with <c>~reversal</c> behind it.
/// </summary>
/// <param name="Method">By default what is customary in the company's country.</param>
public sealed record ReverseJournalEntry(string Id, LocalDate BookedOn, string Reason, ReversalMethod? Method = null);
