using System.Diagnostics.Metrics;
using Ledger.EventStore;
using Npgsql;
using static Ledger.Tests.EventStore.Requests;

namespace Ledger.Tests.EventStore;

public sealed class FailureTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task A_connection_lost_before_the_answer_leaves_the_outcome_unknown_and_the_rest_of_the_queue_goes_on()
    {
        await using var store = new Store(database.Source);
        Task<AppendResult> lost;
        Task<AppendResult>[] waiting;
        await using (var held = await HeldAppends.OfAsync(database, store, Of("lost", To("lost", 0))))
        {
            lost = held.Blocked;
            waiting = [.. Enumerable.Range(0, 10).Select(i => store.AppendAsync(Of("lost", To($"e/{i}", 0))).AsTask())];
            await HeldAppends.UntilWaitingAsync(store, 10);
            await held.TerminateBackendAsync();
            Assert.IsType<AppendResult.Unknown>(await lost);
        }

        Assert.All(await Task.WhenAll(waiting), result => Assert.IsType<AppendResult.Appended>(result));
        Assert.Equal(10, (await database.EventsOf("lost")).Length);
    }

    [Fact]
    public async Task A_server_process_that_dies_at_the_commit_leaves_the_outcome_unknown()
    {
        await using var store = new Store(database.Source);
        await database.ExecuteAsSuperuser("""
            create function die_at_commit() returns trigger language plpgsql security definer as
                $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
            create constraint trigger die_at_commit after insert on mt_events deferrable initially deferred
                for each row when (new.tenant_id = 'dies') execute function die_at_commit()
            """);
        var books = new Transact(store, MonthBooks.Catalog);
        Assert.IsType<Transacted<string>.Unknown>(await books.PostAsync("dies", "1", month: 1));
        await database.ExecuteAsSuperuser("drop trigger die_at_commit on mt_events");

        Assert.True(((Transacted<string>.Done)await books.PostAsync("dies", "1", month: 1)).Appended);
        Assert.Equal(["entry/1@1"], await database.EventsOf("dies"));
    }

    [Fact]
    public async Task A_success_with_a_warning_is_unknown_and_the_same_command_again_is_answered_as_a_retry()
    {
        await using var store = new Store(database.Source);
        var books = new Transact(store, MonthBooks.Catalog);
        await WhileInsertsAsync(
            "warned", "raise warning 'canceling wait for synchronous replication due to user request'", async () =>
            {
                var result = await books.PostAsync("warned", "1", month: 1);
                Assert.Contains("synchronous replication", Assert.IsType<Transacted<string>.Unknown>(result).Why);
            });

        Assert.False(((Transacted<string>.Done)await books.PostAsync("warned", "1", month: 1)).Appended);
        Assert.Equal(["entry/1@1"], await database.EventsOf("warned"));
    }

    [Fact]
    public async Task A_listener_that_throws_changes_no_answer_and_ends_nothing()
    {
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Ledger.EventStore")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<int>((_, _, _, _) => throw new NotSupportedException("A meter's fault."));
        await using var store = new Store(database.Source);
        var told = new List<long>();
        store.Appended += _ => throw new NotSupportedException("A handler's fault.");
        store.Appended += told.Add;
        meters.Start();

        var first = (AppendResult.Appended)await store.AppendAsync(Of("faults", To("a", 0)));
        var second = (AppendResult.Appended)await store.AppendAsync(Of("faults", To("a", 1)));

        await store.DisposeAsync();
        Assert.Equal([first.LastSequence, second.LastSequence], told);
        Assert.Equal(["a@1", "a@2"], await database.EventsOf("faults"));
    }

    [Fact]
    public async Task Text_that_is_not_unicode_is_that_request_s_own_fault()
    {
        await using var store = new Store(database.Source);

        var bad = store.AppendAsync(Of("surrogate", To("lone-\ud800", 0)));

        Assert.IsType<AppendResult.Poisoned>(await bad);
        Assert.IsType<AppendResult.Appended>(await store.AppendAsync(Of("surrogate", To("fine", 0))));
        Assert.Equal(["fine@1"], await database.EventsOf("surrogate"));
    }

    [Theory]
    [InlineData("53100", "could not extend file: No space left on device")]
    [InlineData("53200", "out of memory")]
    [InlineData("57014", "canceling statement due to user request")]
    public async Task A_server_without_room_records_nothing_says_so_and_is_used_again_when_there_is_room(
        string state, string message)
    {
        await using var store = new Store(database.Source);
        var company = $"full-{state}";
        await WhileInsertsAsync(company, $"raise exception '{message}' using errcode = '{state}'", async () =>
        {
            var result = await store.AppendAsync(Of(company, To("a", 0)));
            Assert.Equal(
                new AppendResult.Unavailable($"PostgreSQL: {state}: {message}", DiskFull: state == "53100"), result);
        });

        Assert.Empty(await database.EventsOf(company));
        Assert.IsType<AppendResult.Appended>(await store.AppendAsync(Of(company, To("a", 0))));
    }

    [Fact]
    public async Task Without_a_server_requests_are_answered_as_unavailable()
    {
        var nowhere = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Database = "no_such_database" };
        await using var source = NpgsqlDataSource.Create(nowhere.ConnectionString);
        await using var store = new Store(source, new StoreOptions { ReconnectFor = TimeSpan.FromMilliseconds(50) });

        Assert.IsType<AppendResult.Unavailable>(await store.AppendAsync(Of("nowhere", To("a", 0))));
        Assert.IsType<Transacted<string>.Unavailable>(
            await new Transact(store, MonthBooks.Catalog).PostAsync("nowhere", "1", month: 1));
    }

    [Fact]
    public async Task A_writer_never_times_out_and_decides_in_the_isolation_it_was_made_for()
    {
        var hostile = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            CommandTimeout = 1,
            Options = "-c statement_timeout=200ms -c lock_timeout=200ms -c default_transaction_isolation=serializable "
                + "-c synchronous_commit=off -c default_transaction_read_only=on",
        };
        await using var source = NpgsqlDataSource.Create(hostile.ConnectionString);
        await using var store = new Store(source);
        Task<AppendResult> waited;
        await using (var held = await HeldAppends.OfAsync(database, store, Of("slow", To("a", 0))))
        {
            waited = held.Blocked;
            await Task.Delay(1_500);
            Assert.False(waited.IsCompleted);
        }

        Assert.IsType<AppendResult.Appended>(await waited);
    }

    [Fact]
    public async Task The_unique_key_of_the_table_answers_moved_when_somebody_else_wrote_past_our_lock()
    {
        await using var store = new Store(database.Source);
        await store.AppendAsync(Of("past", To("a", 0)));
        await database.ExecuteAsSuperuser("""
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            select max(seq_id) + 1, gen_random_uuid(), 'a', 2, '{}', 'adopted', now(), 'past' from mt_events
            """);

        // The stream's row still says version 1, as it does while another program is between its two writes.
        Assert.IsType<AppendResult.Moved>(await store.AppendAsync(Of("past", To("a", 1))));
    }

    private async Task WhileInsertsAsync(string company, string does, Func<Task> test)
    {
        var name = $"trigger_{Math.Abs(company.GetHashCode(StringComparison.Ordinal) % 100_000)}";
        await database.ExecuteAsSuperuser($"""
            create function {name}() returns trigger language plpgsql as $$ begin {does}; return new; end $$;
            create trigger {name} before insert on mt_events
                for each row when (new.tenant_id = '{company}') execute function {name}()
            """);
        await test();
        await database.ExecuteAsSuperuser($"drop trigger {name} on mt_events");
    }
}
