using Ledger.Domain.Accounts;
using Ledger.Projections.Statements;
using Ledger.Tests.Queries;
using NodaTime;

namespace Ledger.Tests.Reports;

/// <summary>A column as its definition says: whose lines it adds up.</summary>
/// <param name="Name">As the statement says.</param>
/// <param name="Known">The books as it knows them.</param>
/// <param name="From">Null in a balance sheet.</param>
/// <param name="Takes">Lines of its value of a dimension; all lines in a total.</param>
/// <param name="Side">The column that tells on which side an account that goes by its sign is shown.</param>
internal sealed record FoldColumn(
    string Name,
    BookFold Known,
    LocalDate? From,
    LocalDate To,
    BeforeKind Before,
    Func<BookLine, bool> Takes,
    int Side)
{
    /// <summary>What a statement leaves out at the end of a year counts in earlier ones.</summary>
    public IEnumerable<BookLine> Lines => Known.Lines
        .Where(line => line.BookedOn <= To && (From is null || line.BookedOn >= From) && Takes(line))
        .Where(line => BookFold.IsCounted(line.Kind, Before) || (From is null && line.BookedOn < Known.YearOf(To)));
}

/// <summary>
/// A figure that a statement is made of: an account's own postings, or a computed one beside an account. What stands
/// above it are the accounts on its path, from the highest down to its own.
/// </summary>
internal sealed record FoldFigure(string[] Path, string? Account, string Name, decimal[] Amounts);

/// <summary>The rows of statements, put together from the lines of the books as their definitions say.</summary>
/// <param name="chart">Tells names, types and parents.</param>
internal sealed class StatementFold(BookFold chart, IReadOnlyList<FoldColumn> columns)
{
    public List<string> Sheet() =>
    [
        .. Section("assets", "Total assets"),
        .. Section("liabilities", "Total liabilities"),
        .. Section("equity", "Total equity"),
    ];

    public List<string> Income() =>
    [
        .. Section("income", "Total income"),
        .. Section("expenses", "Total expenses"),
        Text("result", StatementRowKind.Total, null, "Result of the period", 0, Totals("income", "expenses", -1)),
    ];

    /// <summary>Total liabilities and equity, by column.</summary>
    public string Funding() => Text(
        "equity", StatementRowKind.Total, null, "Total liabilities and equity", 0,
        Totals("liabilities", "equity", 1));

    public static string Text(StatementRow row) =>
        Text(row.Section, row.Kind, row.Account, row.Name, row.Level, row.Amounts.Select(amount => amount.Value));

    private static string Text(
        string section, StatementRowKind kind, string? account, string name, int level, IEnumerable<decimal> amounts) =>
        $"{section} {kind} {account} '{name}' {level}: {string.Join(' ', amounts.Select(amount => $"{amount:0.00}"))}";

    private IEnumerable<string> Section(string section, string total)
    {
        var figures = Figures(section).Where(figure => figure.Amounts.Any(amount => amount != 0)).ToArray();
        var tops = figures.Where(figure => figure.Path.Length > 0).Select(figure => figure.Path[0]);
        return tops.Distinct().Order(StringComparer.Ordinal).SelectMany(top => Below([top], section, figures))
            .Append(Text(section, StatementRowKind.Total, null, total, 0, Sum(figures)));
    }

    /// <summary>The rows of an account and all below it.</summary>
    private IEnumerable<string> Below(string[] path, string section, FoldFigure[] figures)
    {
        bool Is(FoldFigure figure) => figure.Path.SequenceEqual(path);
        var level = path.Length - 1;
        var children = figures.Where(figure => figure.Path.Length > path.Length)
            .Where(figure => figure.Path.Take(path.Length).SequenceEqual(path)).ToArray();
        var own = figures.Where(figure => Is(figure) && figure.Account is not null).ToArray();
        var (code, name) = (path[^1], chart.Chart[path[^1]].Name);
        if (children.Length > 0)
        {
            yield return Text(section, StatementRowKind.Subtotal, code, name, level, Sum([.. own, .. children]));
        }

        foreach (var figure in own)
        {
            var at = children.Length > 0 ? level + 1 : level;
            yield return Text(section, StatementRowKind.Account, code, name, at, figure.Amounts);
        }

        foreach (var row in children.Select(figure => figure.Path[path.Length]).Distinct()
            .Order(StringComparer.Ordinal).SelectMany(child => Below([.. path, child], section, figures)))
        {
            yield return row;
        }

        foreach (var figure in figures.Where(figure => Is(figure) && figure.Account is null))
        {
            yield return Text(section, StatementRowKind.Computed, null, figure.Name, level, figure.Amounts);
        }
    }

    /// <summary>The figures of a section with its natural sign; those beside retained earnings come last.</summary>
    private IEnumerable<FoldFigure> Figures(string section)
    {
        foreach (var (code, account) in chart.Chart)
        {
            var amounts = columns.Select((column, i) => IsIn(section, code, account, i)
                ? Sign(section) * column.Lines.Where(line => line.Account == code).Sum(line => line.BaseBalance)
                : 0);
            yield return new(PathOf(code), code, account.Name, [.. amounts]);
        }

        if (section == "equity")
        {
            yield return new(PathOf("31"), null, "Unclosed result of earlier years", Results(earlier: true));
            yield return new(PathOf("31"), null, "Result of the year", Results(earlier: false));
        }
    }

    private bool IsIn(string section, string code, AccountDetails account, int column)
    {
        if (account is { BySign: true, Type: AccountType.Asset or AccountType.Liability })
        {
            var side = columns[columns[column].Side].Lines.Where(line => line.Account == code);
            return section == (side.Sum(line => line.BaseBalance) >= 0 ? "assets" : "liabilities");
        }

        return section == account.Type switch
        {
            AccountType.Asset => "assets",
            AccountType.Liability => "liabilities",
            AccountType.Equity => "equity",
            AccountType.Income => "income",
            AccountType.Expense => "expenses",
            _ => "",
        };
    }

    private decimal[] Results(bool earlier) =>
    [
        .. columns.Select(column => -column.Lines
            .Where(line => chart.IsResult(line) && line.BookedOn < column.Known.YearOf(column.To) == earlier)
            .Sum(line => line.BaseBalance)),
    ];

    /// <summary>The totals of two sections, the second one added or taken away.</summary>
    private IEnumerable<decimal> Totals(string section, string other, int sign) =>
        Sum([.. Figures(section)]).Zip(Sum([.. Figures(other)]), (one, two) => one + (sign * two));

    private decimal[] Sum(FoldFigure[] figures) =>
        [.. columns.Select((_, i) => figures.Sum(figure => figure.Amounts[i]))];

    private string[] PathOf(string code) =>
        chart.Chart[code].Parent is { } parent ? [.. PathOf(parent.Value), code] : [code];

    private static int Sign(string section) => section is "assets" or "expenses" ? 1 : -1;
}
