using Ledger.EventStore;
using static Ledger.Tests.EventStore.Requests;

namespace Ledger.Tests.EventStore;

public sealed class PlanTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task On_a_fresh_database_without_statistics_a_hundred_thousand_appends_scan_no_table()
    {
        await database.ExecuteAsSuperuser("""
            alter table mt_events set (autovacuum_enabled = off);
            alter table mt_streams set (autovacuum_enabled = off)
            """);
        await using (var first = new Store(database.Source))
        {
            await first.AppendAsync(Of("plan", To("chart", 0)));
        }

        var before = await ScansAsync();
        await using (var store = new Store(database.Source))
        {
            await store.StartAsync();
            await AppendAsync(store);
        }

        Assert.Equal(before, await ScansAsync());
        Assert.Equal(0, await database.Number("""
            select sum(analyze_count + autoanalyze_count) from pg_stat_user_tables
            where relname in ('mt_events', 'mt_streams')
            """));

        // The count does see a scan when there is one.
        await database.Number("select count(*) from mt_events where version > 1");
        Assert.NotEqual(before, await ScansAsync());
    }

    private static async Task AppendAsync(Store store)
    {
        // Every kind of look-up: new streams, known streams, versions seen, tails, refusals, single ones and many.
        var chart = 1L;
        for (var round = 0; round < 101; round++)
        {
            var head = await store.HeadAsync();
            AppendRequest[] requests =
            [
                .. Enumerable.Range(0, 999).Select(i => Of(
                    "plan", To($"entry/{round}-{i}", 0, Event("posted")),
                    new VersionCondition("chart", i == 500 ? chart + 1 : chart), new VersionCondition("periods", 0))),
            ];
            var results = await store.AppendAllAsync(requests);
            Assert.Equal(998, results.Count(result => result is AppendResult.Appended));
            Assert.IsType<AppendResult.Appended>(await store.AppendAsync(
                Of("plan", To("chart", chart++, Event("opened")), new TailCondition(["closed"], head))));
            await store.ReadStreamsAsync("plan", [new("chart", chart - 1), new($"entry/{round}-1", 0)]);
            Assert.Equal(100, (await store.ReadAllAsync(head, 100)).Count);
        }

        Assert.Equal(100_900, await store.HeadAsync());
    }

    /// <summary>How often the tables were read from one end to the other, by any session.</summary>
    private async Task<long> ScansAsync()
    {
        // A session hands in what it counted when it ends: so all of them have to.
        database.Source.Clear();
        while (await database.Number("""
            select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
            """) > 0)
        {
            await Task.Delay(10);
        }

        return await database.Number("""
            select sum(seq_scan) from pg_stat_user_tables where relname in ('mt_events', 'mt_streams')
            """);
    }
}
