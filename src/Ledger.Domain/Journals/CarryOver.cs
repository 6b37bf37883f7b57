using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using NodaTime;
using static System.FormattableString;

namespace Ledger.Domain.Journals;

/// <summary>How books are carried over into a new set in another currency.</summary>
/// <param name="To">The functional currency of the new books.</param>
/// <param name="ToDigits">Its decimal places.</param>
/// <param name="Rate">Old currency for one of the new: 1.95583 (BGN for one EUR).</param>
/// <param name="On">The first day of the new books.</param>
/// <param name="Difference">The account that takes the difference of rounding, in the new chart.</param>
/// <param name="OffBalanceDifference">The same for off-balance accounts, which balance among themselves.</param>
/// <param name="ResultTo">
/// Takes what income and expense accounts hold, when the new books begin with a fiscal year; null keeps it where it is.
/// </param>
public sealed record CarryOverTerms(
    UnitCode From,
    UnitCode To,
    int ToDigits,
    decimal Rate,
    LocalDate On,
    AccountCode Difference,
    AccountCode? OffBalanceDifference = null,
    AccountCode? ResultTo = null);

/// <summary>
/// Opening entries in the new currency. Each smallest part (account, dimension values, counterparty, unit) is converted
/// by itself and rounded, half away from zero; sums follow from the parts; what then is missing goes to one account.
/// </summary>
public static class CarryOver
{
    /// <param name="balances">Of the old books, at the end of their last day.</param>
    /// <param name="terms">How they are carried over.</param>
    /// <param name="description">What the entries say of themselves.</param>
    /// <param name="recorded">What earlier entries of this carry-over left in the new books: only the rest is
    /// posted.</param>
    /// <param name="posted">How many such entries there are.</param>
    public static EntryPlan Open(
        IEnumerable<ClosingBalance> balances, CarryOverTerms terms, string description,
        IEnumerable<ClosingBalance>? recorded = null, int posted = 0)
    {
        if (terms.Rate <= 0 || terms.Rate >= Money.AmountBound)
        {
            return CarryOverRefusals.RateOutOfRange(terms.Rate);
        }

        var parts = new List<ClosingBalance>();
        foreach (var balance in balances)
        {
            if (!Money.TryDivideHalfAwayFromZero(balance.BaseBalance, terms.Rate, terms.ToDigits, out var value))
            {
                return CarryOverRefusals.BalanceTooLarge(balance.Account, balance.BaseBalance, terms.Rate);
            }

            parts.Add(Convert(balance, value, terms));
        }

        parts.AddRange((recorded ?? []).Select(part =>
            part with { Balance = -part.Balance, BaseBalance = -part.BaseBalance }));
        var own = Entries(parts.Where(part => part.Type != AccountType.OffBalance), terms.Difference, terms.To);
        var contra = terms.OffBalanceDifference ?? new AccountCode("");
        var offBalance = Entries(parts.Where(part => part.Type == AccountType.OffBalance), contra, terms.To).ToList();
        if (offBalance.Any(entry => entry.Lines.Any(line => line.Account.Value.Length == 0)))
        {
            return CarryOverRefusals.OffBalanceDifferenceNeeded();
        }

        var entries = own.Concat(offBalance).Select((entry, index) => new PostJournalEntry(
            IdPrefix(terms.On) + (posted + index == 0 ? "" : Invariant($"-{posted + index + 1}")),
            terms.On, description, entry.Lines, EntryKind.Opening, Counterparty: entry.Counterparty));
        return new EntryPlan(entries.ToValueList(), null);
    }

    /// <summary>How the ids of all entries of a carry-over begin.</summary>
    public static string IdPrefix(LocalDate on) => Invariant($"carry-over-{Texts.Shown(on)}");

    /// <summary>The account as the new chart has it.</summary>
    public static AccountDetails Account(AccountDetails account, CarryOverTerms terms) =>
        account.Currency == terms.From ? account with { Currency = terms.To } : account;

    /// <summary>The company as the new books have it.</summary>
    public static CompanySettings Successor(CompanySettings company, CarryOverTerms terms) =>
        company with { Currency = terms.To, BooksFrom = terms.On, BooksTo = null };

    /// <param name="value">The part's value in the new currency.</param>
    private static ClosingBalance Convert(ClosingBalance balance, decimal value, CarryOverTerms terms)
    {
        var converted = balance switch
        {
            _ when balance.Unit == terms.From => balance with { Unit = terms.To, Balance = value, BaseBalance = value },

            // What was foreign money in the old books is the new books' own: it keeps its amount.
            _ when balance.Unit == terms.To => balance with { BaseBalance = balance.Balance },
            _ => balance with { BaseBalance = value },
        };
        if (balance.Type is not (AccountType.Income or AccountType.Expense) || terms.ResultTo is not { } result)
        {
            return converted;
        }

        // Retained earnings are a value; only what has no price, such as hours of leave, stays in its unit.
        return converted.BaseBalance == 0
            ? converted with { Account = result, Type = AccountType.Equity, Dimensions = null, Counterparty = null }
            : new ClosingBalance(result, AccountType.Equity, terms.To, converted.BaseBalance, converted.BaseBalance);
    }

    /// <summary>One or more entries for each counterparty, those without one first.</summary>
    private static IEnumerable<(string? Counterparty, ValueList<JournalLine> Lines)> Entries(
        IEnumerable<ClosingBalance> parts, AccountCode contra, UnitCode currency) =>
        from counterparty in parts
            .GroupBy(part => part.Counterparty, StringComparer.Ordinal)
            .OrderBy(counterparty => counterparty.Key, StringComparer.Ordinal)
        from lines in BalancedLines.Split(Lines(counterparty, currency), contra, currency)
        select (counterparty.Key, lines);

    /// <summary>Parts that fell together, because results go to one account, are added up.</summary>
    private static List<JournalLine> Lines(IEnumerable<ClosingBalance> parts, UnitCode currency)
    {
        var lines =
            from sum in parts
                .GroupBy(part => (part.Account, part.Unit, part.Dimensions))
                .OrderBy(sum => sum.Key.Account)
                .ThenBy(sum => sum.Key.Unit)
                .ThenBy(sum => sum.Key.Dimensions?.ToString(), StringComparer.Ordinal)
            from line in BalancedLines.Of(
                sum.Key.Account,
                sum.Key.Unit,
                sum.Sum(part => part.Balance),
                sum.Sum(part => part.BaseBalance),
                currency,
                sum.Key.Dimensions)
            select line;
        return lines.ToList();
    }
}

public static class CarryOverRefusals
{
    public static Refusal RateOutOfRange(decimal rate) => new(
        "carry-over-rate-out-of-range",
        Invariant($"The rate {rate} is not possible: send how much of the old currency one of the new costs."));

    public static Refusal BalanceTooLarge(AccountCode account, decimal balance, decimal rate) => new(
        "carry-over-balance-too-large",
        Invariant($"The balance {balance} of account {account} has more than 28 digits at the rate {rate}: ")
        + "send a rate that is how much of the old currency one of the new costs.");

    public static Refusal OffBalanceDifferenceNeeded() => new(
        "off-balance-difference-needed",
        "The off-balance accounts do not balance to the last digit after their conversion: "
        + "name an off-balance account that takes the difference.");
}
