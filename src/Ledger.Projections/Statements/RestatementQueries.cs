using Ledger.Projections.Accounts;
using Ledger.Projections.Periods;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Projections.Statements;

/// <summary>
/// What became of a period after its end: what came late and was closed with it, and what restates what was closed.
/// The balance sheet is that of the period's last day, the income statement that of the period.
/// </summary>
public static class RestatementQueries
{
    public const string BalanceSheet = "balance-sheet";
    public const string IncomeStatement = "income-statement";

    private const int AtPeriodEnd = 0;
    private const int AsClosed = 1;
    private const int Now = 2;

    public static async Task<Answer<RestatementsThen>> RestatementsAsync(Snapshot snapshot, RestatementsRequest request)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(request);
        var first = request.Period.OnDayOfMonth(1);
        var last = first.PlusMonths(1).PlusDays(-1);
        var accounts = AccountQueries.Ask(snapshot);
        var changes = PeriodQueries.Ask(snapshot);
        await snapshot.SendAsync();
        var chart = accounts.Chart();
        var closing = PeriodQueries.FirstClosing(changes, first);
        var now = snapshot.Knowledge;
        var ended = Earlier(await snapshot.SettleAsync(new KnownAt.EndOf(last)), now);
        var closed = request.KnownFrom is { } from ? Earlier(await snapshot.SettleAsync(from), now)
            : closing is null ? now
            : new Knowledge(closing.Position, closing.Sequence, closing.Recorded);

        // What is compared may lie before the end of the period: then nothing of it was late.
        Knowledge[] known = [Earlier(ended, closed), closed, now];
        var sheet = await MadeAsync(snapshot, known, null, last);
        var income = await MadeAsync(snapshot, known, first, last);
        var sections = StatementQueries.BalanceSheetSections(sheet, snapshot.Company.RetainedEarnings);
        var (earned, spent) = StatementQueries.IncomeSections(income);
        var rows = new List<RestatementRow>();
        Add(rows, BalanceSheet, sections[0], "Total assets", snapshot);
        Add(rows, BalanceSheet, sections[1], "Total liabilities", snapshot);
        Add(rows, BalanceSheet, sections[2], "Total equity", snapshot);
        Add(rows, IncomeStatement, earned, "Total income", snapshot);
        Add(rows, IncomeStatement, spent, "Total expenses", snapshot);
        var result = earned.Total.Zip(spent.Total, Amount.Difference).ToArray();
        rows.Add(Row(
            IncomeStatement,
            new(StatementQueries.Result, StatementRowKind.Total, null, "Result of the period", 0,
                [.. result.Select(snapshot.Company.Base)]),
            snapshot));
        rows.RemoveAll(row => row is { Late.Value: 0, Change.Value: 0 });

        var times = new RestatementTimes(ended.Position, closing?.Position ?? long.MaxValue, closed.Position);
        var (entries, more) = await RestatementEntries.PageAsync(snapshot, request, times, chart, changes);
        return new RestatementsThen(
            first,
            last,
            closing?.Recorded,
            closed.Instant,
            closed.Sequence,
            Effect(result, snapshot),
            Effect(sections[2].Total, snapshot),
            rows,
            entries,
            more);
    }

    private static Knowledge Earlier(Knowledge one, Knowledge other) => one.Position <= other.Position ? one : other;

    /// <summary>A statement with a column for each knowledge.</summary>
    private static async Task<MadeStatement> MadeAsync(
        Snapshot snapshot, IReadOnlyList<Knowledge> known, LocalDate? from, LocalDate to)
    {
        var plan = StatementPlan.Of(snapshot, known, from, to);
        var before = from is null ? BeforeKind.Nothing : BeforeKind.Closing;
        return await StatementQueries.MakeAsync(snapshot, plan, DimensionQuery.None, before);
    }

    private static void Add(
        List<RestatementRow> rows, string statement, StatementSection section, string totalName, Snapshot snapshot) =>
        rows.AddRange(section.Rows(snapshot.Company.Base, totalName).Select(row => Row(statement, row, snapshot)));

    private static RestatementRow Row(string statement, StatementRow row, Snapshot snapshot)
    {
        var amounts = row.Amounts;
        Amount Between(int earlier, int later) =>
            snapshot.Company.Base(Amount.Difference(amounts[later].Value, amounts[earlier].Value));
        return new(
            statement, row.Section, row.Kind, row.Account, row.Name, row.Level,
            Between(AtPeriodEnd, AsClosed), amounts[AsClosed], Between(AsClosed, Now), amounts[Now]);
    }

    private static RestatementEffect Effect(IReadOnlyList<decimal> figures, Snapshot snapshot) => new(
        snapshot.Company.Base(figures[AsClosed]),
        snapshot.Company.Base(Amount.Difference(figures[Now], figures[AsClosed])),
        snapshot.Company.Base(figures[Now]));
}
