using Ledger.EventStore;
using Ledger.Projections.Audit;

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

    private async Task<EventRow[]> EventsAsync(EventFilter filter, int limit, string company = "types")
    {
        var answer = await EventQueries.EventsAsync(books.Reader, company, filter, limit, atLeast: 0);
        Assert.True(answer.Refusal is null, answer.Refusal?.Message);
        return answer.Value!.Rows;
    }
}
