using Ledger.Projections.Accounts;
using Ledger.Projections.Queries;

namespace Ledger.Projections.Statements;

/// <summary>
/// One section of a statement: figures of accounts and computed ones, put below each other by the chart's hierarchy. An
/// account that holds figures here stands below its parents, whatever their type, and they are subtotals.
/// </summary>
/// <param name="name">As rows name it: <c>assets</c>, <c>income</c> ….</param>
/// <param name="columns">How many figures each row has.</param>
/// <param name="chart">Tells names and parents.</param>
/// <param name="sign">1 where debit is the natural side, else −1.</param>
internal sealed class StatementSection(string name, int columns, ChartThen chart, int sign)
{
    private readonly SortedDictionary<string, decimal[]> figures = new(StringComparer.Ordinal);
    private readonly List<(string Name, string? Beside, decimal[] Figures)> computed = [];
    private readonly decimal[] total = new decimal[columns];

    /// <summary>With the natural sign.</summary>
    public IReadOnlyList<decimal> Total => total;

    /// <param name="account">Whose own postings they are.</param>
    /// <param name="column">Which column.</param>
    /// <param name="balance">Debit − credit.</param>
    public void Add(string account, int column, decimal balance)
    {
        if (!figures.TryGetValue(account, out var row))
        {
            figures.Add(account, row = new decimal[columns]);
        }

        row[column] = Amount.Sum(row[column], sign * balance);
        total[column] = Amount.Sum(total[column], sign * balance);
    }

    /// <summary>Adds figures that no account holds.</summary>
    /// <param name="label">What they are called.</param>
    /// <param name="beside">The account behind which they stand; at the end when null.</param>
    /// <param name="balances">Debit − credit, one a column.</param>
    public void AddComputed(string label, string? beside, IReadOnlyList<decimal> balances)
    {
        var row = balances.Select(balance => sign * balance).ToArray();
        for (var i = 0; i < columns; i++)
        {
            total[i] = Amount.Sum(total[i], row[i]);
        }

        computed.Add((label, beside is not null && chart.Has(beside) ? beside : null, row));
    }

    /// <summary>The rows, and the total behind them.</summary>
    public IEnumerable<StatementRow> Rows(Func<decimal, Amount> amount, string totalName)
    {
        var children = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        var roots = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var shown = figures.Where(each => Array.Exists(each.Value, figure => figure != 0)).Select(each => each.Key)
            .Concat(computed.Where(each => IsShown(each.Figures)).Select(each => each.Beside).OfType<string>());
        foreach (var account in shown)
        {
            for (var code = account; seen.Add(code);)
            {
                if (chart.Of(code).Parent is not { } parent || !chart.Has(parent))
                {
                    roots.Add(code);
                    break;
                }

                (children.TryGetValue(parent, out var below) ? below : children[parent] = []).Add(code);
                code = parent;
            }
        }

        return roots.SelectMany(root => Below(root, 0, children, amount))
            .Concat(computed.Where(each => each.Beside is null && IsShown(each.Figures))
                .Select(each => Row(StatementRowKind.Computed, null, each.Name, 0, each.Figures, amount)))
            .Append(Row(StatementRowKind.Total, null, totalName, 0, total, amount));
    }

    private IEnumerable<StatementRow> Below(
        string code, int level, SortedDictionary<string, List<string>> children, Func<decimal, Amount> amount)
    {
        var own = figures.GetValueOrDefault(code) ?? new decimal[columns];
        var beside = computed.Where(each => each.Beside == code && IsShown(each.Figures));
        if (children.TryGetValue(code, out var below))
        {
            yield return Row(
                StatementRowKind.Subtotal, code, chart.Of(code).Name, level, SumOf(code, children), amount);
            if (IsShown(own))
            {
                yield return Row(StatementRowKind.Account, code, chart.Of(code).Name, level + 1, own, amount);
            }

            foreach (var row in below.Order(StringComparer.Ordinal)
                .SelectMany(child => Below(child, level + 1, children, amount)))
            {
                yield return row;
            }
        }
        else if (IsShown(own))
        {
            yield return Row(StatementRowKind.Account, code, chart.Of(code).Name, level, own, amount);
        }

        foreach (var each in beside)
        {
            yield return Row(StatementRowKind.Computed, null, each.Name, level, each.Figures, amount);
        }
    }

    /// <summary>The account with everything below it; what stands beside a child belongs to its parent.</summary>
    private decimal[] SumOf(string code, SortedDictionary<string, List<string>> children)
    {
        var sum = (decimal[])(figures.GetValueOrDefault(code) ?? new decimal[columns]).Clone();
        foreach (var child in children.GetValueOrDefault(code) ?? [])
        {
            var besides = computed.Where(each => each.Beside == child).Select(each => each.Figures);
            foreach (var figure in besides.Prepend(SumOf(child, children)))
            {
                for (var i = 0; i < columns; i++)
                {
                    sum[i] = Amount.Sum(sum[i], figure[i]);
                }
            }
        }

        return sum;
    }

    private StatementRow Row(
        StatementRowKind kind, string? account, string label, int level, decimal[] row, Func<decimal, Amount> amount) =>
        new(name, kind, account, label, level, [.. row.Select(amount)]);

    private static bool IsShown(decimal[] row) => Array.Exists(row, figure => figure != 0);
}
