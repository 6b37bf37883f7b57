using Ledger.Domain.Journals;
using Ledger.Projections.Queries;
using Ledger.Projections.Statements;
using Ledger.Tests.Queries;
using NodaTime;

namespace Ledger.Tests.Reports;

public sealed class StatementQueriesTests(QueryBooks books) : IClassFixture<QueryBooks>
{
    private const int Entries = 120;

    private static readonly BeforeKind[] Befores = [BeforeKind.Nothing, BeforeKind.Closing, BeforeKind.Adjustment];

    [Fact]
    public async Task A_balance_sheet_balances_and_a_trial_balance_too_whatever_is_asked()
    {
        var moved = 0;
        foreach (var (company, script, events, random) in await AllAsync("sheets", 6))
        {
            for (var i = 0; i < 15; i++)
            {
                var asOf = script.First.PlusDays(random.Next(0, 520));
                var known = events[random.Next(RandomBooks.Openings, events.Count)];
                var before = Befores[random.Next(3)];
                var request = new StatementRequest(
                    asOf.PlusMonths(-3), asOf, new(null, asOf.PlusDays(-40), new KnownAt.OfSequence(known.Sequence)),
                    random.Next(2) == 0, random.Next(3) == 0 ? new("department", []) : DimensionQuery.None, before);

                var sheet = await books.AskAsync(
                    company, KnownAt.Now, snapshot => StatementQueries.BalanceSheetAsync(snapshot, request));
                var trial = await books.AskAsync(
                    company, new KnownAt.OfSequence(known.Sequence), snapshot => TrialBalanceQueries.TrialBalanceAsync(
                        snapshot, asOf.PlusDays(-random.Next(300)), asOf, DimensionQuery.None, before));

                Assert.All(
                    sheet.Columns.Zip(sheet.Difference)
                        .Where(each => request.Dimension.By is null || each.First.Name.Contains("total")),
                    each => Assert.Equal("0.00", each.Second.ToString()));
                Assert.Equal(trial.Totals.OpeningDebit, trial.Totals.OpeningCredit);
                Assert.Equal(trial.Totals.Debit, trial.Totals.Credit);
                Assert.Equal(trial.Totals.ClosingDebit, trial.Totals.ClosingCredit);
                moved += trial.Totals.ClosingDebit.Value > 0 ? 1 : 0;
            }
        }

        Assert.True(moved > 45, $"Only {moved} of 90 trial balances held anything.");
    }

    [Fact]
    public async Task A_statement_is_the_sum_of_the_lines_by_type()
    {
        foreach (var (company, script, events, random) in await AllAsync("sums", 6))
        {
            for (var i = 0; i < 15; i++)
            {
                var to = script.First.PlusDays(random.Next(0, 520));
                var from = to.PlusDays(-random.Next(200));
                var known = events[random.Next(RandomBooks.Openings, events.Count)];
                var before = Befores[random.Next(3)];
                var request = new StatementRequest(from, to, null, false, DimensionQuery.None, before);

                var income = await books.AskAsync(
                    company, new KnownAt.OfSequence(known.Sequence),
                    snapshot => StatementQueries.IncomeStatementAsync(snapshot, request));
                var sheet = await books.AskAsync(
                    company, new KnownAt.OfSequence(known.Sequence),
                    snapshot => StatementQueries.BalanceSheetAsync(snapshot, request));

                var lines = QueryBooks.Lines(events, known.Position).Where(line => line.BookedOn <= to).ToArray();
                Assert.Equal(
                    Of(lines, line => line.BookedOn >= from && IsCounted(line.Kind, before, closing: false), "4", "5"),
                    -Total(income, "Result of the period"));
                var year = Year(script, to);
                Assert.Equal(
                    Of(lines, line => line.BookedOn < year || IsCounted(line.Kind, before, closing: true), "1"),
                    Net(sheet, "1"));
                Assert.Equal(
                    -Of(lines, line => line.BookedOn >= year && IsCounted(line.Kind, before, closing: true), "4", "5"),
                    Total(sheet, "Result of the year"));
                Assert.Equal(
                    -Of(lines, line => line.BookedOn < year, "4", "5"),
                    Total(sheet, TrialBalanceQueries.UnclosedName));
            }
        }
    }

