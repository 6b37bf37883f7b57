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
    /// At the end of the year, in any order; accounts of other types are passed over.
    /// </param>
    /// <param name="currency">The functional currency.</param>
    /// <param name="posted">How many such entries the year has already: the balances hold them, and ids go on.</param>
    public static ValueList<PostJournalEntry> Close(
        FiscalYear year,
        IEnumerable<ClosingBalance> balances,
        AccountCode retainedEarnings,
        UnitCode currency,
        string description,
        int posted = 0)
    {
        var lines =
            from balance in balances
                .Where(balance => balance.Type is AccountType.Income or AccountType.Expense)
                .OrderBy(balance => balance.Account)
                .ThenBy(balance => balance.Unit)
                .ThenBy(balance => balance.Dimensions?.ToString(), StringComparer.Ordinal)
            from line in BalancedLines.Of(
                balance.Account, balance.Unit, -balance.Balance, -balance.BaseBalance, currency, balance.Dimensions)
            select line;
        return BalancedLines.Split(lines.ToList(), retainedEarnings, currency)
            .Select((entry, index) => new PostJournalEntry(
                IdPrefix(year) + (posted + index == 0 ? "" : Invariant($"-{posted + index + 1}")),
                year.Last, description, entry, EntryKind.Closing))
            .ToValueList();
    }

    /// <summary>How the ids of all closing entries of a year begin.</summary>
    public static string IdPrefix(FiscalYear year) => Invariant($"year-end-{year.Name}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
