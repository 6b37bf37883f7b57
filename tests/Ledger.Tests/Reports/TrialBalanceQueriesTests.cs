using Ledger.Domain.Accounts;
using Ledger.Projections.Queries;
using Ledger.Projections.Statements;
using Ledger.Tests.Queries;
using NodaTime;

namespace Ledger.Tests.Reports;

public sealed class TrialBalanceQueriesTests(QueryBooks books) : IClassFixture<QueryBooks>
{
    private const int Entries = 120;

    [Fact]
    public async Task Every_row_is_the_sum_of_its_lines_on_both_clocks()
    {
        var (rows, unclosed, overYears) = (0, 0, 0);
        for (var seed = 1; seed <= 6; seed++)
        {
            var (script, company, random) = (new RandomBooks(seed), $"trial-{seed}", new Random(seed));
            var events = await books.AppendAsync(company, script.Events(Entries));
            for (var i = 0; i < 20; i++)
            {
                var from = script.First.PlusDays(random.Next(-200, 500));
                var to = from.PlusDays(random.Next(500));
                var known = events[random.Next(RandomBooks.Openings, events.Count)];
                var before = (BeforeKind)random.Next(3);
                var dimension = Dimension(random);

                var found = await books.AskAsync(
                    company, new KnownAt.OfSequence(known.Sequence),
                    snapshot => TrialBalanceQueries.TrialBalanceAsync(snapshot, from, to, dimension, before));

                var fold = new BookFold(script, events, known.Position);
                var expected = Expected(fold, from, to, dimension, before);
                Assert.Equal(expected, found.Rows);
                Assert.Equal(Totals(expected), found.Totals);
                Assert.Equal(fold.YearOf(from), found.FiscalYear);
                rows += expected.Count;
                unclosed += expected.Count(row => row.Account is null);
                overYears += fold.YearOf(from) < fold.YearOf(to) ? 1 : 0;
            }
        }

        Assert.True(rows > 2000 && unclosed > 60 && overYears > 30, $"{rows} {unclosed} {overYears}");
    }

    [Fact]
    public async Task Each_pair_of_totals_is_equal_and_in_each_row_the_closing_is_what_opened_and_moved()
    {
        var script = new RandomBooks(9);
        await books.AppendAsync("pairs", script.Events(Entries));
        for (var i = 0; i < 20; i++)
        {
            var from = script.First.PlusDays(i * 20);
            var found = await books.AskAsync("pairs", KnownAt.Now, snapshot => TrialBalanceQueries.TrialBalanceAsync(
                snapshot, from, from.PlusDays(i * 25), DimensionQuery.None, (BeforeKind)(i % 3)));

            var totals = found.Totals;
            Assert.Equal(totals.OpeningDebit, totals.OpeningCredit);
            Assert.Equal(totals.Debit, totals.Credit);
            Assert.Equal(totals.ClosingDebit, totals.ClosingCredit);
            Assert.All(found.Rows, row => Assert.Equal(
                (row.Closing.Value, row.BaseClosing.Value),
                (row.Opening.Value + row.Debit.Value - row.Credit.Value,
                    row.BaseOpening.Value + row.BaseDebit.Value - row.BaseCredit.Value)));
            Assert.NotEqual(0, totals.ClosingDebit.Value);
        }
    }

    /// <summary>By department or project, only some of them, both, or neither.</summary>
    private static DimensionQuery Dimension(Random random) => random.Next(6) switch
    {
        0 => new("department", []),
        1 => new("project", []),
        2 => new(null, [new("department", RandomBooks.Departments[random.Next(3)])]),
        3 => new("department", [new("project", RandomBooks.Projects[random.Next(2)])]),
        _ => DimensionQuery.None,
    };

    private static List<TrialBalanceRow> Expected(
        BookFold fold, LocalDate first, LocalDate last, DimensionQuery dimension, BeforeKind before)
    {
        var year = fold.YearOf(first);
        var lines = fold.LinesOf(dimension).Where(line => line.BookedOn <= last).ToArray();
        var ofAccounts =
            from line in lines
            let value = BookFold.ValueOf(line, dimension)
            group line by (line.Account, line.Unit, Value: value) into own
            orderby own.Key.Account, own.Key.Unit, own.Key.Value is null, own.Key.Value
            let counted = own.Where(line => line.BookedOn < year || BookFold.IsCounted(line.Kind, before)).ToArray()
            let opening = counted.Where(line =>
                line.BookedOn < first && (line.BookedOn >= year || !fold.IsResult(line))).ToArray()
            let asked = counted.Where(line => line.BookedOn >= first).ToArray()
            let row = Row(fold, own.Key.Account, own.Key.Unit, own.Key.Value, opening, asked)
            where row.Opening.Value != 0 || row.Debit.Value != 0 || row.Credit.Value != 0
                || row.BaseOpening.Value != 0 || row.BaseDebit.Value != 0 || row.BaseCredit.Value != 0
            select row;
        var ofEarlierYears =
            from line in lines
            where line.BookedOn < year && fold.IsResult(line)
            group line.BaseBalance by BookFold.ValueOf(line, dimension) into results
            orderby results.Key is null, results.Key
            let result = BookFold.Base(results.Sum())
            where result.Value != 0
            let nothing = BookFold.Base(0)
            select new TrialBalanceRow(
                null, "Unclosed result of earlier years", AccountType.Equity, "EUR", results.Key,
                fold.NameOf(results.Key), result, nothing, nothing, result, result, nothing, nothing, result);
        return [.. ofAccounts, .. ofEarlierYears];
    }

    private static TrialBalanceRow Row(
        BookFold fold, string account, string unit, string? value, BookLine[] opening, BookLine[] asked)
    {
        var open = opening.Sum(line => line.Debit - line.Credit);
        var (debit, credit) = (asked.Sum(line => line.Debit), asked.Sum(line => line.Credit));
        var baseOpen = opening.Sum(line => line.BaseBalance);
        var (baseDebit, baseCredit) = (asked.Sum(line => line.BaseDebit), asked.Sum(line => line.BaseCredit));
        var details = fold.Chart[account];
        return new(
            account, details.Name, details.Type, unit, value, fold.NameOf(value),
            BookFold.In(unit, open), BookFold.In(unit, debit), BookFold.In(unit, credit),
            BookFold.In(unit, open + debit - credit),
            BookFold.Base(baseOpen), BookFold.Base(baseDebit), BookFold.Base(baseCredit),
            BookFold.Base(baseOpen + baseDebit - baseCredit));
    }

    private static TrialBalanceTotals Totals(List<TrialBalanceRow> rows)
    {
        Amount Positive(Func<TrialBalanceRow, decimal> of) =>
            BookFold.Base(rows.Select(of).Where(amount => amount > 0).Sum());
        return new(
            Positive(row => row.BaseOpening.Value),
            Positive(row => -row.BaseOpening.Value),
            BookFold.Base(rows.Sum(row => row.BaseDebit.Value)),
            BookFold.Base(rows.Sum(row => row.BaseCredit.Value)),
            Positive(row => row.BaseClosing.Value),
            Positive(row => -row.BaseClosing.Value));
    }
}