    [Fact]
    public async Task Months_and_values_of_a_dimension_add_up_to_the_total()
    {
        foreach (var (company, script, _, _) in await AllAsync("columns", 3))
        {
            StatementRequest Request(bool byMonth, DimensionQuery dimension) => new(
                script.First, script.First.PlusDays(400), null, byMonth, dimension, BeforeKind.Nothing);
            var whole = await IncomeAsync(company, Request(false, DimensionQuery.None));
            var months = await IncomeAsync(company, Request(true, DimensionQuery.None));
            var values = await IncomeAsync(company, Request(false, new("department", [])));

            Assert.Equal(15, months.Columns.Count);
            Assert.Equal(
                ["it", "ops", "sales", "without department", "total"], values.Columns.Select(each => each.Name));
            foreach (var statement in new[] { months, values })
            {
                Assert.Equal(
                    whole.Rows.Select(row => (row.Name, row.Kind, row.Level, row.Amounts[0])),
                    statement.Rows.Where(row => row.Kind == StatementRowKind.Total || row.Amounts[^1].Value != 0)
                        .Select(row => (row.Name, row.Kind, row.Level, row.Amounts[^1])));
                Assert.All(statement.Rows, row =>
                    Assert.Equal(row.Amounts[^1].Value, row.Amounts.SkipLast(1).Sum(amount => amount.Value)));
            }
        }
    }

    private Task<Statement> IncomeAsync(string company, StatementRequest request) => books.AskAsync(
        company, KnownAt.Now, snapshot => StatementQueries.IncomeStatementAsync(snapshot, request));

    private async Task<List<(string, RandomBooks, IReadOnlyList<BookEvent>, Random)>> AllAsync(string name, int seeds)
    {
        var all = new List<(string, RandomBooks, IReadOnlyList<BookEvent>, Random)>();
        for (var seed = 1; seed <= seeds; seed++)
        {
            var script = new RandomBooks(seed);
            var company = $"{name}-{seed}";
            all.Add((company, script, await books.AppendAsync(company, script.Events(Entries)), new Random(seed)));
        }

        return all;
    }

    /// <summary>Debit − credit of the accounts whose codes begin like this, in the functional currency.</summary>
    private static decimal Of(IEnumerable<BookLine> lines, Func<BookLine, bool> counts, params string[] codes) => lines
        .Where(line => counts(line) && codes.Contains(line.Account[..1]))
        .Sum(line => line.BaseDebit - line.BaseCredit);

    private static bool IsCounted(EntryKind kind, BeforeKind before, bool closing) => kind switch
    {
        EntryKind.Closing => closing && before == BeforeKind.Nothing,
        EntryKind.Adjustment => before != BeforeKind.Adjustment,
        _ => true,
    };

    private static LocalDate Year(RandomBooks script, LocalDate day)
    {
        var start = script.FiscalYearStart.InYear(day.Year);
        return start <= day ? start : script.FiscalYearStart.InYear(day.Year - 1);
    }

    private static decimal Total(Statement statement, string name) =>
        statement.Rows.Where(row => row.Name == name).Select(row => row.Amounts[0].Value).SingleOrDefault();

    /// <summary>What accounts hold on either side of the sheet, as debit − credit.</summary>
    private static decimal Net(Statement sheet, string code) => sheet.Rows
        .Where(row => row.Kind == StatementRowKind.Account && row.Account!.StartsWith(code, StringComparison.Ordinal))
        .Sum(row => (row.Section == StatementQueries.Assets ? 1 : -1) * row.Amounts[0].Value);
}
