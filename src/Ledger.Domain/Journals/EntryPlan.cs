namespace Ledger.Domain.Journals;

/// <summary>Entries to post in this order; each balances, and sending them again is a retry.</summary>
/// <param name="Difference">What the account of the difference has received then, debit − credit.</param>
public sealed record EntryPlan(ValueList<PostJournalEntry> Entries, Refusal? Refusal, decimal Difference = 0)
{
    public static implicit operator EntryPlan(Refusal refusal) => new([], refusal);
}
