using Ledger.EventStore;
using static Ledger.Tests.EventStore.Requests;

namespace Ledger.Tests.EventStore;

public sealed class TransactManyTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task Each_command_is_decided_after_those_before_it_however_many_follow_from_each_other()
    {
        await using var store = new Store(database.Source);

        Assert.Equal(
            ["a", "b", "c", "entry-unknown", "d"],
            await FollowAsync(store, "chain", ("a", null), ("b", "a"), ("c", "b"), ("x", "y"), ("d", "c")));
        Assert.Equal(
            ["entry/a@1", "entry/b@1", "entry/c@1", "entry/d@1"], await database.EventsOf("chain"));
    }

    [Fact]
    public async Task A_command_is_not_decided_on_what_those_behind_it_record()
    {
        await using var store = new Store(database.Source);

        Assert.Equal(
            ["entry-unknown", "entry-unknown", "a", "b"],
            await FollowAsync(store, "order", ("c", "b"), ("b", "a"), ("a", null), ("b", "a")));
        Assert.Equal(["entry/a@1", "entry/b@1"], await database.EventsOf("order"));
    }

    [Fact]
    public async Task Many_that_follow_from_one_are_recorded_together()
    {
        await using var store = new Store(database.Source);
        var followers = Enumerable.Range(0, 500).Select(i => ($"f{i}", (string?)"a")).Prepend(("a", null)).ToArray();

        Assert.Equal(followers.Select(each => each.Item1), await FollowAsync(store, "many", followers));
        Assert.Equal(2, store.Statements);
    }

    [Fact]
    public async Task Those_that_moved_are_decided_again_and_go_before_what_waits()
    {
        await using var store = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);
        HeldAppends? held = null;
        Task<AppendResult>? waiting = null;
        var calls = 0;
        var run = books.RunManyAsync("ahead", MonthBooks.Who, [1], async (month, reading) =>
        {
            await reading.StateAsync("months", MonthBooks.Months);
            if (++calls == 1)
            {
                await books.CloseAsync("ahead", 2);
            }
            else
            {
                held = await HeldAppends.OfAsync(database, store);
                waiting = store.AppendAsync(Of("ahead", To("waits", 0))).AsTask();
                await HeldAppends.UntilWaitingAsync(store, 1);
            }

            return await MonthBooks.Post("1", month)(reading);
        });

        await HeldAppends.UntilWaitingAsync(store, 2);
        await held!.DisposeAsync();

        Assert.IsType<Transacted<string>.Done>(Assert.Single(await run));
        Assert.IsType<AppendResult.Appended>(await waiting!);
        Assert.Equal(["months@1", "entry/1@1", "waits@1"], await database.EventsOf("ahead"));
    }

    /// <summary>The id of each entry that was recorded, or why it was not.</summary>
    private static async Task<string[]> FollowAsync(
        Store store, string company, params (string Id, string? After)[] entries)
    {
        var results = await new Transact(store, MonthBooks.Catalog).RunManyAsync(
            company, MonthBooks.Who, entries, (entry, reading) => MonthBooks.Follow(entry.Id, entry.After)(reading));
        return
        [
            .. results.Select(result => result switch
            {
                Transacted<string>.Done done => done.Answer,
                Transacted<string>.Refused refused => refused.Refusal.Code,
                _ => result.ToString(),
            }),
        ];
    }
}
