using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
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
    private const int Shown = 20;

    private static readonly LocalDate First = new(2026, 1, 1);

    [Fact]
    public async Task A_page_costs_what_it_shows()
    {
        await PostAsync();
        await ReadsAsync(snapshot => JournalQueries.EntriesAsync(
            snapshot, new(), new(JournalOrder.BookedOn, Descending: false, null, Shown)));
        await ReadsAsync(snapshot => JournalQueries.EntryAsync(snapshot, "e17"));
        await ReadsAsync(snapshot => GeneralLedgerQueries.PageAsync(
            snapshot, new(First, First.PlusDays(400), "bank", DimensionQuery.None, null, Shown)));
    }

    private async Task PostAsync()
    {
        var chart = new[] { "bank", "sales" }.Select(code => ("chart", (object)new AccountOpened(
            new(code), new(code, AccountType.Asset))));
        var posted = Enumerable.Range(0, Entries).Select(i => ($"journal-entry/e{i}", (object)new JournalEntryPosted(
            First.PlusDays(i % 300), "Sale", Eur, [Debit("bank", 1m), Credit("sales", 1m)])));
        await books.AppendAsync("many",
        [
            ("company", new CompanyRegistered(new("Many", Eur, "DE"), "Europe/Berlin", new AnnualDate(1, 1))),
            .. chart,
            .. posted,
        ]);

        // With statistics, as a database has them that has run for a while.
        await books.ExecuteAsync("analyze");
    }

    private async Task ReadsAsync<T>(Func<Snapshot, Task<Answer<T>>> query)
    {
        var (before, after) = (0L, 0L);
        await books.AskAsync("many", KnownAt.Now, async snapshot =>
        {
            before = await RowsReadAsync(snapshot);
            var answer = await query(snapshot);
            after = await RowsReadAsync(snapshot);
            return answer;
        });
        Assert.InRange(after - before, 1, 40 * Shown);
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
