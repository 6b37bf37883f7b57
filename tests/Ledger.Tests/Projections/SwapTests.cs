using Ledger.EventStore;
using Ledger.Projections;
using Ledger.Projections.Balances;
using Ledger.Projections.Queries;
using Ledger.Tests.Queries;
using Npgsql;

namespace Ledger.Tests.Projections;

/// <summary>Questions that are asked while a rebuild puts other tables in place.</summary>
public sealed class SwapTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private BooksDatabase books = null!;
    private ProjectionLoop loop = null!;
    private LedgerReader reader = null!;
    private long last;

    public async Task InitializeAsync()
    {
        books = await BooksDatabase.CreateAsync();
        loop = books.StartLoop();
        reader = new(LedgerSource.Create(books.ConnectionString), loop);
        foreach (var (stream, @event) in new RandomBooks(1).Events(60))
        {
            last = await books.AppendAsync("acme", stream, @event);
        }

        Assert.True(await loop.WaitForAsync(last, Patience));
    }

    public async Task DisposeAsync()
    {
        await reader.DisposeAsync();
        await loop.DisposeAsync();
        await books.DisposeAsync();
    }

    [Fact]
    public async Task Every_question_gets_the_right_answer_while_tables_are_rebuilt_and_swapped()
    {
        var right = await AskAsync();
        Assert.NotEmpty(right.Rows);
        using var rebuilt = new CancellationTokenSource();
        var askers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var asked = 0;
            while (!rebuilt.IsCancellationRequested)
            {
                Assert.Equal(right.Rows, (await AskAsync()).Rows);
                asked++;
            }

            return asked;
        })).ToArray();

        for (var version = 2; version <= 5; version++)
        {
            Assert.Equal(version, (await RebuildAsync()).Version);
        }

        await rebuilt.CancelAsync();
        Assert.All(await Task.WhenAll(askers), asked => Assert.InRange(asked, 5, int.MaxValue));
    }

    [Fact]
    public async Task A_question_whose_tables_are_dropped_before_it_has_read_them_is_asked_of_the_new_ones()
    {
        var right = await AskAsync();
        var dropping = new TaskCompletionSource();
        Task<BalanceTable> asking;
        Task<RebuildResult> rebuild;
        await using (var holder = await books.Source.OpenConnectionAsync())
        await using (var transaction = await holder.BeginTransactionAsync())
        {
            await ExecuteAsync(holder, "lock table ledger_read.books_state_1 in access exclusive mode");
            asking = AskAsync();
            while (await books.ScalarAsync<long>("""
                select count(*) from pg_locks
                where not granted and relation = 'ledger_read.books_state_1'::regclass
                """) == 0)
            {
                Assert.False(asking.IsCompleted);
                await Task.Delay(1);
            }

            rebuild = RebuildAsync(new Told(dropping));
            await dropping.Task.WaitAsync(Patience);
            await ExecuteAsync(holder, "drop table ledger_read.books_state_1");
            await transaction.CommitAsync();
        }

        Assert.Equal(right.Rows, (await asking).Rows);
        Assert.Equal(2, (await rebuild).Version);
    }

    private Task<RebuildResult> RebuildAsync(IProgress<ProjectionProgress>? progress = null) =>
        new Rebuild(books.Source, EventCatalog.Ledger).RunAsync(progress);

    private async Task<BalanceTable> AskAsync()
    {
        var answer = await reader.AskAsync(new("acme", new KnownAt.OfSequence(last)), snapshot =>
            BalanceQueries.BalancesAsync(snapshot, new(2030, 12, 31), null, DimensionQuery.None));
        Assert.True(answer.Refusal is null, answer.Refusal?.Message);
        return answer.Value!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private sealed class Told(TaskCompletionSource told) : IProgress<ProjectionProgress>
    {
        public void Report(ProjectionProgress value)
        {
            if (value.Step == "dropping the old tables")
            {
                told.TrySetResult();
            }
        }
    }
}
