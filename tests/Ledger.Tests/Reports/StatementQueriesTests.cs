using Ledger.Projections.Queries;
using Ledger.Projections.Statements;
using Ledger.Tests.Queries;
using NodaTime;

namespace Ledger.Tests.Reports;

public sealed class StatementQueriesTests(QueryBooks books) : IClassFixture<QueryBooks>
{
    private const int Entries = 120;

    [Fact]
    public async Task Every_row_of_a_statement_is_the_sum_of_its_lines_whatever_is_asked()
    {
        var (rows, bySign, unclosed) = (0, 0, 0);
        foreach (var (company, script, events, random) in await AllAsync("sums", 6))
        {
            for (var i = 0; i < 25; i++)
            {
                var request = Request(script, events, random);
                var last = events[random.Next(RandomBooks.Openings, events.Count)];
                var known = new BookFold(script, events, last.Position);
                var knownAt = new KnownAt.OfSequence(last.Sequence);

                var sheet = await books.AskAsync(
                    company, knownAt, snapshot => StatementQueries.BalanceSheetAsync(snapshot, request));
                var income = await books.AskAsync(
                    company, knownAt, snapshot => StatementQueries.IncomeStatementAsync(snapshot, request));

                var columns = Columns(script, events, known, request, counting: true);
                var fold = new StatementFold(known, columns);
                Assert.Equal(columns.Select(column => column.Name), sheet.Columns.Select(column => column.Name));
                Assert.Equal([.. fold.Sheet(), fold.Funding()], sheet.Rows.Select(StatementFold.Text));
                columns = Columns(script, events, known, request, counting: false);
                Assert.Equal(columns.Select(column => column.Name), income.Columns.Select(column => column.Name));
                Assert.Equal(new StatementFold(known, columns).Income(), income.Rows.Select(StatementFold.Text));
                Assert.All(
                    sheet.Columns.Zip(sheet.Difference).Where(each => IsWhole(request, each.First)),
                    each => Assert.Equal(0, each.Second.Value));
                rows += sheet.Rows.Count + income.Rows.Count;
                bySign += sheet.Rows.Count(row => row.Account is "12" or "21" && row.Section == "assets");
                unclosed += sheet.Rows.Count(row => row.Name == TrialBalanceQueries.UnclosedName);
            }
        }

        Assert.True(rows > 2500 && bySign > 60 && unclosed > 60, $"{rows} {bySign} {unclosed}");
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

    private static StatementRequest Request(RandomBooks script, IReadOnlyList<BookEvent> events, Random random)
    {
        var to = script.First.PlusDays(random.Next(0, 520));
        var then = events[random.Next(RandomBooks.Openings, events.Count)];
        var compared = to.PlusDays(-random.Next(300));
        Comparison? compare = random.Next(3) switch
        {
            0 => new(compared.PlusDays(-40), compared, null),
            1 => new(compared.PlusDays(-70), compared, new KnownAt.OfSequence(then.Sequence)),
            _ => null,
        };
        DimensionQuery dimension = random.Next(5) switch
        {
            0 => new("department", []),
            1 => new(null, [new("project", RandomBooks.Projects[random.Next(2)])]),
            2 => new("department", [new("project", RandomBooks.Projects[random.Next(2)])]),
            _ => DimensionQuery.None,
        };
        return new(
            to.PlusDays(-random.Next(200)), to, compare, random.Next(3) == 0, dimension, (BeforeKind)random.Next(3));
    }

    private static bool IsWhole(StatementRequest request, StatementColumn column) =>
        request.Dimension.Only.Count == 0 && (request.Dimension.By is null || column.Name.Contains("total"));

    /// <param name="counting">True for a balance sheet, which counts from the beginning of the books.</param>
    private static List<FoldColumn> Columns(
        RandomBooks script, IReadOnlyList<BookEvent> events, BookFold known, StatementRequest request, bool counting)
    {
        var before = counting || request.Before != BeforeKind.Nothing ? request.Before : BeforeKind.Closing;
        var spans = new List<FoldColumn>();
        void Add(string name, BookFold then, LocalDate first, LocalDate last) => spans.Add(new(
            name, then, counting ? null : first, last, before, IsKept, spans.Count));

        for (var day = request.From; request.ByMonth && day <= request.To; day = NextMonth(day))
        {
            Add($"{day:uuuu-MM}", known, day, LocalDate.Min(NextMonth(day).PlusDays(-1), request.To));
        }

        if (!request.ByMonth || !counting)
        {
            Add(request.ByMonth ? "total" : Name(request.From, request.To), known, request.From, request.To);
        }

        if (request.Compare is { } compare)
        {
            var then = compare.KnownAt is not KnownAt.OfSequence of ? known : new BookFold(
                script, events, events.Single(each => each.Sequence == of.Sequence).Position);
            var words = compare.KnownAt is null ? "restated" : "as published";
            Add($"{Name(compare.From!.Value, compare.To)} {words}", then, compare.From.Value, compare.To);
        }

        var columns = request.Dimension.By is null ? spans : ByValue(spans, request.Dimension);
        return columns is [var only] ? [only with { Name = "amount" }] : columns;

        bool IsKept(BookLine line) => BookFold.IsOf(line, request.Dimension);

        string Name(LocalDate first, LocalDate last) =>
            counting ? $"{last:uuuu-MM-dd}" : $"{first:uuuu-MM-dd}..{last:uuuu-MM-dd}";
    }

    /// <summary>Each of the columns for each value of a dimension, for lines without it, and for all.</summary>
    private static List<FoldColumn> ByValue(List<FoldColumn> spans, DimensionQuery dimension)
    {
        var values = spans.SelectMany(span => span.Lines).Select(line => BookFold.ValueOf(line, dimension))
            .OfType<string>().Distinct().Order(StringComparer.Ordinal).Append(null).ToArray();
        var columns = new List<FoldColumn>();
        foreach (var span in spans)
        {
            var prefix = spans.Count > 1 ? span.Name + " " : "";
            var total = span with { Name = prefix + "total", Side = columns.Count + values.Length };
            columns.AddRange(values.Select(value => total with
            {
                Name = prefix + (value ?? $"without {dimension.By}"),
                Takes = line => span.Takes(line) && BookFold.ValueOf(line, dimension) == value,
            }));
            columns.Add(total);
        }

        return columns;
    }

    private static LocalDate NextMonth(LocalDate day) => day.With(DateAdjusters.StartOfMonth).PlusMonths(1);
}
