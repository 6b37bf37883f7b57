using Ledger.EventStore;
using Npgsql;
using static Ledger.Tests.EventStore.Requests;

namespace Ledger.Tests.EventStore;

public sealed class SlowRequestTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task A_request_whose_statement_takes_long_holds_up_the_others_for_that_statement_and_no_longer()
    {
        await database.ExecuteAsSuperuser("""
            create function take_long() returns trigger language plpgsql as
                $$ begin perform pg_advisory_xact_lock(1); return new; end $$;
            create trigger take_long before insert on mt_events
                for each row when (new.stream_id = 'slow') execute function take_long()
            """);
        await using var store = new Store(database.Source);
        Task<AppendResult> slow;
        Task<AppendResult>[] others;
        await using (var gate = new NpgsqlConnection(database.ConnectionString + ";Pooling=false"))
        {
            await gate.OpenAsync();
            await using var hold = new NpgsqlCommand("select pg_advisory_lock(1)", gate);
            await hold.ExecuteNonQueryAsync();
            slow = store.AppendAsync(Of("slow", To("slow", 0))).AsTask();
            while (await database.Number("""
                select count(*) from pg_locks l join pg_stat_activity a on a.pid = l.pid
                where l.locktype = 'advisory' and not l.granted and a.datname = current_database()
                """) == 0)
            {
                await Task.Delay(1);
            }

            others = [.. Enumerable.Range(0, 50).Select(i => store.AppendAsync(Of("slow", To($"e/{i}", 0))).AsTask())];
            await HeldAppends.UntilWaitingAsync(store, 50);
            Assert.False(slow.IsCompleted);
        }

        Assert.IsType<AppendResult.Appended>(await slow);
        Assert.All(await Task.WhenAll(others), result => Assert.IsType<AppendResult.Appended>(result));
        Assert.Equal(2, store.Statements);
        Assert.Equal("slow@1", (await database.EventsOf("slow"))[0]);
    }

    [Fact]
    public async Task A_decision_that_takes_long_holds_up_nobody()
    {
        await using var store = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);
        var thought = new TaskCompletionSource();
        var slow = books.RunAsync("thinking", MonthBooks.Who, async reading =>
        {
            var verdict = await MonthBooks.Post("slow", month: 1)(reading);
            await thought.Task;
            return verdict;
        });

        for (var i = 0; i < 100; i++)
        {
            Assert.IsType<Transacted<string>.Done>(await books.PostAsync("thinking", $"{i}", month: 1));
        }

        Assert.False(slow.IsCompleted);
        thought.SetResult();
        Assert.IsType<Transacted<string>.Done>(await slow);
        Assert.Equal("entry/slow@1", (await database.EventsOf("thinking"))[^1]);
    }
}
