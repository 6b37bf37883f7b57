using Ledger.Domain.Accounts;
using Ledger.Domain.Journals;
using Ledger.Domain.Periods;
using Ledger.Projections.Queries;
using Ledger.Projections.Statements;
using Ledger.Tests.Queries;
using NodaTime;

namespace Ledger.Tests.Reports;

/// <summary>Restatements of random books, recorded over the days that they tell of.</summary>
public sealed class RestatementPropertyTests
{
    private static readonly DateTimeZone Sofia = DateTimeZoneProviders.Tzdb["Europe/Sofia"];

    [Fact]
    public async Task Rows_are_what_the_lines_say_and_the_effects_of_the_entries_come_to_the_change()
    {
        var (kinds, parts, reopened) = (new HashSet<RestatementKind>(), new HashSet<RestatementPart>(), 0);
        for (var seed = 1; seed <= 3; seed++)
        {
            var (script, random) = (new RandomBooks(seed), new Random(seed));
            await using var books = await NewBooks.AsAsync(script);
            for (var i = 0; i < 25; i++)
            {
                var period = script.First.PlusDays(random.Next(480)).ToYearMonth();
                var knownTo = random.Next(2) == 0 ? books.Events.Count : random.Next(60, books.Events.Count + 1);
                int? knownFrom = random.Next(3) switch
                {
                    0 => random.Next(RandomBooks.Openings, books.Events.Count),
                    1 => AtEndOf(books.Events, period.OnDayOfMonth(1).PlusDays(random.Next(60))),
                    _ => null,
                };

                var found = await books.AskAsync(period, knownFrom, knownTo);

                var expected = new Expectation(script, books.Events, period, knownFrom, knownTo);
                Assert.Equal(expected.Rows(), found.Rows.Select(Text));
                Assert.Equal(expected.Entries(), found.Entries.Select(Text));
                Assert.Equal(Change(found, entry => entry.EffectOnResult), found.Result.Change.Value);
                Assert.Equal(Change(found, entry => entry.EffectOnEquity), found.Equity.Change.Value);
                kinds.UnionWith(found.Entries.Select(entry => entry.Kind));
                parts.UnionWith(found.Entries.Select(entry => entry.CountsIn));
                reopened += found.Entries.Count(entry => entry.ReopeningReason is not null);
            }
        }

        Assert.True(kinds.Count == 3 && parts.Count == 2 && reopened > 20, $"{kinds.Count} {parts.Count} {reopened}");
    }

    private static decimal Change(RestatementsThen found, Func<RestatementEntry, Amount> effect) =>
        found.Entries.Where(entry => entry.CountsIn == RestatementPart.Change).Sum(entry => effect(entry).Value);

    private static string Text(RestatementRow row) =>
        $"{row.Statement} {row.Section} {row.Kind} {row.Account} '{row.Name}' {row.Level}: "
        + $"{row.Late.Value:0.00} {row.AsClosed.Value:0.00} {row.Change.Value:0.00} {row.Now.Value:0.00}";

    private static string Text(RestatementEntry entry) =>
        $"{entry.Kind} {entry.CountsIn} {entry.Id} {entry.Number} of {entry.FiscalYear} {entry.BookedOn:uuuu-MM-dd}: "
        + $"{entry.EffectOnResult.Value:0.00} {entry.EffectOnEquity.Value:0.00}, {entry.ReopeningReason}";

    /// <summary>The last position that was recorded by the end of a day.</summary>
    private static int AtEndOf(IReadOnlyList<BookEvent> events, LocalDate day) =>
        events.Count(each => each.Recorded.InZone(Sofia).Date <= day);

    /// <summary>A database of its own for each, because instants of recording only grow.</summary>
    private sealed record NewBooks(QueryBooks Books, IReadOnlyList<BookEvent> Events) : IAsyncDisposable
    {
        public static async Task<NewBooks> AsAsync(RandomBooks script)
        {
            var events = script.Events(120).ToArray();
            var first = script.First.AtMidnight().InUtc().ToInstant();
            var books = await QueryBooks.NewAsync();
            return new(books, await books.RecordAsync("random", events.Select((each, i) =>
                (first + Duration.FromHours(i * 500 * 24 / events.Length), each.Stream, each.Event))));
        }

        public Task<RestatementsThen> AskAsync(YearMonth period, int? knownFrom, int knownTo)
        {
            KnownAt? from = knownFrom is { } position ? At(position) : null;
            return Books.AskAsync("random", At(knownTo), snapshot => RestatementQueries.RestatementsAsync(
                snapshot, new(period, from, null, 1000)));
        }

