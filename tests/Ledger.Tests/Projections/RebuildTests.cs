using Ledger.EventStore;
using Ledger.Projections;
using Ledger.Tests.Queries;

namespace Ledger.Tests.Projections;

public sealed class RebuildTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private BooksDatabase books = null!;

    public async Task InitializeAsync() => books = await BooksDatabase.CreateAsync();

    public async Task DisposeAsync() => await books.DisposeAsync();

    [Fact]
    public async Task A_rebuild_puts_equal_tables_in_use_and_drops_the_old_ones()
    {
        var last = await FillAsync("acme", 1, 60);
        await using var loop = books.StartLoop();
        Assert.True(await loop.WaitForAsync(last, Patience));
        var before = await BooksTablesText.ReadAsync(books);
        var seen = new List<ProjectionProgress>();

        var result = await new Rebuild(books.Source, EventCatalog.Ledger).RunAsync(new Seen(seen));

        Assert.Equal((2, last), (result.Version, result.Events));
        Assert.Equal(before, await BooksTablesText.ReadAsync(books));
        Assert.Equal(["2,live"], await books.RowsAsync("select version, state from ledger_read.version"));
        Assert.Equal(16, await books.ScalarAsync<long>(
            "select count(*) from pg_tables where schemaname = 'ledger_read' and tablename ~ '_[0-9]+$'"));
        Assert.Equal(
            ["books:All," + last, "log:All," + last],
            await books.RowsAsync("select name, last_seq_id from public.mt_event_progression order by name"));
        Assert.Contains(new ProjectionProgress("filling new tables", last, last), seen);

        var more = await FillAsync("other", 2, 20);
        Assert.True(await loop.WaitForAsync(more, Patience), loop.Status.ToString());
        Assert.Equal(2, loop.Status.Version);
        Assert.Equal([], (await new Verification(books.Source, EventCatalog.Ledger).RunAsync()).Findings);
    }

    [Fact]
    public async Task What_a_crashed_rebuild_left_is_dropped_by_the_next_and_was_never_in_use()
    {
        var last = await FillAsync("acme", 1, 40);
        await using var loop = books.StartLoop();
        Assert.True(await loop.WaitForAsync(last, Patience));
        var before = await BooksTablesText.ReadAsync(books);
        using (var crash = new CancellationTokenSource())
        {
            var crashing = new Rebuild(books.Source, EventCatalog.Ledger).RunAsync(
                new Crash(crash), ct: crash.Token);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => crashing);
        }

        Assert.Equal(
            ["1,live", "2,building"],
            await books.RowsAsync("select version, state from ledger_read.version order by 1"));
        Assert.Equal(before, await BooksTablesText.ReadAsync(books));

        await new Rebuild(books.Source, EventCatalog.Ledger).RunAsync(blockSize: 5);

        Assert.Equal(
            ["2,live,5"], await books.RowsAsync("select version, state, block_size from ledger_read.version"));
        Assert.Equal(5, await books.ScalarAsync<int>("select distinct block_size from views.books_state"));
        Assert.Equal([], (await new Verification(books.Source, EventCatalog.Ledger).RunAsync()).Findings);
    }

    [Fact]
    public async Task Two_rebuilds_at_once_are_refused()
    {
        await FillAsync("acme", 1, 10);
        await using var blocker = await books.Source.OpenConnectionAsync();
        await using var hold = blocker.CreateCommand();
        hold.CommandText = "select pg_advisory_lock(7305804402566423153)";
        await hold.ExecuteNonQueryAsync();

        var refused = await Assert.ThrowsAsync<ProjectionException>(
            () => new Rebuild(books.Source, EventCatalog.Ledger).RunAsync());

        Assert.Equal("Another rebuild or verification is running; wait for it to end.", refused.Message);
    }

    [Fact]
    public async Task A_rebuild_that_meets_an_unreadable_event_names_it_and_leaves_the_live_tables_in_use()
    {
        await FillAsync("acme", 1, 5);
        var unknown = await books.AppendAsync("acme", "keys", new LoopTestHappened("x"));

        var stopped = await Assert.ThrowsAsync<ProjectionException>(
            () => new Rebuild(books.Source, EventCatalog.Ledger).RunAsync());

        Assert.Equal(
            $"The rebuild stopped. Event {unknown} ('loop_test_happened', version 1 of 'keys' in 'acme'): "
                + "This version of the program does not know its type.",
            stopped.Message);
        Assert.Equal(1, await books.ScalarAsync<int>("select version from ledger_read.version where state = 'live'"));
    }

    [Fact]
    public async Task A_query_that_holds_a_view_keeps_the_swap_waiting_and_not_the_live_tables()
    {
        var last = await FillAsync("acme", 1, 10);
        await using var loop = books.StartLoop(pace: BooksDatabase.Hurried with { Hang = Patience });
        Assert.True(await loop.WaitForAsync(last, Patience));
        var waiting = new TaskCompletionSource<string>();
        Task<RebuildResult> rebuild;
        await using (var reader = await books.Source.OpenConnectionAsync())
        await using (var transaction = await reader.BeginTransactionAsync())
        {
            await using var hold = reader.CreateCommand();
            hold.CommandText = "select count(*) from views.journal_line";
            await hold.ExecuteScalarAsync();
            rebuild = new Rebuild(books.Source, EventCatalog.Ledger).RunAsync(new Told("waiting for", waiting));
            Assert.Contains(
                $"{reader.ProcessID} of {DatabaseRoles.Service} holds journal_line",
                await waiting.Task.WaitAsync(Patience),
                StringComparison.Ordinal);
            var meanwhile = await FillAsync("other", 2, 5);
            Assert.True(await loop.WaitForAsync(meanwhile, Patience), loop.Status.ToString());
            Assert.False(rebuild.IsCompleted, rebuild.Exception?.ToString());
        }

        Assert.Equal(2, (await rebuild).Version);
    }

    private async Task<long> FillAsync(string company, int seed, int entries)
    {
        var last = 0L;
        foreach (var (stream, @event) in new RandomBooks(seed).Events(entries))
        {
            last = await books.AppendAsync(company, stream, @event);
        }

        return last;
    }

    private sealed class Seen(List<ProjectionProgress> seen) : IProgress<ProjectionProgress>
    {
        public void Report(ProjectionProgress value) => seen.Add(value);
    }

    private sealed class Crash(CancellationTokenSource source) : IProgress<ProjectionProgress>
    {
        public void Report(ProjectionProgress value) => source.Cancel();
    }

    private sealed class Told(string step, TaskCompletionSource<string> told) : IProgress<ProjectionProgress>
    {
        public void Report(ProjectionProgress value)
        {
            if (value.Step.StartsWith(step, StringComparison.Ordinal))
            {
                told.TrySetResult(value.Step);
            }
        }
    }
}
