using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.Projections.Queries;
using Ledger.Projections.Statements;
using Ledger.Tests.Queries;
using NodaTime;

namespace Ledger.Tests.Reports;

public sealed class GeneralLedgerQueriesTests(QueryBooks books) : IClassFixture<QueryBooks>
{
    [Fact]
    public async Task Every_row_is_what_the_lines_come_to_on_both_clocks_and_its_pages_are_the_whole()
    {
        var (lines, opened) = (0, 0);
        for (var seed = 1; seed <= 5; seed++)
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
                    random.Next(3) == 0 ? $"{random.Next(1, 6)}" : null,
                    random.Next(3) == 0 ? new(null, [new("project", "x")]) : DimensionQuery.None,
                    null,
                    1000);

                var whole = await PagesAsync(company, known, request);
                var pages = await PagesAsync(company, known, request with { Limit = random.Next(1, 9) });

                Assert.Equal(whole, pages);
                Assert.Equal(Expected(new BookFold(script, events, known.Position), request), whole);
                lines += whole.Count(row => row.Row == LedgerRowKind.Line);
                opened += whole.Count(row => row.Row == LedgerRowKind.Opening && row.BaseBalance.Value != 0);
            }
        }

        Assert.True(lines > 400 && opened > 250, $"{lines} {opened}");
    }

    [Fact]
    public async Task Income_and_expense_run_on_over_the_end_of_a_fiscal_year_in_ledger_and_trial_balance_alike()
    {
        await books.AppendAsync("years",
        [
            ("company", new CompanyRegistered(new("Years", new("EUR"), "BG"), "Europe/Sofia", new AnnualDate(1, 1))),
            ("chart", new AccountOpened(new("1"), new("Bank", AccountType.Asset))),
            ("chart", new AccountOpened(new("6"), new("Rent", AccountType.Expense))),
            ("journal-entry/november", Rent(new(2025, 11, 30), 5.00m)),
            ("journal-entry/december", Rent(new(2025, 12, 31), 10.00m)),
            ("journal-entry/january", Rent(new(2026, 1, 31), 7.00m)),
        ]);

        Assert.Equal("5.00 + 17.00 = 22.00", await RentAsync(new(2025, 12, 1), new(2026, 1, 31)));
        Assert.Equal("0.00 + 7.00 = 7.00, unclosed 15.00", await RentAsync(new(2026, 1, 1), new(2026, 1, 31)));
        Assert.Equal("5.00 + 10.00 = 15.00", await RentAsync(new(2025, 12, 1), new(2025, 12, 31)));
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

    /// <summary>Of the trial balance and of the ledger, which say the same.</summary>
    private async Task<string> RentAsync(LocalDate first, LocalDate last)
    {
        var trial = await books.AskAsync("years", KnownAt.Now, snapshot => TrialBalanceQueries.TrialBalanceAsync(
            snapshot, first, last, DimensionQuery.None, BeforeKind.Nothing));
        var ledger = await books.AskAsync("years", KnownAt.Now, snapshot => GeneralLedgerQueries.PageAsync(
            snapshot, new(first, last, "6", DimensionQuery.None, null, 100)));

        var row = trial.Rows.Single(row => row.Account == "6");
        var unclosed = trial.Rows.Where(row => row.Account is null);
        Assert.Equal((row.Opening, row.Closing), (ledger.Rows[0].Balance, ledger.Rows[^1].Balance));
        Assert.Equal((row.Debit, row.Credit), (ledger.Rows[^1].Debit, ledger.Rows[^1].Credit));
        return $"{row.Opening} + {row.Debit} = {row.Closing}"
            + string.Concat(unclosed.Select(each => $", unclosed {each.Closing}"));
    }

    private static JournalEntryPosted Rent(LocalDate bookedOn, decimal amount) => new(
        bookedOn, "Rent", new("EUR"), [new(new("6"), Side.Debit, amount), new(new("1"), Side.Credit, amount)]);

    private static IEnumerable<LedgerRow> Expected(BookFold fold, LedgerRequest request)
    {
        var year = fold.YearOf(request.From);
        foreach (var account in fold.Chart.Keys.Where(code => request.Account is null || code == request.Account))
        {
            var own = fold.LinesOf(request.Dimension)
                .Where(line => line.Account == account && line.BookedOn <= request.To).ToArray();
            var before = own.Where(line => line.BookedOn < request.From)
                .Where(line => !fold.IsResult(line) || line.BookedOn >= year).ToArray();
            var asked = own.Where(line => line.BookedOn >= request.From)
                .OrderBy(line => line.BookedOn).ThenBy(line => line.Position).ThenBy(line => line.Number).ToArray();
            var units = Units(before, asked);
            foreach (var unit in units)
            {
                var opening = before.Where(line => line.Unit == unit).ToArray();
                yield return Sums(fold, LedgerRowKind.Opening, account, unit, request.From, [], opening);
            }

            for (var i = 0; i < asked.Length; i++)
            {
                yield return Line(fold, asked[i], before.Concat(asked.Take(i + 1)));
            }

            foreach (var unit in units)
            {
                var inUnit = asked.Where(line => line.Unit == unit).ToArray();
                var closing = before.Where(line => line.Unit == unit).Concat(inUnit);
                yield return Sums(fold, LedgerRowKind.Closing, account, unit, request.To, inUnit, closing);
            }
        }
    }

    /// <summary>Those that hold or move something; the functional currency where all lines cancel out.</summary>
    private static string[] Units(BookLine[] before, BookLine[] asked)
    {
        var units =
            from line in before.Concat(asked)
            group line by line.Unit into own
            let moved = own.Intersect(asked).ToArray()
            let held = own.Except(moved).ToArray()
            where held.Sum(line => line.Debit - line.Credit) != 0 || held.Sum(line => line.BaseBalance) != 0
                || moved.Sum(line => line.Debit) != 0 || moved.Sum(line => line.Credit) != 0
                || moved.Sum(line => line.BaseDebit) != 0 || moved.Sum(line => line.BaseCredit) != 0
            orderby own.Key
            select own.Key;
        return units.Any() || asked.Length == 0 ? [.. units] : ["EUR"];
    }

    private static LedgerRow Sums(
        BookFold fold, LedgerRowKind kind, string account, string unit, LocalDate day, BookLine[] asked,
        IEnumerable<BookLine> all) => new(
            kind, account, fold.Chart[account].Name, unit, day,
            null, null, null, null, null, null, null, null, null, [], ValueMap<string>.Empty,
            BookFold.In(unit, asked.Sum(line => line.Debit)),
            BookFold.In(unit, asked.Sum(line => line.Credit)),
            BookFold.In(unit, all.Sum(line => line.Debit - line.Credit)),
            BookFold.Base(asked.Sum(line => line.BaseDebit)),
            BookFold.Base(asked.Sum(line => line.BaseCredit)),
            BookFold.Base(all.Sum(line => line.BaseBalance)),
            null, null, null);

    private static LedgerRow Line(BookFold fold, BookLine line, IEnumerable<BookLine> through)
    {
        var entry = line.Entry;
        var inUnit = through.Where(each => each.Unit == line.Unit).ToArray();
        return new(
            LedgerRowKind.Line, line.Account, fold.Chart[line.Account].Name, line.Unit, line.BookedOn,
            line.Event.Stream["journal-entry/".Length..], fold.YearOf(line.BookedOn).Year, fold.NumberOf(line.Event),
            line.Number, entry.Description, entry.Lines[line.Number - 1].Memo, entry.Reference,
            entry.Document?.Number, entry.Counterparty, [.. Contra(fold, line)],
            entry.Lines[line.Number - 1].Dimensions ?? ValueMap<string>.Empty,
            BookFold.In(line.Unit, line.Debit),
            BookFold.In(line.Unit, line.Credit),
            BookFold.In(line.Unit, inUnit.Sum(each => each.Debit - each.Credit)),
            BookFold.Base(line.BaseDebit),
            BookFold.Base(line.BaseCredit),
            BookFold.Base(inUnit.Sum(each => each.BaseBalance)),
            line.Event.Sequence, line.Event.Recorded, null);
    }

    /// <summary>The accounts that move on the other side; where none does, all others that move.</summary>
    private static IEnumerable<string> Contra(BookFold fold, BookLine own)
    {
        static bool IsDebit(BookLine line) => line.Debit != 0 || line.BaseDebit != 0;
        static bool IsCredit(BookLine line) => line.Credit != 0 || line.BaseCredit != 0;
        var entry = fold.Lines.Where(line => line.Position == own.Position).OrderBy(line => line.Account).ToArray();
        var other = entry.Where(IsDebit(own) ? IsCredit : IsDebit).ToArray();
        return (other.Length > 0 ? other : entry.Where(IsDebit).Concat(entry.Where(IsCredit))
            .Where(line => line.Account != own.Account)).Select(line => line.Account).Distinct();
    }
}