        public ValueTask DisposeAsync() => new(Books.DisposeAsync());

        private KnownAt.OfSequence At(int position) => new(position == 0 ? 0 : Events[position - 1].Sequence);
    }

    /// <summary>What the events say of a period.</summary>
    private sealed class Expectation
    {
        private readonly RandomBooks script;
        private readonly IReadOnlyList<BookEvent> events;
        private readonly BookFold now;
        private readonly LocalDate first;
        private readonly LocalDate last;
        private readonly long ended;
        private readonly long firstClosed;
        private readonly long closed;

        public Expectation(
            RandomBooks script, IReadOnlyList<BookEvent> events, YearMonth period, int? knownFrom, int knownTo)
        {
            (this.script, this.events, now) = (script, events, new(script, events, knownTo));
            (first, last) = (period.OnDayOfMonth(1), period.OnDayOfMonth(1).PlusMonths(1).PlusDays(-1));
            ended = Math.Min(AtEndOf(events, last), knownTo);
            firstClosed = now.Known.FirstOrDefault(each => each.Event is PeriodClosed of && of.Period >= period)
                ?.Position ?? long.MaxValue;
            closed = Math.Min(knownFrom ?? firstClosed, knownTo);
        }

        public IEnumerable<string> Rows()
        {
            BookFold[] known = [At(Math.Min(ended, closed)), At(closed), now];
            StatementFold Fold(LocalDate? since, BeforeKind before) => new(
                now, [.. known.Select((each, i) => new FoldColumn("", each, since, last, before, _ => true, i))]);
            var (sheet, income) = (Fold(null, BeforeKind.Nothing).Sheet(), Fold(first, BeforeKind.Closing).Income());
            return sheet.Select(row => Changes("balance-sheet", row))
                .Concat(income.Select(row => Changes("income-statement", row))).OfType<string>();
        }

        public IEnumerable<string> Entries() =>
            from each in now.Known
            where each.Position > Math.Min(ended, closed)
            let entry = each.Event as JournalEntryPosted
            where entry is not null && entry.BookedOn <= last
            let lines = now.Lines.Where(line => line.Position == each.Position).ToArray()
            let ofPeriod = entry.BookedOn >= first && entry.Kind != EntryKind.Closing
            let result = ofPeriod ? -lines.Where(now.IsResult).Sum(line => line.BaseBalance) : 0
            let equity = lines.Where(line => now.Chart[line.Account].Type is AccountType.Asset or AccountType.Liability)
                .Sum(line => line.BaseBalance)
            let kind = each.Position > firstClosed ? "Restating" : each.Position > ended ? "Late" : "InTime"
            let part = each.Position > closed ? "Change" : "AsClosed"
            select $"{kind} {part} {each.Stream["journal-entry/".Length..]} {now.NumberOf(each)} of "
                + $"{now.YearOf(entry.BookedOn).Year} {entry.BookedOn:uuuu-MM-dd}: "
                + $"{result:0.00} {equity:0.00}, {Reopening(each, entry.BookedOn.ToYearMonth())}";

        /// <summary>A row of three figures with their differences; null where nothing came late or changed.</summary>
        private static string? Changes(string statement, string row)
        {
            var at = row.LastIndexOf(": ", StringComparison.Ordinal);
            var figures = row[(at + 2)..].Split(' ')
                .Select(figure => decimal.Parse(figure, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            var (late, change) = (figures[1] - figures[0], figures[2] - figures[1]);
            return late == 0 && change == 0 ? null
                : $"{statement} {row[..at]}: {late:0.00} {figures[1]:0.00} {change:0.00} {figures[2]:0.00}";
        }

        /// <summary>Why the month was open although it had been closed, as the calendar of the domain says.</summary>
        private string? Reopening(BookEvent entry, YearMonth month)
        {
            var (calendar, reason) = (FiscalCalendar.Initial, (string?)null);
            foreach (var each in now.Known.TakeWhile(each => each.Position < entry.Position))
            {
                if (each.Event is PeriodEvent change)
                {
                    var after = FiscalCalendar.Evolve(calendar, change);
                    var opens = calendar.IsClosed(month) && !after.IsClosed(month);
                    (calendar, reason) = (after, opens && change is PeriodReopened of ? of.Reason : reason);
                }
            }

            return reason;
        }

        private BookFold At(long position) => new(script, events, position);
    }
}
