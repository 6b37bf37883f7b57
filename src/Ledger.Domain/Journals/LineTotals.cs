using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;

namespace Ledger.Domain.Journals;

/// <summary>
/// The sums of an entry's lines (of those of off-balance accounts, or of all others) and whether they balance.
/// </summary>
internal struct LineTotals(Company company)
{
    private readonly UnitCode currency = company.Currency;
    private readonly int digits = company.CurrencyDigits;
    private decimal baseDebits = new(0, 0, 0, false, (byte)company.CurrencyDigits);
    private decimal baseCredits = new(0, 0, 0, false, (byte)company.CurrencyDigits);
    private UnitCode unit;
    private decimal debits;
    private decimal credits;
    private int count;
    private int converted;
    private bool isOneUnit = true;
    private bool hasUnpriced;

    /// <summary>Adds a decided line; refuses a sum beyond 28 digits.</summary>
    public Refusal? Add(JournalLine line)
    {
        var baseAmount = line.InFunctionalCurrency();
        if (!Money.TryAdd(ref line.Side == Side.Debit ? ref baseDebits : ref baseCredits, baseAmount, digits))
        {
            return JournalRefusals.SumTooLarge(currency);
        }

        var lineUnit = line.UnitIn(currency);
        unit = count == 0 ? lineUnit : unit;
        isOneUnit = isOneUnit && unit == lineUnit;
        count++;
        if (line.Resolved is null)
        {
            return null;
        }

        converted += line.Rate is null ? 0 : 1;
        hasUnpriced |= baseAmount == 0 && line.Rate is null;
        return isOneUnit && !Money.TryAdd(
            ref line.Side == Side.Debit ? ref debits : ref credits, line.Amount, line.Amount.Scale)
            ? JournalRefusals.SumTooLarge(lineUnit)
            : null;
    }

    /// <summary>
    /// Whether the lines balance; gives the remainder of rounding to a line, where the service converted.
    /// </summary>
    public readonly Refusal? Check(JournalLine[] lines, Books books, bool isOffBalance)
    {
        if (isOneUnit && debits != credits)
        {
            return NotBalanced(debits, credits, unit, isOffBalance);
        }

        if (baseDebits != baseCredits && !TryGiveAwayRemainder(lines, books, isOffBalance))
        {
            return NotBalanced(baseDebits, baseCredits, currency, isOffBalance);
        }

        return hasUnpriced ? CheckUnpriced(lines, books, isOffBalance) : null;
    }

    private static Refusal NotBalanced(decimal debits, decimal credits, UnitCode unit, bool isOffBalance) =>
        isOffBalance
            ? JournalRefusals.OffBalanceNotBalanced(debits, credits, unit)
            : JournalRefusals.NotBalanced(debits, credits, unit);

    /// <summary>
    /// Rounding explains at most half a minor unit for each converted line, and only what the conversion left: before
    /// any rounding the lines must balance as closely as the amounts could be sent. The remainder goes to the largest
    /// converted line that keeps its sign; among equals the order of the lines makes no difference to any account.
    /// </summary>
    private readonly bool TryGiveAwayRemainder(JournalLine[] lines, Books books, bool isOffBalance)
    {
        var remainder = baseDebits - baseCredits;
        if (Math.Abs(remainder) * 2 > converted * new decimal(1, 0, 0, false, (byte)digits)
            || !BalancesUnrounded(lines, books, isOffBalance))
        {
            return false;
        }

        var largest = -1;
        for (var i = 0; i < lines.Length; i++)
        {
            if (IsMine(lines[i], books, isOffBalance) && lines[i] is { Rate: not null, Resolved: not null }
                && Math.Sign(lines[i].Amount) * Math.Sign(Adjusted(lines[i], remainder)) >= 0
                && (largest < 0 || Compare(lines[i], lines[largest]) > 0))
            {
                largest = i;
            }
        }

        if (largest < 0)
        {
            return false;
        }

        var line = lines[largest];
        lines[largest] = line with { Resolved = line.Resolved! with { BaseAmount = Adjusted(line, remainder) } };
        return true;
    }

    /// <summary>
    /// Whether debits and credits are the same before rounding, but for half a minor unit of each amount that was sent
    /// in the functional currency; where none was, but for half a minor unit of the coarsest amount.
    /// </summary>
    private readonly bool BalancesUnrounded(JournalLine[] lines, Books books, bool isOffBalance)
    {
        var (difference, given, coarsest) = (0m, 0, 0m);
        foreach (var line in lines)
        {
            if (!IsMine(line, books, isOffBalance))
            {
                continue;
            }

            var exact = line.Rate is { } rate ? line.Amount * rate : line.InFunctionalCurrency();
            difference += line.Side == Side.Debit ? exact : -exact;
            given += line.Rate is null ? 1 : 0;
            coarsest = Math.Max(coarsest, new decimal(1, 0, 0, false, line.Amount.Scale) * (line.Rate ?? 0m));
        }

        var grain = given > 0 ? given * new decimal(1, 0, 0, false, (byte)digits) : coarsest;
        return Math.Abs(difference) * 2 <= grain;
    }

    private static decimal Adjusted(JournalLine line, decimal remainder) =>
        line.Resolved!.BaseAmount + (line.Side == Side.Debit ? -remainder : remainder);

    private static int Compare(JournalLine one, JournalLine other)
    {
        var order = Math.Abs(one.Resolved!.BaseAmount).CompareTo(Math.Abs(other.Resolved!.BaseAmount));
        order = order != 0 ? order : other.Account.CompareTo(one.Account);
        order = order != 0 ? order : other.Side.CompareTo(one.Side);
        return order != 0 ? order : other.Resolved.Unit.CompareTo(one.Resolved.Unit);
    }

    /// <summary>A unit whose base amounts are all given as 0 has no price, so its own amounts must balance.</summary>
    private readonly Refusal? CheckUnpriced(JournalLine[] lines, Books books, bool isOffBalance)
    {
        var seen = new HashSet<UnitCode>();
        foreach (var first in lines)
        {
            if (first.Resolved is null || !IsMine(first, books, isOffBalance) || !seen.Add(first.Resolved.Unit))
            {
                continue;
            }

            var (unpricedDebits, unpricedCredits, isPriced) = (0m, 0m, false);
            foreach (var line in lines)
            {
                if (line.Resolved?.Unit == first.Resolved.Unit && IsMine(line, books, isOffBalance))
                {
                    isPriced |= line.Resolved.BaseAmount != 0 || line.Rate is not null;
                    if (!Money.TryAdd(
                        ref line.Side == Side.Debit ? ref unpricedDebits : ref unpricedCredits,
                        line.Amount, line.Amount.Scale))
                    {
                        return JournalRefusals.SumTooLarge(line.Resolved.Unit);
                    }
                }
            }

            if (!isPriced && unpricedDebits != unpricedCredits)
            {
                return JournalRefusals.UnpricedNotBalanced(unpricedDebits, unpricedCredits, first.Resolved.Unit);
            }
        }

        return null;
    }

    private static bool IsMine(JournalLine line, Books books, bool isOffBalance) =>
        books.Chart.Find(line.Account)?.Details.Type == AccountType.OffBalance == isOffBalance;
}
