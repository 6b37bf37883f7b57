using Ledger.EventStore;
using static Ledger.Tests.EventStore.Requests;

namespace Ledger.Tests.EventStore;

public sealed class BatchTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    private const string NotJson = "{not json";

    [Fact]
    public async Task Sixty_four_queued_requests_take_one_statement()
    {
        await using var store = new Store(database.Source);
        var results = await QueuedAsync(
            store, 64, i => Of("one", To($"entry/{i}", 0), new VersionCondition("chart", 0)));

        Assert.Equal(2, store.Statements); // the one that held the writer, and the one for all of them
        var first = ((AppendResult.Appended)results[0]).FirstSequence;
        Assert.Equal(
            Enumerable.Range(0, 64).Select(i => (first + i, first + i)),
            results.Cast<AppendResult.Appended>().Select(result => (result.FirstSequence, result.LastSequence)));
        Assert.Equal(
            Enumerable.Range(0, 64).Select(i => $"entry/{i}@1"), await database.EventsOf("one"));
    }

    [Fact]
    public async Task One_poisoned_request_in_a_batch_of_64_harms_nobody_else()
    {
        await using var store = new Store(database.Source);
        var results = await QueuedAsync(store, 64, i =>
            Of("poison", To($"entry/{i}", 0, i == 41 ? Event(json: NotJson) : Event())));

        var poisoned = Assert.IsType<AppendResult.Poisoned>(results[41]);
        Assert.Equal("22P02", poisoned.SqlState);
        Assert.All(results.Where((_, i) => i != 41), result => Assert.IsType<AppendResult.Appended>(result));
        Assert.Equal(
            Enumerable.Range(0, 64).Where(i => i != 41).Select(i => $"entry/{i}@1").Order(),
            (await database.EventsOf("poison")).Order());

        // 64 fail together, then halves: one of each two fails again, six times, until the one stands alone.
        Assert.Equal(1 + 1 + 2 * 6, store.Statements);
    }

    [Fact]
    public async Task Of_several_poisoned_requests_each_stands_alone_at_last()
    {
        await using var store = new Store(database.Source);
        int[] bad = [0, 1, 17, 31];
        var results = await QueuedAsync(store, 32, i => Of(
            "several", To($"entry/{i}", 0, bad.Contains(i) ? Event(json: """{"nul": "\u0000"}""") : Event())));

        Assert.Equal(bad, results.Index().Where(each => each.Item is AppendResult.Poisoned).Select(each => each.Index));
        Assert.Equal(28, (await database.EventsOf("several")).Length);
    }

    [Fact]
    public async Task Refused_requests_leave_no_trace_in_a_batch_that_is_recorded()
    {
        await using var store = new Store(database.Source);
        await store.AppendAsync(Of("mixed", To("months", 0)));
        var results = await QueuedAsync(store, 30, i => (i % 3) switch
        {
            0 => Of("mixed", To($"entry/{i}", 0, Event(), Event()), new VersionCondition("months", 1)),
            1 => Of("mixed", To($"entry/{i}", 0), new VersionCondition("months", 0)),
            _ => Of("mixed", [To($"entry/{i}", 0), To($"never/{i}", 7)]),
        });

        Assert.Equal(
            Enumerable.Range(0, 30).Select(i => i % 3 == 0 ? "Appended" : "Moved"), results.Select(Kind));
        string[] recorded =
            ["months@1", .. Enumerable.Range(0, 10).SelectMany(i => new[] { $"entry/{i * 3}@1", $"entry/{i * 3}@2" })];
        Assert.Equal(recorded, await database.EventsOf("mixed"));
        foreach (var appended in results.OfType<AppendResult.Appended>())
        {
            Assert.Equal(2, await database.Number(
                $"select count(*) from mt_events where seq_id in ({appended.FirstSequence}, {appended.LastSequence})"));
        }

        Assert.Equal(2, store.Statements - 1);
    }

    [Fact]
    public async Task A_full_queue_says_so_and_what_it_accepted_is_recorded()
    {
        await using var store = new Store(database.Source, new StoreOptions { QueueRequestsMax = 100 });
        var results = await QueuedAsync(store, 150, i => Of("full", To($"entry/{i}", 0)), waiting: 100);

        Assert.Equal(100, results.Count(result => result is AppendResult.Appended));
        Assert.Equal(50, results.Count(result => result is AppendResult.QueueFull));
        Assert.Equal(100, (await database.EventsOf("full")).Length);
    }

    [Fact]
    public async Task A_queue_is_full_by_bytes_as_well_but_a_large_request_alone_is_taken()
    {
        await using var store = new Store(database.Source, new StoreOptions { QueueBytesMax = 10_000 });
        var large = Event(json: $$"""{"text": "{{new string('x', 20_000)}}"}""");
        Assert.IsType<AppendResult.Appended>(await store.AppendAsync(Of("bytes", To("large", 0, large))));

        var small = Event(json: $$"""{"text": "{{new string('x', 900)}}"}""");
        var results = await QueuedAsync(store, 20, i => Of("bytes", To($"entry/{i}", 0, small)), waiting: 10);

        Assert.Equal(10, results.Count(result => result is AppendResult.Appended));
        Assert.Equal(10, results.Count(result => result is AppendResult.QueueFull));
    }

    [Fact]
    public async Task Many_requests_at_once_are_answered_in_order_and_each_stands_alone()
    {
        await using var store = new Store(database.Source);
        await store.AppendAsync(Of("all", To("taken", 0)));
        AppendRequest[] requests =
        [
            .. Enumerable.Range(0, 3_000).Select(i => i switch
            {
                1_234 => Of("all", To("taken", 0)),
                2_345 => Of("all", To("bad", 0, Event(json: NotJson))),
                _ => Of("all", To($"entry/{i}", 0)),
            }),
        ];

        var results = await store.AppendAllAsync(requests);

        Assert.Equal(
            Enumerable.Range(0, 3_000).Select(i => i switch { 1_234 => "Moved", 2_345 => "Poisoned", _ => "Appended" }),
            results.Select(Kind));
        Assert.Equal(2_999, (await database.EventsOf("all")).Length);
        Assert.Empty(await store.AppendAllAsync([]));
    }

    [Fact]
    public async Task A_stop_finishes_what_was_accepted_and_takes_nothing_more()
    {
        var store = new Store(database.Source);
        Task<AppendResult>[] accepted;
        Task stopping;
        await using (await HeldAppends.OfAsync(database, store))
        {
            var requests = Enumerable.Range(0, 50).Select(i => Of("stop", To($"e/{i}", 0)));
            accepted = [.. requests.Select(request => store.AppendAsync(request).AsTask())];
            stopping = store.DisposeAsync().AsTask();
            Assert.IsType<AppendResult.Unavailable>(await store.AppendAsync(Of("stop", To("late", 0))));
            Assert.False(stopping.IsCompleted);
        }

        Assert.All(await Task.WhenAll(accepted), result => Assert.IsType<AppendResult.Appended>(result));
        await stopping;
        Assert.Equal(50, (await database.EventsOf("stop")).Length);
    }

    [Fact]
    public void Decisions_made_again_go_before_those_that_wait_longer()
    {
        var queue = new AppendQueue(StoreOptions.Default);
        Pending Waiting(string stream, bool isRetry) => new(Of("order", To(stream, 0)), isRetry);
        queue.TryEnqueue([Waiting("a", false), Waiting("b", true), Waiting("c", false), Waiting("d", true)]);

        var taken = new List<Pending>();
        Assert.True(queue.Take(taken));

        Assert.Equal(["b", "d", "a", "c"], taken.Select(each => each.Request.Writes[0].Stream));
    }

    /// <summary>Sends the requests while the writer is held, so that all of them are in its queue.</summary>
    private async Task<AppendResult[]> QueuedAsync(
        Store store, int count, Func<int, AppendRequest> request, int? waiting = null)
    {
        Task<AppendResult>[] results;
        await using (await HeldAppends.OfAsync(database, store))
        {
            results = [.. Enumerable.Range(0, count).Select(i => store.AppendAsync(request(i)).AsTask())];
            await HeldAppends.UntilWaitingAsync(store, waiting ?? count);
        }

        return await Task.WhenAll(results);
    }
}
