using System.Threading.Channels;
using Ledger.EventStore;
using Ledger.Projections.Books;
using Npgsql;

namespace Ledger.Projections;

/// <summary>How a loop paces itself; the defaults suit a service.</summary>
/// <param name="Poll">How often events of other processes are looked for.</param>
/// <param name="Gather">Under load, how long batches gather while nobody waits for one: fewer, larger batches.</param>
/// <param name="TakeOver">How long another process may leave events lying before this one takes over.</param>
/// <param name="Hang">How long another process may hold the lock without a sign of life before its connection is
/// ended.</param>
public sealed record ProjectionPace(TimeSpan Poll, TimeSpan Gather, TimeSpan TakeOver, TimeSpan Hang)
{
    public static readonly ProjectionPace Default = new(
        TimeSpan.FromMilliseconds(50),
        TimeSpan.FromMilliseconds(50),
        TimeSpan.FromMilliseconds(300),
        TimeSpan.FromSeconds(30));
}

/// <summary>
/// Keeps the tables of the books up to the events. Several processes may run it: one writes, the others watch its
/// checkpoint and take over when it no longer moves.
/// </summary>
public sealed class ProjectionLoop : IAsyncDisposable
{
    private const int FewEvents = 64;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    private readonly NpgsqlDataSource database;
    private readonly EventCatalog catalog;
    private readonly ProjectionPace pace;
    private readonly Waiters waiters = new();
    private readonly CancellationTokenSource ending = new();
    private readonly Channel<bool> wakes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private Task running = Task.CompletedTask;

    /// <param name="database">Stays the caller's; up to three of its connections are held.</param>
    /// <param name="catalog">The events that this program knows; all others stop the loop.</param>
    public ProjectionLoop(NpgsqlDataSource database, EventCatalog catalog, ProjectionPace? pace = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(catalog);
        this.database = database;
        this.catalog = catalog;
        this.pace = pace ?? ProjectionPace.Default;
    }

    public ProjectionStatus Status { get; private set; } = new("books", 0, 0, false, null, null);

    /// <summary>Is told of an event that the loop cannot go past, once each time that it comes to stand.</summary>
    public event Action<StoppedProjection>? StoppedAt;

    /// <summary>Is told of each fault after which the loop tries again.</summary>
    public event Action<Exception>? Troubled;

    public void Start() => running = Task.Run(() => RunAsync(ending.Token));

    /// <summary>Something was appended. Cheap, never waits, may be called from any thread.</summary>
    public void Wake() => wakes.Writer.TryWrite(true);

    /// <summary>Waits until everything up to the sequence is in the tables, whichever process writes them.</summary>
    /// <returns>False when the time is up or the loop stopped before it.</returns>
    public Task<bool> WaitForAsync(long sequence, TimeSpan timeout, CancellationToken ct = default)
    {
        var reached = waiters.WaitAsync(sequence, timeout, ct);
        if (!reached.IsCompleted)
        {
            Wake();
        }

        return reached;
    }

    /// <summary>Asks the database how far the tables are behind the events.</summary>
    public async Task<ProjectionLag> LagAsync(CancellationToken ct = default)
    {
        await using var command = database.CreateCommand("""
            select h.head, p.last_seq_id, coalesce(extract(epoch from clock_timestamp() - (
                select e.timestamp from public.mt_events e
                where e.seq_id > p.last_seq_id order by e.seq_id limit 1)), 0)
            from (select coalesce(max(seq_id), 0) as head from public.mt_events) h,
                public.mt_event_progression p
            where p.name = 'books:All'
            """);
        await using var rows = await command.ExecuteReaderAsync(ct);
        return await rows.ReadAsync(ct)
            ? new(rows.GetInt64(0), rows.GetInt64(1), Math.Max(0, rows.GetDecimal(2)))
            : throw new InvalidOperationException("The schema of the projections is missing: run './run migrate'.");
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await running;
        waiters.Stop();
        ending.Dispose();
    }

    private async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was, a loop that ended here would be silent for ever: it says so and tries again.
                Status = Status with { Leading = false, Trouble = ProjectionTrouble.Of(e) };
                Troubled?.Invoke(e);
                await Task.Delay(RetryAfter, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(CancellationToken ct)
    {
        BooksVersion? live;
        await using (var connection = await database.OpenConnectionAsync(ct))
        {
            live = await BooksSchema.LiveAsync(connection, ct);
        }

        if (live is null || live.Definition != BooksSchema.Definition)
        {
            throw new UnusableTablesException(live is null
                ? "There are no tables of the books: run './run migrate'."
                : "The tables of the books were made by another version of the program: run './run rebuild'.");
        }

        var tables = new BooksTables(live.Version, live.BlockSize);
        await using var follower = await Follower.OpenAsync(database, catalog, tables, live.Checkpoint, ct);
        await using var watch = new LeaderWatch(database, tables, pace);
        Reach(follower, leading: true);
        while (true)
        {
            var started = TimeProvider.System.GetTimestamp();
            var turn = await follower.AdvanceAsync(long.MaxValue, ct);
            Reach(follower, leading: turn != Turn.Outrun);
            switch (turn)
            {
                case Turn.Advanced when follower.Folded >= FewEvents:
                    await GatherAsync(started, ct);
                    break;
                case Turn.Advanced:
                    break;
                case Turn.Idle:
                    await WokenAsync(pace.Poll, ct);
                    break;
                case Turn.Replaced:
                    return;
                case Turn.Outrun:
                    await watch.UntilAbandonedAsync(follower.Checkpoint, sequence => Reach(tables, sequence), ct);
                    await follower.ReloadAsync(ct);
                    break;
                case Turn.Stopped:
                    Stop(follower.Stopped!);
                    waiters.Stop();
                    await watch.UntilPassedAsync(follower.Checkpoint, follower.GivePositionsAsync, ct);
                    await follower.ReloadAsync(ct);
                    Reach(follower, leading: false);
                    Status = Status with { Stopped = null };
                    break;
                default:
                    throw new ArgumentOutOfRangeException(nameof(ct), turn, "A turn without a meaning.");
            }
        }
    }

    private void Stop(StoppedProjection at)
    {
        var isNews = at != Status.Stopped;
        Status = Status with { Leading = false, Stopped = at };
        if (isNews)
        {
            StoppedAt?.Invoke(at);
        }
    }

    private void Reach(Follower follower, bool leading)
    {
        Status = Status with
        {
            Version = follower.Version,
            Sequence = follower.Checkpoint,
            Leading = leading,
            Trouble = null,
        };
        waiters.Reach(follower.Checkpoint);
    }

    private void Reach(BooksTables tables, long sequence)
    {
        Status = Status with { Version = tables.Version, Sequence = sequence, Leading = false, Trouble = null };
        waiters.Reach(sequence);
    }

    // Under load a batch of fifty milliseconds costs far less than fifty of one; whoever waits is served at once.
    private async Task GatherAsync(long started, CancellationToken ct)
    {
        var rest = pace.Gather - TimeProvider.System.GetElapsedTime(started);
        if (rest > TimeSpan.Zero && !waiters.Any)
        {
            await Task.Delay(rest, ct);
        }
    }

    private async Task WokenAsync(TimeSpan atMost, CancellationToken ct)
    {
        try
        {
            await wakes.Reader.ReadAsync(ct).AsTask().WaitAsync(atMost, ct);
        }
        catch (TimeoutException)
        {
            // The poll for other processes' events.
        }
    }
}
