namespace Ledger.Domain.Journals;

/// <summary>
/// Cuts what is to be put on accounts into entries that balance each, by lines on a contra account. Amounts are never
/// negative: the side says the direction.
/// </summary>
internal static class BalancedLines
{
    /// <summary>
    /// A part may need two lines, or one and a line on the contra account for a unit without a price; one more line
    /// takes what is missing in the functional currency.
    /// </summary>
    private const int PartsMax = (JournalDecider.LinesMax / 2) - 1;

    /// <param name="balances">Put on their accounts, added up by account, unit and dimensions; in any order.</param>
    /// <param name="contra">
    /// Takes what is missing in the functional currency. What the balances themselves say of that follows from all
    /// others, because books balance, and is passed over.
    /// </param>
    /// <param name="currency">The functional currency.</param>
    public static IEnumerable<ValueList<JournalLine>> Of(
        IEnumerable<ClosingBalance> balances, AccountCode contra, UnitCode currency)
    {
        var parts = balances
            .Select(each => new Part(each.Account, each.Unit, each.Dimensions, each.Balance, each.BaseBalance))
            .Where(part => part.Account != contra || part.Unit != currency || part.Dimensions is not null);
        return Sums(parts)
            .Chunk(PartsMax)
            .Select(portion => Balanced(portion, contra, currency))
            .Where(lines => lines.Count > 0);
    }

    private static ValueList<JournalLine> Balanced(Part[] parts, AccountCode contra, UnitCode currency)
    {
        var missing = -parts.Sum(part => part.Value);
        var balanced = parts.Append(new Part(contra, currency, null, missing, missing)).ToList();
        var isOneUnit = missing == 0 && Array.TrueForAll(parts, part => part.Unit == parts[0].Unit);
        foreach (var unit in parts.Where(part => part.Unit != currency).GroupBy(part => part.Unit))
        {
            if (isOneUnit || unit.All(part => part.Value == 0))
            {
                balanced.Add(new Part(contra, unit.Key, null, -unit.Sum(part => part.Amount), 0));
            }
        }

        return Sums(balanced)
            .OrderBy(part => part.Account == contra)
            .SelectMany(part => Lines(part, currency))
            .ToValueList();
    }

    private static IEnumerable<Part> Sums(IEnumerable<Part> parts) => parts
        .GroupBy(part => (part.Account, part.Unit, part.Dimensions))
        .Select(same => new Part(
            same.Key.Account, same.Key.Unit, same.Key.Dimensions,
            same.Sum(part => part.Amount), same.Sum(part => part.Value)))
        .Where(sum => sum.Amount != 0 || sum.Value != 0)
        .OrderBy(sum => sum.Account)
        .ThenBy(sum => sum.Unit)
        .ThenBy(sum => sum.Dimensions?.ToString(), StringComparer.Ordinal);

    /// <summary>
    /// One line, or two where the amount and its value point in different directions (a foreign balance whose exchange
    /// differences exceed it).
    /// </summary>
    private static IEnumerable<JournalLine> Lines(Part part, UnitCode currency)
    {
        var (amount, value) = (Math.Abs(part.Amount), Math.Abs(part.Value));
        var (side, valueSide) = (SideOf(part.Amount), SideOf(part.Value));
        if (part.Unit == currency)
        {
            yield return new JournalLine(part.Account, side, amount, Dimensions: part.Dimensions);
        }
        else if (amount == 0 || value == 0 || side == valueSide)
        {
            yield return new JournalLine(
                part.Account, amount == 0 ? valueSide : side, amount, part.Unit, value, Dimensions: part.Dimensions);
        }
        else
        {
            yield return new JournalLine(part.Account, side, amount, part.Unit, 0, Dimensions: part.Dimensions);
            yield return new JournalLine(part.Account, valueSide, 0, part.Unit, value, Dimensions: part.Dimensions);
        }
    }

    private static Side SideOf(decimal amount) => amount < 0 ? Side.Credit : Side.Debit;

    /// <param name="Amount">In the unit; above zero on the debit side.</param>
    /// <param name="Value">The same in the functional currency; equal to the amount if that is the unit.</param>
    private readonly record struct Part(
        AccountCode Account, UnitCode Unit, ValueMap<string>? Dimensions, decimal Amount, decimal Value);
}
