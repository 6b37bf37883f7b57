using Ledger.Domain.Accounts;
using Ledger.Projections.Accounts;
using Ledger.Projections.Dimensions;
using Ledger.Projections.Queries;

namespace Ledger.Projections.Statements;

/// <summary>Balance sheets and income statements, as known then.</summary>
public static class StatementQueries
{
    public const string Assets = "assets";
    public const string Liabilities = "liabilities";
    public const string Equity = "equity";
    public const string Income = "income";
    public const string Expenses = "expenses";
    public const string Result = "result";

    /// <summary>
    /// What the company owns, owes and is left with at the end of a day. The result of the fiscal year, and that of
    /// earlier years as far as no entry closed it, stand beside the account of retained earnings. It balances.
    /// </summary>
    public static async Task<Answer<Statement>> BalanceSheetAsync(Snapshot snapshot, StatementRequest request)
    {
        var made = await MakeAsync(snapshot, request, counting: true);
        var sections = BalanceSheetSections(made, snapshot.Company.RetainedEarnings);
        var (assets, liabilities, equity) = (sections[0], sections[1], sections[2]);
        var company = snapshot.Company;
        var funding = Sum(liabilities.Total, equity.Total, 1);
        IEnumerable<StatementRow> rows =
        [
            .. assets.Rows(company.Base, "Total assets"),
            .. liabilities.Rows(company.Base, "Total liabilities"),
            .. equity.Rows(company.Base, "Total equity"),
            new(Equity, StatementRowKind.Total, null, "Total liabilities and equity", 0,
                [.. funding.Select(company.Base)]),
        ];
        return Made(snapshot, request, made, rows, Sum(assets.Total, funding, -1), counting: true);
    }

    /// <summary>What was earned and spent from a day to another, without entries of kind closing.</summary>
    public static async Task<Answer<Statement>> IncomeStatementAsync(Snapshot snapshot, StatementRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Before == BeforeKind.Nothing)
        {
            request = request with { Before = BeforeKind.Closing };
        }

        var made = await MakeAsync(snapshot, request, counting: false);
        var (income, expenses) = IncomeSections(made);
        var company = snapshot.Company;
        IEnumerable<StatementRow> rows =
        [
            .. income.Rows(company.Base, "Total income"),
            .. expenses.Rows(company.Base, "Total expenses"),
            new(Result, StatementRowKind.Total, null, "Result of the period", 0,
                [.. Sum(income.Total, expenses.Total, -1).Select(company.Base)]),
        ];
        return Made(snapshot, request, made, rows, [], counting: false);
    }

    internal static (StatementSection Income, StatementSection Expenses) IncomeSections(MadeStatement made)
    {
        var columns = made.Plan.Columns.Count;
        var income = new StatementSection(Income, columns, made.Chart, -1);
        var expenses = new StatementSection(Expenses, columns, made.Chart, 1);
        foreach (var (account, figures) in made.Figures)
        {
            var section = made.Chart.Of(account).Type switch
            {
                AccountType.Income => income,
                AccountType.Expense => expenses,
                _ => null,
            };
            for (var i = 0; section is not null && i < columns; i++)
            {
                section.Add(account, i, figures[i].Year);
            }
        }

        return (income, expenses);
    }

    internal static StatementSection[] BalanceSheetSections(MadeStatement made, string? retainedEarnings)
    {
        var columns = made.Plan.Columns.Count;
        var assets = new StatementSection(Assets, columns, made.Chart, 1);
        var liabilities = new StatementSection(Liabilities, columns, made.Chart, -1);
        var equity = new StatementSection(Equity, columns, made.Chart, -1);
        var (ofYear, ofEarlier) = (new decimal[columns], new decimal[columns]);
        foreach (var (account, figures) in made.Figures)
        {
            var then = made.Chart.Of(account);
            for (var i = 0; i < columns; i++)
            {
                var balance = figures[i].All;
                var isDebit = figures[made.Plan.SignOf(i)].All >= 0;
                switch (then.Type)
                {
                    case AccountType.Asset or AccountType.Liability when then.BySign:
                        (isDebit ? assets : liabilities).Add(account, i, balance);
                        break;
                    case AccountType.Asset:
                        assets.Add(account, i, balance);
                        break;
                    case AccountType.Liability:
                        liabilities.Add(account, i, balance);
                        break;
                    case AccountType.Equity:
                        equity.Add(account, i, balance);
                        break;
                    case AccountType.Income or AccountType.Expense:
                        ofYear[i] = Amount.Sum(ofYear[i], figures[i].Year);
                        ofEarlier[i] = Amount.Sum(ofEarlier[i], figures[i].YearsBefore);
                        break;
                    default:
                        break;
                }
            }
        }

        equity.AddComputed(TrialBalanceQueries.UnclosedName, retainedEarnings, ofEarlier);
        equity.AddComputed("Result of the year", retainedEarnings, ofYear);
        return [assets, liabilities, equity];
    }

    internal static async Task<MadeStatement> MakeAsync(Snapshot snapshot, StatementRequest request, bool counting) =>
        await MakeAsync(
            snapshot, await StatementPlan.OfAsync(snapshot, request, counting), request.Dimension, request.Before);

    internal static async Task<MadeStatement> MakeAsync(
        Snapshot snapshot, StatementPlan plan, DimensionQuery dimension, BeforeKind before)
    {
        var accounts = AccountQueries.Ask(snapshot);
        var names = DimensionQueries.Ask(snapshot, dimension.By);
        plan.Movements.Ask(snapshot, null, dimension);
        await snapshot.SendAsync();
        var earlierYears = plan.Ranges.Select(range => range.YearsBefore).ToHashSet();
        var sums = plan.Movements.Sums(
            (range, movement) => earlierYears.Contains(range) || before.Counts(movement.Kind));
        plan.AddColumns(sums.All.Select(each => each.Key.Value), names, dimension);
        return MadeStatement.Of(plan, accounts.Chart(), sums);
    }

    private static Statement Made(
        Snapshot snapshot,
        StatementRequest request,
        MadeStatement made,
        IEnumerable<StatementRow> rows,
        IReadOnlyList<decimal> difference,
        bool counting) => new(
            snapshot.Company.Code,
            counting ? null : request.From,
            request.To,
            snapshot.Knowledge.Instant,
            snapshot.Knowledge.Sequence,
            snapshot.Company.Currency,
            snapshot.Company.FiscalYearOf(request.To),
            request.Before,
            [.. made.Plan.Columns.Select(each => each.Column)],
            [.. rows],
            [.. difference.Select(snapshot.Company.Base)]);

    private static decimal[] Sum(IReadOnlyList<decimal> left, IReadOnlyList<decimal> right, int sign) =>
        [.. left.Select((figure, i) => Amount.Sum(figure, sign * right[i]))];
}
