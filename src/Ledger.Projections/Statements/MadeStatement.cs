using Ledger.Projections.Accounts;
using Ledger.Projections.Balances;
using Ledger.Projections.Queries;

namespace Ledger.Projections.Statements;

/// <summary>An account in a column: debit − credit in the functional currency.</summary>
/// <param name="Year">Over the range of the column; in a balance sheet, of the fiscal year.</param>
/// <param name="YearsBefore">In a balance sheet: of all earlier years.</param>
internal readonly record struct Figure(decimal Year, decimal YearsBefore)
{
    public decimal All => Amount.Sum(Year, YearsBefore);

    public static Figure operator +(Figure left, Figure right) =>
        new(Amount.Sum(left.Year, right.Year), Amount.Sum(left.YearsBefore, right.YearsBefore));
}

/// <summary>Columns, chart, and the figures of each account's own postings, one a column.</summary>
internal sealed record MadeStatement(
    StatementPlan Plan, ChartThen Chart, SortedDictionary<string, Figure[]> Figures)
{
    public static MadeStatement Of(StatementPlan plan, ChartThen chart, Turnovers sums)
    {
        var figures = new SortedDictionary<string, Figure[]>(StringComparer.Ordinal);
        foreach (var (key, turnovers) in sums.All)
        {
            if (!figures.TryGetValue(key.Account, out var row))
            {
                figures.Add(key.Account, row = new Figure[plan.Columns.Count]);
            }

            for (var i = 0; i < plan.Columns.Count; i++)
            {
                var planned = plan.Columns[i];
                if (planned.AllValues || planned.Column.Value == key.Value)
                {
                    var (range, before) = plan.Ranges[planned.Range];
                    row[i] += new Figure(
                        turnovers[range].BaseBalance, before < 0 ? 0 : turnovers[before].BaseBalance);
                }
            }
        }

        return new(plan, chart, figures);
    }
}
