namespace Ledger.Domain.Journals;

/// <summary>
/// Cuts a long list of lines into entries that balance each, by lines on a contra account. Amounts are never negative:
/// the side says the direction.
/// </summary>
internal static class BalancedLines
{
    /// <summary>
    /// An entry may need one line on the contra account for each unit without a price and one for the functional
    /// currency, so half of its lines are kept for these.
    /// </summary>
    private const int LinesMax = (JournalDecider.LinesMax / 2) - 1;

    public static IEnumerable<ValueList<JournalLine>> Split(
        IReadOnlyCollection<JournalLine> lines, AccountCode contra, UnitCode currency) =>
        lines.Chunk(LinesMax).Select(part => Balance(part, contra, currency));

    /// <summary>
    /// Lines that put this much on an account: one, or two where the amount and its value point in different directions
    /// (a foreign balance whose exchange differences exceed it).
    /// </summary>
    /// <param name="amount">Above zero on the debit side.</param>
    /// <param name="baseAmount">The same in the functional currency; equal to the amount if that is the unit.</param>
    public static IEnumerable<JournalLine> Of(
        AccountCode account, UnitCode unit, decimal amount, decimal baseAmount, UnitCode currency,
        ValueMap<string>? dimensions = null)
    {
        if (amount == 0 && baseAmount == 0)
        {
            return [];
        }

        if (unit == currency)
        {
            return [new JournalLine(account, SideOf(amount), Math.Abs(amount), Dimensions: dimensions)];
        }

        var (side, baseSide) = (SideOf(amount), SideOf(baseAmount));
        if (amount == 0 || baseAmount == 0 || side == baseSide)
        {
            return
            [
                new JournalLine(
                    account, amount == 0 ? baseSide : side, Math.Abs(amount), unit, Math.Abs(baseAmount),
                    Dimensions: dimensions),
            ];
        }

        return
        [
            new JournalLine(account, side, Math.Abs(amount), unit, 0, Dimensions: dimensions),
            new JournalLine(account, baseSide, 0, unit, Math.Abs(baseAmount), Dimensions: dimensions),
        ];
    }

    private static ValueList<JournalLine> Balance(JournalLine[] lines, AccountCode contra, UnitCode currency)
    {
        var balanced = new List<JournalLine>(lines);
        var difference = lines.Sum(line => Signed(line, line.BaseAmount ?? line.Amount));
        balanced.AddRange(Of(contra, currency, -difference, -difference, currency));
        var isOneUnit = difference == 0 && lines.All(line => line.Currency == lines[0].Currency);
        foreach (var unit in lines.Where(line => line.Currency is not null).GroupBy(line => line.Currency!.Value))
        {
            var amount = unit.Sum(line => Signed(line, line.Amount));
            if (amount != 0 && (isOneUnit || unit.All(line => line.BaseAmount == 0)))
            {
                balanced.AddRange(Of(contra, unit.Key, -amount, 0, currency));
            }
        }

        return balanced.ToValueList();
    }

    private static Side SideOf(decimal amount) => amount < 0 ? Side.Credit : Side.Debit;

    private static decimal Signed(JournalLine line, decimal amount) => line.Side == Side.Debit ? amount : -amount;
}
