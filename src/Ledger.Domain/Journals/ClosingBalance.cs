using Ledger.Domain.Accounts;

namespace Ledger.Domain.Journals;

/// <summary>What an account holds at the end of a day, by the smallest unit that the books tell apart.</summary>
/// <param name="Balance">Debit − credit in the unit.</param>
/// <param name="BaseBalance">Debit − credit in the functional currency.</param>
public sealed record ClosingBalance(
    AccountCode Account,
    AccountType Type,
    UnitCode Unit,
    decimal Balance,
    decimal BaseBalance,
    ValueMap<string>? Dimensions = null,
    string? Counterparty = null);

/// <summary>Entries to post in this order; each balances, and sending them again is a retry.</summary>
public sealed record EntryPlan(ValueList<PostJournalEntry> Entries, Refusal? Refusal)
{
    public static implicit operator EntryPlan(Refusal refusal) => new([], refusal);
}
