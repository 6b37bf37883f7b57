using Ledger.Domain.Journals;
using Ledger.Projections.Balances;
using Ledger.Projections.Journals;
using Ledger.Projections.Queries;

namespace Ledger.Tests.Queries;

public sealed class JournalQueriesTests(QueryBooks books) : IClassFixture<QueryBooks>
{
    private const int Entries = 150;

    [Fact]
    public async Task Each_filter_finds_exactly_the_entries_that_fit_it_and_all_together_those_that_fit_all()
    {
        var (script, random, found, all) = (new RandomBooks(3), new Random(3), 0, 0);
        var events = await books.AppendAsync("filters", script.Events(Entries));
        for (var i = 0; i < 120; i++)
        {
            var known = events[random.Next(RandomBooks.Openings, events.Count)];
            var filter = Filter(random, i % 10 == 9 ? null : i % 10, script, events);
            var page = new JournalPage(
                random.Next(2) == 0 ? JournalOrder.BookedOn : JournalOrder.Recorded, random.Next(2) == 0, null, 1000);

            var rows = await books.AskAsync(
                "filters", new KnownAt.OfSequence(known.Sequence),
                snapshot => JournalQueries.EntriesAsync(snapshot, filter, page));

            var expected = Expected(events, known.Position, filter, page).ToArray();
            var ids = rows.Rows.Select(row => row.Id).ToArray();
            Assert.True(
                expected.SequenceEqual(ids, StringComparer.Ordinal),
                $"{filter} {page} known at {known.Position}\n"
                    + $"expected {string.Join(' ', expected)}\nfound {string.Join(' ', ids)}");
            found += expected.Length;
            all += events.Count(each => each.Event is JournalEntryPosted && each.Position <= known.Position);
        }

        Assert.InRange(found, all / 20, all / 2);
    }

    [Fact]
    public async Task Numbers_have_no_gap_in_a_fiscal_year_and_find_their_entry()
    {
        var events = await books.AppendAsync("numbers", new RandomBooks(5).Events(Entries));
        var whole = await ListAsync("numbers", new());

        Assert.Equal(events.Count(each => each.Event is JournalEntryPosted), whole.Count);
        foreach (var year in whole.GroupBy(row => row.FiscalYear))
        {
            Assert.Equal(
                Enumerable.Range(1, year.Count()).Select(number => (long)number),
                year.OrderBy(row => row.Position).Select(row => row.Number));
        }

        var one = whole[Entries / 2];
        Assert.Equal([one], await ListAsync("numbers", new(FiscalYear: one.FiscalYear, Number: one.Number)));
        Assert.Equal(
            whole.Where(row => row.Number == one.Number).Select(row => row.Id).Order(),
            (await ListAsync("numbers", new(Number: one.Number))).Select(row => row.Id).Order());
    }

    [Fact]
    public async Task A_reversal_and_what_it_takes_back_name_each_other_once_it_is_known()
    {
        var events = await books.AppendAsync("links", new RandomBooks(7).Events(Entries));
        var first = events.First(each => each.Event is JournalEntryPosted { Reverses: not null });
        var reverses = ((JournalEntryPosted)first.Event).Reverses!;
        Task<JournalEntryThen> EntryAsync(long sequence, string id) => books.AskAsync(
            "links", new KnownAt.OfSequence(sequence), snapshot => JournalQueries.EntryAsync(snapshot, id));

        var before = await EntryAsync(first.Sequence - 1, reverses);
        var after = await EntryAsync(first.Sequence, reverses);
        var reversal = await EntryAsync(first.Sequence, first.Stream["journal-entry/".Length..]);

        Assert.Null(before.Entry.ReversedBy);
        Assert.Equal(reversal.Entry.Id, after.Entry.ReversedBy);
        Assert.Equal(reverses, reversal.Entry.Reverses);
        Assert.Equal(before.Lines, after.Lines);
    }

