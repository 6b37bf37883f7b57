using Ledger.EventStore;
using static Ledger.Tests.EventStore.Requests;

namespace Ledger.Tests.EventStore;

public sealed class TransactOutcomesTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task Several_documents_of_one_verdict_are_recorded_all_or_none_and_answered_again_as_a_retry()
    {
        await using var store = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);
        Func<Reading, ValueTask<Verdict<int>>> PostAll(params string[] ids) => async reading =>
        {
            var writes = new List<(string, IReadOnlyList<object>)>();
            foreach (var id in ids)
            {
                var (_, version) = await reading.NewDocumentAsync($"entry/{id}", MonthBooks.Entry);
                if (version == 0)
                {
                    writes.Add(($"entry/{id}", [new EntryPosted(1, id)]));
                }
            }

            return writes.Count == ids.Length ? Verdict.Append(ids.Length, [.. writes])
                : writes.Count == 0 ? Verdict.Nothing(0) : MonthBooks.Different;
        };

        var first = (Transacted<int>.Done)await books.RunAsync("atomic", MonthBooks.Who, PostAll("a", "b", "c"));
        var retry = (Transacted<int>.Done)await books.RunAsync("atomic", MonthBooks.Who, PostAll("a", "b", "c"));
        var mixed = await books.RunAsync("atomic", MonthBooks.Who, PostAll("c", "d"));

        Assert.Equal((first.Sequence, first.Recorded, false), (retry.Sequence, retry.Recorded, retry.Appended));
        Assert.Equal(new Transacted<int>.Refused(MonthBooks.Different), mixed);
        Assert.Equal(["entry/a@1", "entry/b@1", "entry/c@1"], await database.EventsOf("atomic"));
    }

    [Fact]
    public async Task A_tail_that_moved_makes_the_decision_run_again()
    {
        await using var store = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);
        await books.PostAsync("tail", "1", month: 1);
        var heads = new List<long>();

        var result = await books.RunAsync("tail", MonthBooks.Who, async reading =>
        {
            var (closed, _) = await reading.StateAsync("months", MonthBooks.Months);
            heads.Add(await store.HeadAsync());
            reading.Tail(["entry_posted"], heads[^1]);
            if (heads.Count == 1)
            {
                await books.PostAsync("tail", "2", month: 1);
            }

            return closed.Contains(1) ? Verdict.Nothing(1) : Verdict.Append(1, ("months", [new MonthClosed(1)]));
        });

        Assert.IsType<Transacted<int>.Done>(result);
        Assert.Equal([heads[0], heads[0] + 1], heads);
        Assert.Equal(["entry/1@1", "entry/2@1", "months@1"], await database.EventsOf("tail"));
    }

    [Fact]
    public async Task A_document_that_exists_is_read_and_what_happened_to_it_meanwhile_is_seen()
    {
        await using var store = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);
        await books.PostAsync("known", "1", month: 1, "first");
        var seen = new List<long>();

        await books.RunAsync("known", MonthBooks.Who, async reading =>
        {
            var (_, version) = await reading.DocumentAsync("entry/1", MonthBooks.Entry);
            seen.Add(version);
            if (version == 1)
            {
                await store.AppendAsync(Of("known", To("entry/1", 1, Event(
                    "entry_posted", """{"month": 1, "text": "second"}"""))));
            }

            return Verdict.Append(0, ("entry/1", [new EntryPosted(1, "third")]));
        });

        Assert.Equal([1, 2], seen);
        Assert.Equal(["entry/1@1", "entry/1@2", "entry/1@3"], await database.EventsOf("known"));
    }

    [Fact]
    public async Task Writing_what_was_not_read_is_a_fault_of_the_program()
    {
        await using var store = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => books.RunAsync<int>(
            "fault", MonthBooks.Who, _ => new(Verdict.Append(0, ("entry/1", [new EntryPosted(1, "x")])))));

        Assert.Contains("'entry/1', which was not read", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_that_the_database_refuses_is_answered_as_poisoned()
    {
        await using var store = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);

        var nul = await books.PostAsync("poison", "1", month: 1, "\0");

        Assert.Equal("22P05", Assert.IsType<Transacted<string>.Poisoned>(nul).SqlState);
        Assert.Empty(await database.EventsOf("poison"));
    }

    [Fact]
    public async Task A_full_queue_and_a_stopped_store_are_answered_as_such()
    {
        var store = new Store(database.Source, new StoreOptions { QueueRequestsMax = 1 });
        var books = new Transact(store, MonthBooks.Catalog);
        await books.PostAsync("full", "warm", month: 1);
        await using (await HeldAppends.OfAsync(database, store))
        {
            var waiting = books.PostAsync("full", "1", month: 1);
            await HeldAppends.UntilWaitingAsync(store, 1);
            Assert.IsType<Transacted<string>.QueueFull>(await books.PostAsync("full", "2", month: 1));
        }

        await store.DisposeAsync();
        Assert.IsType<Transacted<string>.Unavailable>(await books.PostAsync("full", "3", month: 1));
    }

    [Fact]
    public async Task Thousands_of_commands_again_are_retries_answered_with_few_reads()
    {
        await using var store = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);
        Task<Transacted<string>[]> RunAsync() => books.RunManyAsync(
            "again", MonthBooks.Who, [.. Enumerable.Range(0, 2_500)],
            (i, reading) => MonthBooks.Post($"{i}", 1)(reading));

        var first = await RunAsync();
        var reads = store.Reads;
        var second = await RunAsync();

        Assert.All(first, each => Assert.True(((Transacted<string>.Done)each).Appended));
        Assert.Equal(first.Cast<Transacted<string>.Done>().Select(done => done with { Appended = false }), second);
        Assert.Equal(3, store.Reads - reads);
        Assert.Equal(2_500, (await database.EventsOf("again")).Length);
    }

    [Fact]
    public async Task Among_many_commands_those_that_write_a_register_see_each_other_in_order()
    {
        await using var store = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);

        var results = await books.RunManyAsync(
            "registers", MonthBooks.Who, [1, 2, 1, 3], (month, reading) => MonthBooks.Close(month)(reading));

        Assert.Equal(
            [true, true, false, true], results.Select(result => ((Transacted<string>.Done)result).Appended));
        Assert.Equal(["months@1", "months@2", "months@3"], await database.EventsOf("registers"));
    }

    [Fact]
    public async Task The_cache_holds_no_more_streams_and_events_than_it_may()
    {
        await using var store = new Store(database.Source);
        var cache = new StateCache(streamsMax: 20);
        var books = new Transact(store, MonthBooks.Catalog, cache);
        for (var company = 0; company < 100; company++)
        {
            await books.PostAsync($"cache-{company}", "1", month: 1);
            Assert.True(cache.Count <= 20, $"{cache.Count} streams are in the cache.");
        }

        var events = new StateCache(eventsMax: 10);
        var small = new Transact(store, MonthBooks.Catalog, events);
        for (var month = 1; month <= 30; month++)
        {
            await small.CloseAsync("long", month);
        }

        Assert.True(events.Count <= 1);
        Assert.Equal(30, (await database.EventsOf("long")).Length);
    }
}
