using Ledger.Projections.Balances;
using Ledger.Projections.Queries;
using Ledger.Projections.Statements;
using Ledger.Tests.Queries;

namespace Ledger.Tests.Reports;

public sealed class GeneralLedgerQueriesTests(QueryBooks books) : IClassFixture<QueryBooks>
{
    [Fact]
    public async Task Its_lines_run_from_the_opening_to_the_closing_balance_and_its_pages_are_the_whole()
    {
        for (var seed = 1; seed <= 4; seed++)
        {
            var (script, company, random) = (new RandomBooks(seed), $"ledger-{seed}", new Random(seed));
            var events = await books.AppendAsync(company, script.Events(120));
            for (var i = 0; i < 8; i++)
            {
                var from = script.First.PlusDays(random.Next(0, 400));
                var known = events[random.Next(RandomBooks.Openings, events.Count)];
                var request = new LedgerRequest(
                    from,
                    from.PlusDays(random.Next(200)),
                    random.Next(3) == 0 ? "1" : null,
                    random.Next(3) == 0 ? new(null, [new DimensionValue("project", "x")]) : DimensionQuery.None,
                    null,
                    1000);

                var whole = await PagesAsync(company, known, request);
                var pages = await PagesAsync(company, known, request with { Limit = random.Next(1, 9) });

                Assert.Equal(whole, pages);
                AssertRuns(whole, Expected(events, known.Position, request));
            }
        }
    }

    [Fact]
    public async Task A_line_names_the_accounts_on_the_other_side()
    {
        var events = new RandomBooks(1).Events(60).ToArray();
        await books.AppendAsync("contra", events);

        var page = await books.AskAsync("contra", KnownAt.Now, snapshot => GeneralLedgerQueries.PageAsync(
            snapshot, new(new(2020, 1, 1), new(2030, 1, 1), null, DimensionQuery.None, null, 1000)));

        foreach (var row in page.Rows.Where(row => row.Row == LedgerRowKind.Line))
        {
            var entry = (Domain.Journals.JournalEntryPosted)events
                .Single(each => each.Stream == $"journal-entry/{row.Entry}").Event;
            var own = entry.Lines[row.Line!.Value - 1];
            bool Moves(Domain.Journals.JournalLine line) => line.Amount != 0 || line.InFunctionalCurrency() != 0;
            var other = entry.Lines.Where(line => line.Side != own.Side && Moves(line))
                .Select(line => line.Account.Value);
            if (Moves(own) && other.Any())
            {
                Assert.Equal(other.Distinct().Order(StringComparer.Ordinal), row.Contra);
            }
        }
    }

    private async Task<List<LedgerRow>> PagesAsync(string company, BookEvent known, LedgerRequest request)
    {
        var rows = new List<LedgerRow>();
        while (true)
        {
            var page = await books.AskAsync(
                company, new KnownAt.OfSequence(known.Sequence),
                snapshot => GeneralLedgerQueries.PageAsync(snapshot, request));
            rows.AddRange(page.Rows);
            if (page.Last is null)
            {
                return rows;
            }

            request = request with { After = page.Last };
        }
    }

    private static void AssertRuns(List<LedgerRow> rows, List<string> expected)
    {
        Assert.Equal(expected, rows.Where(row => row.Row == LedgerRowKind.Line)
            .Select(row => $"{row.Account} {row.BookedOn} {row.Entry} {row.Line} {row.Debit.Value:0.00} "
                + $"{row.Credit.Value:0.00}"));
        foreach (var account in rows.GroupBy(row => (row.Account, row.Unit)))
        {
            var (balance, baseBalance) = (0m, 0m);
            foreach (var row in account)
            {
                if (row.Row == LedgerRowKind.Opening)
                {
                    (balance, baseBalance) = (row.Balance.Value, row.BaseBalance.Value);
                }
                else if (row.Row == LedgerRowKind.Line)
                {
                    balance += row.Debit.Value - row.Credit.Value;
                    baseBalance += row.BaseDebit.Value - row.BaseCredit.Value;
                }

                Assert.Equal((balance, baseBalance), (row.Balance.Value, row.BaseBalance.Value));
            }
        }
    }

    private static List<string> Expected(IReadOnlyList<BookEvent> events, long position, LedgerRequest request)
    {
        var streams = events.ToDictionary(each => each.Position, each => each.Stream);
        return
        [
            .. from line in QueryBooks.Lines(events, position).GroupBy(line => line.Position)
                   .SelectMany(entry => entry.Select((line, i) => (Line: line, Number: i + 1)))
               where line.Line.BookedOn >= request.From && line.Line.BookedOn <= request.To
               where request.Account is null || line.Line.Account == request.Account
               where request.Dimension.Only.All(only =>
                   line.Line.Dimensions.GetValueOrDefault(only.Dimension) == only.Value)
               orderby line.Line.Account, line.Line.BookedOn, line.Line.Position, line.Number
               let entry = streams[line.Line.Position]["journal-entry/".Length..]
               select $"{line.Line.Account} {line.Line.BookedOn} {entry} "
                   + $"{line.Number} {line.Line.Debit:0.00} {line.Line.Credit:0.00}",
        ];
    }
}