    [Theory]
    [InlineData("ФАКТУРА")]
    [InlineData("50%")]
    [InlineData("a_b")]
    public async Task Text_is_found_in_whatever_case_and_its_signs_mean_themselves(string text)
    {
        var company = $"text-{text.Length}-{(int)text[0]}";
        var entry = new RandomBooks(1).Events(1).Select(each => each.Event).OfType<JournalEntryPosted>().First();
        await books.AppendAsync(company, new RandomBooks(1).Events(1).Take(RandomBooks.Openings).Concat(
        [
            ("journal-entry/this", entry with { Description = $"one {text.ToLowerInvariant()} more" }),
            ("journal-entry/other", entry with { Description = "one фактур 500 more, axb" }),
        ]));

        Assert.Equal(["this"], (await ListAsync(company, new(Text: text))).Select(row => row.Id));
    }

    private async Task<IReadOnlyList<JournalRow>> ListAsync(string company, JournalFilter filter)
    {
        var page = new JournalPage(JournalOrder.BookedOn, Descending: false, After: null, Limit: 1000);
        return (await books.AskAsync(
            company, KnownAt.Now, snapshot => JournalQueries.EntriesAsync(snapshot, filter, page))).Rows;
    }

    /// <summary>One filter alone, or for null several together.</summary>
    private static JournalFilter Filter(
        Random random, int? only, RandomBooks script, IReadOnlyList<BookEvent> events)
    {
        bool Has(int filter) => only is null ? random.Next(4) == 0 : only == filter;
        var from = script.First.PlusDays(random.Next(300));
        var dimension = new DimensionValue("department", RandomBooks.Departments[random.Next(3)]);
        var amount = random.Next(1, 500);
        return new(
            From: Has(0) ? from : null,
            To: Has(0) ? from.PlusDays(120) : null,
            Account: Has(1) ? $"{random.Next(1, 6)}" : null,
            Kind: Has(2) ? (EntryKind)random.Next(4) : null,
            Reference: Has(3) ? $"R-{random.Next(50)}" : null,
            Document: Has(4) ? $"I-{random.Next(50)}" : null,
            Counterparty: Has(5) ? $"c{random.Next(5)}" : null,
            Dimensions: Has(6) ? [dimension] : null,
            AmountFrom: Has(7) ? amount : null,
            AmountTo: Has(7) ? amount + 20 : null,
            RecordedFrom: only == 7 ? Some() : null,
            RecordedTo: Has(8) ? Some() : null);
        KnownAt.OfInstant Some() => new(events[random.Next(events.Count)].Recorded);
    }

    private static IEnumerable<string> Expected(
        IReadOnlyList<BookEvent> events, long position, JournalFilter filter, JournalPage page)
    {
        var fitting =
            from each in events
            where each.Position <= position
            let entry = each.Event as JournalEntryPosted
            where entry is not null && Fits(entry, filter)
            where filter.RecordedFrom is not KnownAt.OfInstant since || each.Recorded >= since.Instant
            where filter.RecordedTo is not KnownAt.OfInstant upto || each.Recorded <= upto.Instant
            let lines = QueryBooks.Lines([each], position).ToArray()
            where filter.Account is null || lines.Any(line => line.Account == filter.Account)
            where filter.Dimensions is null || lines.Any(line => filter.Dimensions.All(only =>
                line.Dimensions.GetValueOrDefault(only.Dimension) == only.Value))
            where (filter.AmountFrom ?? filter.AmountTo) is null || lines.Any(line =>
                IsIn(line.Debit + line.Credit, filter) || IsIn(line.BaseDebit + line.BaseCredit, filter))
            select (Id: each.Stream["journal-entry/".Length..], entry.BookedOn, each.Position);
        var ordered = page.Order == JournalOrder.BookedOn
            ? fitting.OrderBy(each => each.BookedOn).ThenBy(each => each.Position)
            : fitting.OrderBy(each => each.Position);
        return (page.Descending ? ordered.Reverse() : ordered).Select(each => each.Id);
    }

    private static bool Fits(JournalEntryPosted entry, JournalFilter filter) =>
        (filter.From is null || entry.BookedOn >= filter.From)
        && (filter.To is null || entry.BookedOn <= filter.To)
        && (filter.Kind is null || (entry.Kind ?? EntryKind.Normal) == filter.Kind)
        && (filter.Reference is null || entry.Reference == filter.Reference)
        && (filter.Document is null || entry.Document?.Number == filter.Document)
        && (filter.Counterparty is null || entry.Counterparty == filter.Counterparty);

    private static bool IsIn(decimal amount, JournalFilter filter) =>
        amount >= (filter.AmountFrom ?? amount) && amount <= (filter.AmountTo ?? amount);
}
