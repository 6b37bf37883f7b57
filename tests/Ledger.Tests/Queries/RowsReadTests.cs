using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.Projections;
using Ledger.Projections.Journals;
using Ledger.Projections.Queries;
using Ledger.Projections.Statements;
using NodaTime;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Queries;

/// <summary>A page costs what it shows, however many entries there are: pinned as rows that the server reads.</summary>
public sealed class RowsReadTests(QueryBooks books) : IClassFixture<QueryBooks>
{
    private const int Entries = 2_000;
    private const int ManyEntries = 24_000;
    private const int Shown = 20;

    private static readonly LocalDate First = new(2026, 1, 1);

    [Fact]
    public async Task A_page_costs_what_it_shows()
    {
        await PostAsync(books, Entries);
        await ReadsAsync(books, snapshot => JournalQueries.EntriesAsync(
            snapshot, new(), new(JournalOrder.BookedOn, Descending: false, null, Shown)));
        await ReadsAsync(books, snapshot => JournalQueries.EntryAsync(snapshot, "e17"));
        await ReadsAsync(books, snapshot => GeneralLedgerQueries.PageAsync(
            snapshot, new(First, First.PlusDays(400), "bank", DimensionQuery.None, null, Shown)));
    }

    [Fact]
    public async Task What_an_entry_is_looked_for_by_reads_the_pages_that_may_hold_it()
    {
        var large = await QueryBooks.NewAsync(ProjectionSchema.BlockSize);
        await PostAsync(large, ManyEntries);
        await large.ExecuteAsync($"""
            select brin_summarize_new_values(format('ledger_read.%I', i.indexname)::regclass)
            from pg_indexes i where i.schemaname = 'ledger_read' and i.indexdef ilike '%using brin%'
            """);
        foreach (var (filter, found) in new (JournalFilter, string[])[]
        {
            (new(Reference: "r4711"), ["e4711"]),
            (new(Reference: "r4711", Account: "bank", To: First.PlusDays(299)), ["e4711"]),
            (new(Reference: "r4711", Account: "none"), []),
            (new(Document: "d4711"), ["e4711"]),
            (new(Counterparty: @"c\\4711"), ["e4711"]),
            (new(Counterparty: @"c\4711"), []),
            (new(Person: "nobody"), []),
        })
        {
            var then = await ReadsAsync(
                large,
                snapshot => JournalQueries.EntriesAsync(
                    snapshot, filter, new(JournalOrder.BookedOn, Descending: false, null, Shown)),
                most: ManyEntries / 6,
                least: 0);
            Assert.Equal(found, then.Rows.Select(row => row.Id));
        }

        await large.DisposeAsync();
    }

    private static async Task PostAsync(QueryBooks books, int entries)
    {
        var chart = new[] { "bank", "sales" }.Select(code => ("chart", (object)new AccountOpened(
            new(code), new(code, AccountType.Asset))));
        var posted = Enumerable.Range(0, entries).Select(i => ($"journal-entry/e{i}", (object)new JournalEntryPosted(
            First.PlusDays(i % 300), "Sale", Eur, [Debit("bank", 1m), Credit("sales", 1m)])
        {
            Reference = $"r{i}",
            Document = new("invoice", $"d{i}", null, null),
            Counterparty = $@"c\\{i}",
        }));
        await books.AppendAsync("many",
        [
            ("company", new CompanyRegistered(new("Many", Eur, "DE"), "Europe/Berlin", new AnnualDate(1, 1))),
            .. chart,
            .. posted,
        ], atOnce: 300);

        // With statistics, as a database has them that has run for a while.
        await books.ExecuteAsync("analyze");
    }

    private static async Task<T> ReadsAsync<T>(
        QueryBooks books, Func<Snapshot, Task<Answer<T>>> query, int most = 40 * Shown, int least = 1)
    {
        var (before, after) = (0L, 0L);
        var found = await books.AskAsync("many", KnownAt.Now, async snapshot =>
        {
            before = await RowsReadAsync(snapshot);
            var answer = await query(snapshot);
            after = await RowsReadAsync(snapshot);
            return answer;
        });
        Assert.InRange(after - before, least, most);
        return found;
    }

    /// <summary>The rows of entries and lines that this connection has read from tables and indexes.</summary>
    private static async Task<long> RowsReadAsync(Snapshot snapshot)
    {
        var read = snapshot.Ask(
            """
            select coalesce(sum(seq_tup_read + idx_tup_fetch), 0)::bigint from pg_stat_xact_user_tables
            where schemaname = 'ledger_read' and (relname like 'journal_entry_%' or relname like 'journal_line_%')
            """,
            row => row.GetInt64(0));
        await snapshot.SendAsync();
        return read.Single();
    }
}
