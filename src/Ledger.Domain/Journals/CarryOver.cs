using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.People;
using NodaTime;
using static System.FormattableString;

namespace Ledger.Domain.Journals;

/// <summary>How books are carried over into a new set in another currency.</summary>
/// <param name="Source">The company whose books are carried over.</param>
/// <param name="From">The functional currency of the old books.</param>
/// <param name="To">The functional currency of the new books.</param>
/// <param name="ToDigits">Its decimal places.</param>
/// <param name="Rate">Old currency for one of the new: 1.95583 (BGN for one EUR).</param>
/// <param name="On">The first day of the new books.</param>
/// <param name="Difference">The account that takes the difference of rounding, in the new chart.</param>
/// <param name="OffBalanceDifference">The same for off-balance accounts, which balance among themselves.</param>
/// <param name="ResultTo">
/// Takes what income and expense accounts hold of earlier fiscal years; what they hold of the year in which the new
/// books begin stays on them.
/// </param>
public sealed record CarryOverTerms(
    string Source,
    UnitCode From,
    UnitCode To,
    int ToDigits,
    decimal Rate,
    LocalDate On,
    AccountCode Difference,
    AccountCode OffBalanceDifference,
    AccountCode? ResultTo);

/// <summary>
/// Opening entries in the new currency. Each smallest part (account, dimension values, counterparty, unit) is converted
/// by itself and rounded, half away from zero; sums follow from the parts; what then is missing goes to one account.
/// </summary>
public static class CarryOver
{
    /// <param name="balances">Of the old books, at the end of their last day.</param>
    /// <param name="terms">How they are carried over.</param>
    /// <param name="description">What the entries say of themselves.</param>
    /// <param name="recorded">Earlier entries of this carry-over in the new books: only the rest is posted.</param>
    public static EntryPlan Open(
        IEnumerable<ClosingBalance> balances, CarryOverTerms terms, string description, RecordedSeries recorded)
    {
        if (terms.Rate <= 0 || terms.Rate >= Money.AmountBound || (terms.From == terms.To && terms.Rate != 1))
        {
            return CarryOverRefusals.RateOutOfRange(terms.Rate);
        }

        var parts = recorded.Balances
            .Select(part => part with { Balance = -part.Balance, BaseBalance = -part.BaseBalance })
            .ToList();
        foreach (var balance in balances)
        {
            if (balance.IsOfEarlierYears && terms.ResultTo is null)
            {
                return CarryOverRefusals.ResultAccountNeeded(balance.Account);
            }

            if (!Money.TryDivideHalfAwayFromZero(balance.BaseBalance, terms.Rate, terms.ToDigits, out var value))
            {
                return CarryOverRefusals.BalanceTooLarge(balance.Account, balance.BaseBalance, terms.Rate);
            }

            var converted = Converted(balance, value, terms);
            parts.Add(balance.IsOfEarlierYears ? MovedTo(terms.ResultTo!.Value, converted, terms.To) : converted);
        }

        // Off-balance accounts balance among themselves, and a counterparty is an entry's.
        var entries = parts
            .GroupBy(part => (
                IsOffBalance: part.Type == AccountType.OffBalance, part.Counterparty,
                part.CounterpartyPerson?.Person))
            .OrderBy(together => together.Key.IsOffBalance)
            .ThenBy(together => together.Key.Counterparty, StringComparer.Ordinal)
            .ThenBy(together => together.Key.Person, StringComparer.Ordinal)
            .SelectMany(together => BalancedLines
                .Of(together, together.Key.IsOffBalance ? terms.OffBalanceDifference : terms.Difference, terms.To)
                .Select(lines => (together.Key.Counterparty, Person: NamedIn(together), Lines: lines)))
            .Select((entry, index) => new PostJournalEntry(
                EntryIds.Numbered(Series(terms.Source, terms.On), recorded.LastNumber + index + 1),
                terms.On, description, entry.Lines, EntryKind.Opening, Counterparty: entry.Counterparty,
                CounterpartyPerson: entry.Person))
            .ToValueList();
        var difference = entries.SelectMany(entry => entry.Lines)
            .Where(line => line.Account == terms.Difference && line.Currency is null)
            .Sum(line => line.Side == Side.Debit ? line.Amount : -line.Amount);
        return new EntryPlan(entries, null, difference + recorded.Balances
            .Where(part => part.Account == terms.Difference && part.Unit == terms.To)
            .Sum(part => part.Balance));
    }

    /// <summary>The series of the opening entries of a carry-over.</summary>
    public static string Series(string source, LocalDate on) => Invariant($"carry-over-{source}-{Texts.Shown(on)}");

    /// <summary>The account as the new chart has it.</summary>
    public static AccountDetails Account(AccountDetails account, CarryOverTerms terms) =>
        account.Currency == terms.From ? account with { Currency = terms.To } : account;

    /// <summary>The company as the new books have it.</summary>
    public static CompanySettings Successor(CompanySettings company, CarryOverTerms terms) => company with
    {
        Currency = terms.To,
        BooksFrom = terms.On,
        BooksTo = null,
        RetainedEarnings = company.RetainedEarnings ?? terms.ResultTo,
    };

    /// <summary>The old books may have lost a name that the new ones still have, and the other way round.</summary>
    private static PersonalText? NamedIn(IEnumerable<ClosingBalance> parts) =>
        parts.Select(part => part.CounterpartyPerson).OfType<PersonalText>().MaxBy(person => person.IsOpen);

    /// <param name="value">The part's value in the new currency.</param>
    private static ClosingBalance Converted(ClosingBalance balance, decimal value, CarryOverTerms terms) =>
        balance switch
        {
            _ when balance.Unit == terms.From => balance with { Unit = terms.To, Balance = value, BaseBalance = value },

            // What was foreign money in the old books is the new books' own: it keeps its amount.
            _ when balance.Unit == terms.To => balance with { BaseBalance = balance.Balance },
            _ => balance with { BaseBalance = value },
        };

    /// <summary>
    /// Results of earlier years are equity: a value, of which only what has no price, such as hours of leave, stays in
    /// its unit.
    /// </summary>
    private static ClosingBalance MovedTo(AccountCode result, ClosingBalance balance, UnitCode currency) =>
        balance.BaseBalance == 0
            ? new(result, AccountType.Equity, balance.Unit, balance.Balance, 0)
            : new(result, AccountType.Equity, currency, balance.BaseBalance, balance.BaseBalance);
}

public static class CarryOverRefusals
{
    public static Refusal RateOutOfRange(decimal rate) => new(
        "carry-over-rate-out-of-range",
        Invariant($"The rate {rate} is not possible: send how much of the old currency one of the new costs, ")
        + "which is 1 when both are the same.");

    public static Refusal BalanceTooLarge(AccountCode account, decimal balance, decimal rate) => new(
        "carry-over-balance-too-large",
        Invariant($"The balance {balance} of account {account} has more than 28 digits at the rate {rate}: ")
        + "send a rate that is how much of the old currency one of the new costs.");

    public static Refusal ResultAccountNeeded(AccountCode account) => new(
        "carry-over-result-account-needed",
        $"Account {account} holds results of earlier fiscal years: name the account of equity that takes them.");
}
