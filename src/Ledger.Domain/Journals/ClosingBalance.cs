using Ledger.Domain.Accounts;
using Ledger.Domain.People;

namespace Ledger.Domain.Journals;

/// <summary>What an account holds at the end of a day, by the smallest unit that the books tell apart.</summary>
/// <param name="Balance">Debit − credit in the unit.</param>
/// <param name="BaseBalance">Debit − credit in the functional currency.</param>
/// <param name="CounterpartyPerson">A counterparty who is a natural person, by their latest name.</param>
/// <param name="IsOfEarlierYears">
/// It is income or expense of fiscal years that are over, which no closing entry moved to equity.
/// </param>
public sealed record ClosingBalance(
    AccountCode Account,
    AccountType Type,
    UnitCode Unit,
    decimal Balance,
    decimal BaseBalance,
    ValueMap<string>? Dimensions = null,
    string? Counterparty = null,
    bool IsOfEarlierYears = false,
    PersonalText? CounterpartyPerson = null);

/// <summary>What entries of a series (<see cref="EntryIds.Numbered"/>) have left in the books.</summary>
/// <param name="Balances">What they and their reversals brought.</param>
/// <param name="LastNumber">The highest one; 0 when there is none.</param>
public sealed record RecordedSeries(IReadOnlyList<ClosingBalance> Balances, int LastNumber)
{
    public static RecordedSeries None { get; } = new([], 0);
}
