using Ledger.EventStore;
using static Ledger.Tests.EventStore.Requests;

namespace Ledger.Tests.EventStore;

public sealed class RaceTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task Of_64_callers_who_race_for_a_stream_exactly_one_wins_each_version_and_nobody_else_is_harmed()
    {
        const int callers = 64, versions = 20;
        await using var store = new Store(database.Source);
        var winners = new int[versions];

        // Every caller tries every version, and appends to a stream of its own in between.
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (var version = 0; version < versions; version++)
            {
                var won = await store.AppendAsync(Of("race", To("contended", version)));
                var own = await store.AppendAsync(Of("race", To($"own/{caller}", version)));
                Assert.IsType<AppendResult.Appended>(own);
                if (won is AppendResult.Appended)
                {
                    Interlocked.Increment(ref winners[version]);
                }
                else
                {
                    Assert.IsType<AppendResult.Moved>(won);
                    await UntilVersionAsync(store, version + 1);
                }
            }
        })));

        Assert.All(winners, count => Assert.Equal(1, count));
        var events = await database.EventsOf("race");
        Assert.Equal(
            Enumerable.Range(1, versions).Select(version => $"contended@{version}"),
            events.Where(each => each.StartsWith("contended", StringComparison.Ordinal)));
        Assert.Equal(versions * (callers + 1), events.Distinct().Count());
        Assert.Equal(versions * (callers + 1), events.Length);
    }

    [Fact]
    public async Task Two_writers_who_decided_on_the_same_version_cannot_both_append()
    {
        await using var first = new Store(database.Source);
        await using var second = new Store(database.Source);
        await first.AppendAsync(Of("two", To("months", 0)));

        // Both have decided on version 1; the first appends, and only then the second sends what it decided.
        var (one, other) = (Of("two", To("months", 1)), Of("two", To("entry", 0), new VersionCondition("months", 1)));
        Assert.IsType<AppendResult.Appended>(await first.AppendAsync(one));
        Assert.IsType<AppendResult.Moved>(await second.AppendAsync(other));
        Assert.IsType<AppendResult.Moved>(await second.AppendAsync(one));

        Assert.Equal(["months@1", "months@2"], await database.EventsOf("two"));
    }

    [Fact]
    public async Task A_decision_that_was_made_while_another_writer_waited_for_the_lock_is_checked_after_it()
    {
        await using var first = new Store(database.Source);
        await using var second = new Store(database.Source);
        await first.AppendAsync(Of("gate", To("months", 0)));
        Task<AppendResult> closing, posting;

        // Both statements are sent and wait for the lock, one behind the other: both began before either was recorded.
        await using (var held = await HeldAppends.OfAsync(database, first, Of("gate", To("months", 1))))
        {
            closing = held.Blocked;
            posting = second.AppendAsync(Of("gate", To("entry", 0), new VersionCondition("months", 1))).AsTask();
            await held.UntilWritersAsync(2);
        }

        Assert.Equal("Appended", Kind(await closing));
        Assert.Equal("Moved", Kind(await posting));
        Assert.Equal(["months@1", "months@2"], await database.EventsOf("gate"));
    }

    [Fact]
    public async Task Numbers_have_no_holes_and_instants_never_go_back_although_requests_are_refused_in_between()
    {
        await using var store = new Store(database.Source);
        await store.AppendAsync(Of("holes", To("first", 0)));
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(async () =>
            await store.AppendAsync(Of("holes", [To($"a/{i}", 0), To($"b/{i}", i % 3)])))));

        Assert.Equal(0, await database.Number("""
            select count(*) from (
                select seq_id, lag(seq_id) over (order by seq_id) as before,
                    timestamp, lag(timestamp) over (order by seq_id) as earlier from mt_events) e
            where seq_id <> before + 1 or timestamp < earlier
            """));
        Assert.Equal(1, await database.Number("select min(seq_id) from mt_events"));
        Assert.Equal(
            await database.Number("select max(seq_id) from mt_events"),
            await database.Number("select last_value from mt_events_sequence"));
    }

    private static async Task UntilVersionAsync(Store store, int version)
    {
        while ((await store.ReadStreamAsync("race", "contended", version - 1)).Count == 0)
        {
            await Task.Yield();
        }
    }
}
