using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using Ledger.Projections;
using Ledger.Projections.Audit;
using NodaTime;
using Npgsql;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Queries;

public sealed class EventQueriesTests(QueryBooks books) : IClassFixture<QueryBooks>
{
    private const int Entries = 120;
    private const int PageMax = 7;

    [Fact]
    public async Task Events_of_one_type_are_those_that_are_among_all_of_them_page_by_page()
    {
        await books.AppendAsync("types", new RandomBooks(5).Events(Entries));
        await books.AppendAsync("others", new RandomBooks(6).Events(Entries));
        var all = await EventsAsync(new(0, null, null), int.MaxValue);
        var present = all.Select(row => row.Type).ToHashSet(StringComparer.Ordinal);
        Assert.True(present.Count >= 4, string.Join(' ', present));

        foreach (var type in EventCatalog.Ledger.Names.Append("no_such_type"))
        {
            var expected = all.Where(row => row.Type == type).Select(row => row.Position).ToArray();
            var found = new List<long>();
            EventRow[] page;
            do
            {
                page = await EventsAsync(new(found.LastOrDefault(), type, null), PageMax);
                found.AddRange(page.Select(row => row.Position));
            }
            while (page.Length == PageMax);

            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public async Task Events_of_one_type_end_where_knowledge_ends()
    {
        await books.AppendAsync("known", new RandomBooks(7).Events(Entries));
        var all = await EventsAsync(new(0, null, null), int.MaxValue, "known");
        foreach (var type in all.Select(row => row.Type).Distinct())
        {
            var middle = all[all.Length / 2].Sequence;
            var found = await EventsAsync(new(0, type, null, middle), int.MaxValue, "known");
            Assert.Equal(
                all.Where(row => row.Type == type && row.Sequence <= middle).Select(row => row.Position),
                found.Select(row => row.Position));
        }
    }

    [Fact]
    public async Task Reversed_entries_are_found_among_many_without_reading_all_of_them()
    {
        const int many = 6_000;
        var large = await QueryBooks.NewAsync(ProjectionSchema.BlockSize);
        await large.AppendAsync("many",
        [
            ("company", new CompanyRegistered(new("Many", Eur, "DE"), "Europe/Berlin", new AnnualDate(1, 1))),
            .. Enumerable.Range(0, many).SelectMany(i => i is 7 or 30 or many - 5
                ? [Posted(i), Reversed(i), ReversalOf(i)]
                : ((string, object)[])[Posted(i)]),
        ], atOnce: 300);
        await large.ExecuteAsync("analyze");
        var filter = new EventFilter(0, "journal_entry_reversed", null);
        await using var connection = await large.Reader.Source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        Task<EventRow[]> ReadAsync(EventFilter which, int limit) =>
            EventQueries.ReadAsync(connection, "many", which, long.MaxValue, limit, default);

        var found = await ReadAsync(filter, int.MaxValue);

        // As many as one append holds are looked through behind what the books are sure to know.
        await using var read = new NpgsqlCommand(
            """
            select sum(seq_tup_read + idx_tup_fetch)::bigint from pg_stat_xact_user_tables
            where relname in ('mt_events', 'log')
            """,
            connection);
        Assert.InRange((long)(await read.ExecuteScalarAsync())!, 1, many / 2);
        Assert.Equal(
            ["journal-entry/e7", "journal-entry/e30", $"journal-entry/e{many - 5}"], found.Select(row => row.Stream));
        Assert.Equal([found[1]], await ReadAsync(filter with { After = found[0].Position }, 1), (a, b) => a.Id == b.Id);
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
        await large.DisposeAsync();
    }

    private static (string, object) Posted(int i) => ($"journal-entry/e{i}", new JournalEntryPosted(
        new(2026, 1, 31), "Sale", Eur, [Debit("bank", 1m), Credit("sales", 1m)]));

    private static (string, object) Reversed(int i) => ($"journal-entry/e{i}", new JournalEntryReversed(
        $"e{i}~reversal", new(2026, 1, 31), "Returned", ReversalMethod.Mirror));

    private static (string, object) ReversalOf(int i) => ($"journal-entry/e{i}~reversal", new JournalEntryPosted(
        new(2026, 1, 31), "Returned", Eur, [Credit("bank", 1m), Debit("sales", 1m)], Reverses: $"e{i}"));

    private async Task<EventRow[]> EventsAsync(EventFilter filter, int limit, string company = "types")
    {
        var answer = await EventQueries.EventsAsync(books.Reader, company, filter, limit, atLeast: 0);
        Assert.True(answer.Refusal is null, answer.Refusal?.Message);
        return answer.Value!.Rows;
    }
}
