using Ledger.EventStore;

namespace Ledger.Tests.EventStore;

public sealed class TransactTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task The_same_command_again_is_answered_as_the_first_time()
    {
        await using var store = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);

        var first = (Transacted<string>.Done)await books.PostAsync("again", "1", month: 1);
        var second = await books.PostAsync("again", "1", month: 1);

        Assert.True(first.Appended);
        Assert.Equal(first with { Appended = false }, second);
        Assert.Equal(["entry/1@1"], await database.EventsOf("again"));
    }

    [Fact]
    public async Task A_retry_after_the_month_was_closed_is_answered_as_the_first_time_by_another_process_too()
    {
        await using var store = new Store(database.Source);
        await using var other = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);

        var first = (Transacted<string>.Done)await books.PostAsync("closed", "1", month: 1);
        await books.CloseAsync("closed", 1);

        Assert.Equal(first with { Appended = false }, await books.PostAsync("closed", "1", month: 1));
        Assert.Equal(
            first with { Appended = false },
            await new Transact(other, MonthBooks.Catalog).PostAsync("closed", "1", month: 1));
        Assert.Equal(["entry/1@1", "months@1"], await database.EventsOf("closed"));
    }

    [Fact]
    public async Task The_same_id_with_other_content_is_refused()
    {
        await using var store = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);

        await books.PostAsync("other", "1", month: 1, "rent");

        Assert.Equal(
            new Transacted<string>.Refused(MonthBooks.Different),
            await books.PostAsync("other", "1", month: 1, "salaries"));
        Assert.Equal(["entry/1@1"], await database.EventsOf("other"));
    }

    [Fact]
    public async Task A_closing_by_another_process_is_seen_although_the_state_was_cached()
    {
        await using var store = new Store(database.Source);
        await using var other = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);
        await books.PostAsync("cached", "1", month: 1);

        await new Transact(other, MonthBooks.Catalog).CloseAsync("cached", 1);

        Assert.Equal(
            new Transacted<string>.Refused(MonthBooks.Closed), await books.PostAsync("cached", "2", month: 1));
        Assert.Equal(["entry/1@1", "months@1"], await database.EventsOf("cached"));
    }

    [Fact]
    public async Task A_refusal_on_a_state_that_is_behind_is_not_answered()
    {
        await using var store = new Store(database.Source);
        await using var other = new Store(database.Source);
        var cache = new StateCache();
        var books = new Transact(store, MonthBooks.Catalog, cache);
        var reads = new List<bool>();
        await books.CloseAsync("behind", 1);
        await new Transact(other, MonthBooks.Catalog).CloseAsync("behind", 2);

        // Refuses unless month 2 is closed: the cache does not know yet that it is.
        var result = await books.RunAsync<string>("behind", MonthBooks.Who, async reading =>
        {
            reads.Add(reading.IsFresh);
            var (closed, _) = await reading.StateAsync("months", MonthBooks.Months);
            return closed.Contains(2) ? Verdict.Nothing("seen") : MonthBooks.Closed;
        });

        Assert.Equal([false, true], reads);
        Assert.Equal("seen", ((Transacted<string>.Done)result).Answer);
    }

    [Fact]
    public async Task When_32_callers_post_into_a_month_while_it_is_closed_no_entry_of_it_comes_after_the_closing()
    {
        await using var store = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);
        var closing = new TaskCompletionSource();
        var posted = 0;

        var callers = Enumerable.Range(0, 32).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                var result = await books.PostAsync("race", $"{caller}-{i}", month: 1);
                if (result is Transacted<string>.Refused refused)
                {
                    Assert.Equal(MonthBooks.Closed, refused.Refusal);
                    return i;
                }

                Assert.IsType<Transacted<string>.Done>(result);
                if (Interlocked.Increment(ref posted) == 500)
                {
                    closing.SetResult();
                }
            }
        })).ToArray();
        await closing.Task;
        var close = await books.CloseAsync("race", 1);
        var counts = await Task.WhenAll(callers);

        var events = await database.EventsOf("race");
        Assert.IsType<Transacted<string>.Done>(close);
        Assert.Equal("months@1", events[^1]);
        Assert.Equal(counts.Sum() + 1, events.Length);
        Assert.True(counts.Sum() >= 500);
    }

    [Fact]
    public async Task All_of_64_callers_who_change_one_register_at_once_succeed()
    {
        await using var store = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);

        var results = await Task.WhenAll(
            Enumerable.Range(1, 64).Select(month => Task.Run(() => books.CloseAsync("register", month))));

        Assert.All(results, result => Assert.True(((Transacted<string>.Done)result).Appended));
        Assert.Equal(
            Enumerable.Range(1, 64).Select(version => $"months@{version}"), await database.EventsOf("register"));
    }

    [Fact]
    public async Task A_command_whose_ground_moves_each_time_is_given_up_after_five_repetitions()
    {
        await using var store = new Store(database.Source);
        await using var other = new Store(database.Source);
        var (books, disturber) = (new Transact(store, MonthBooks.Catalog), new Transact(other, MonthBooks.Catalog));
        var attempts = 0;

        var result = await books.RunAsync("moving", MonthBooks.Who, async reading =>
        {
            var verdict = await MonthBooks.Post("1", month: 99)(reading);
            await disturber.CloseAsync("moving", ++attempts);
            return verdict;
        });

        Assert.IsType<Transacted<string>.Busy>(result);
        Assert.Equal(6, attempts);
        Assert.DoesNotContain("entry/1@1", await database.EventsOf("moving"));
    }

    [Fact]
    public async Task Many_commands_at_once_are_answered_in_order_and_each_alone()
    {
        await using var store = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);
        await books.CloseAsync("many", 2);
        await books.PostAsync("many", "old", month: 1);

        (string Id, int Month, string Text)[] commands =
            [("a", 1, "x"), ("b", 2, "x"), ("a", 1, "x"), ("a", 1, "y"), ("old", 1, "rent"), ("c", 3, "x")];
        var results = await books.RunManyAsync(
            "many", MonthBooks.Who, commands,
            (command, reading) => MonthBooks.Post(command.Id, command.Month, command.Text)(reading));

        Assert.Equal(
            ["a appended", "period-closed", "a", "entry-exists", "old", "c appended"],
            results.Select(result => result switch
            {
                Transacted<string>.Done done => done.Appended ? $"{done.Answer} appended" : done.Answer,
                Transacted<string>.Refused refused => refused.Refusal.Code,
                _ => result.ToString(),
            }));
        Assert.Equal(
            ["months@1", "entry/old@1", "entry/a@1", "entry/c@1"], await database.EventsOf("many"));
    }

    [Fact]
    public async Task Posting_costs_no_read_and_a_thousand_at_once_few_statements()
    {
        await using var store = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);
        await books.PostAsync("cheap", "first", month: 1);
        var before = (store.Statements, store.Reads);

        await books.PostAsync("cheap", "second", month: 1);
        Assert.Equal((before.Statements + 1, before.Reads), (store.Statements, store.Reads));

        await books.RunManyAsync(
            "cheap", MonthBooks.Who, [.. Enumerable.Range(0, 1_000)],
            (i, reading) => MonthBooks.Post($"many-{i}", 1)(reading));
        Assert.Equal((before.Statements + 2, before.Reads), (store.Statements, store.Reads));
    }
}
