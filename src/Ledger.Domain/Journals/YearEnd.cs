using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;

namespace Ledger.Domain.Journals;

/// <summary>
/// The year end in books: entries of kind closing that move what income and expense accounts hold to retained earnings.
/// Statements do not need them, because an unclosed result is computed; some customs do.
/// </summary>
public static class YearEnd
{
    /// <param name="balances">
    /// At the end of the year, in any order. Accounts of other types are passed over, and so are results of earlier
    /// years, which are those years' own to close: otherwise this year would show them as its own, reversed.
    /// </param>
    /// <param name="currency">The functional currency.</param>
    /// <param name="lastNumber">Of the closing entries that the year has: ids go on from there.</param>
    public static ValueList<PostJournalEntry> Close(
        FiscalYear year,
        IEnumerable<ClosingBalance> balances,
        AccountCode retainedEarnings,
        UnitCode currency,
        string description,
        int lastNumber = 0)
    {
        var moved = balances
            .Where(balance =>
                balance.Type is AccountType.Income or AccountType.Expense && !balance.IsOfEarlierYears)
            .Select(balance => balance with { Balance = -balance.Balance, BaseBalance = -balance.BaseBalance });
        return BalancedLines.Of(moved, retainedEarnings, currency)
            .Select((lines, index) => new PostJournalEntry(
                EntryIds.Numbered(Series(year), lastNumber + index + 1),
                year.Last, description, lines, EntryKind.Closing))
            .ToValueList();
    }

    /// <summary>The series of the closing entries of a year.</summary>
    public static string Series(FiscalYear year) => FormattableString.Invariant($"year-end-{year.Name}");
}
