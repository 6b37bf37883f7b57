using System.Data;
using System.Globalization;
using Ledger.EventStore;
using Ledger.Projections.Books;
using Npgsql;

namespace Ledger.Projections;

/// <summary>
/// A version of the tables that is filled beside the one in use, by the same code, while the service goes on. Only one
/// is built at a time; what is left of one that crashed is dropped first.
/// </summary>
internal sealed class SideBuild : IAsyncDisposable
{
    /// <summary>How long the swap waits for a view, and with it the live loop.</summary>
    private const string ViewsWithin = "200ms";

    private const long BuildLock = 7305804402566423153;

    private readonly NpgsqlConnection lockHolder;
    private readonly NpgsqlConnection connection;
    private readonly Follower follower;

    private SideBuild(NpgsqlConnection lockHolder, NpgsqlConnection connection, Follower follower, BooksVersion version)
    {
        this.lockHolder = lockHolder;
        this.connection = connection;
        this.follower = follower;
        Version = version;
    }

    public BooksVersion Version { get; }

    /// <summary>The event that cannot be folded, if there is one.</summary>
    public StoppedProjection? Stopped => follower.Stopped;

    /// <summary>Everything up to here is in the new tables.</summary>
    public long Reached => follower.Checkpoint;

    /// <exception cref="ProjectionException">Another rebuild or verification is at it.</exception>
    public static async Task<SideBuild> BeginAsync(
        NpgsqlDataSource database, EventCatalog catalog, int? blockSize, CancellationToken ct)
    {
        NpgsqlConnection? lockHolder = null;
        NpgsqlConnection? connection = null;
        try
        {
            lockHolder = await database.OpenConnectionAsync(ct);
            if (!await TryLockAsync(lockHolder, ct))
            {
                throw new ProjectionException("Another rebuild or verification is running; wait for it to end.");
            }

            connection = await database.OpenConnectionAsync(ct);
            var live = await BooksSchema.LiveAsync(connection, ct)
                ?? throw new ProjectionException("There are no tables of the books: run './run migrate'.");
            await DropUnusedAsync(connection, ct);
            BooksVersion version;
            await using (var transaction = await connection.BeginTransactionAsync(ct))
            {
                version = await BooksSchema.CreateAsync(connection, blockSize ?? live.BlockSize, ct);
                await transaction.CommitAsync(ct);
            }

            var tables = new BooksTables(version.Version, version.BlockSize);
            var follower = await Follower.OpenAsync(database, catalog, tables, version.Checkpoint, ct);
            return new(lockHolder, connection, follower, version);
        }
        catch
        {
            await (connection?.DisposeAsync() ?? default);
            await (lockHolder is null ? default : UnlockAsync(lockHolder));
            throw;
        }
    }

    /// <summary>Fills the tables up to a sequence that the log has.</summary>
    /// <exception cref="ProjectionException">An event cannot be folded; the message names it.</exception>
    public async Task FillAsync(long upTo, Action<long> reached, CancellationToken ct)
    {
        while (true)
        {
            var turn = await follower.AdvanceAsync(upTo, ct);
            reached(follower.Checkpoint);
            switch (turn)
            {
                case Turn.Advanced:
                    break;
                case Turn.Idle when Reached >= upTo:
                    return;
                case Turn.Idle:
                    // Another process is just giving the next events their positions.
                    await Task.Delay(TimeSpan.FromMilliseconds(5), ct);
                    break;
                case Turn.Stopped:
                    throw new ProjectionException(
                        $"The rebuild stopped. {follower.Stopped}",
                        $"The rebuild stopped. {follower.Stopped?.ForCallers} cannot be read.");
                default:
                    throw new ProjectionException("Somebody else wrote into the tables that are being built.");
            }
        }
    }

    /// <summary>Fills the tables until only as much is left as is written in a moment.</summary>
    /// <param name="withLive">Catches up with the live tables; else with the events.</param>
    /// <param name="reached">Is told how far it is, and of what.</param>
    /// <param name="ct">Leaves the tables as they are.</param>
    public async Task CatchUpAsync(bool withLive, Action<long, long> reached, CancellationToken ct)
    {
        const int moment = 2_000;
        long target;
        do
        {
            target = await TargetAsync(withLive, ct);
            await FillAsync(target, at => reached(at, target), ct);
        }
        while (await TargetAsync(withLive, ct) - target > moment);
    }

    /// <summary>
    /// Begins a transaction that holds the live tables still, and fills the new ones at least as far. It answers the
    /// sequence that the live tables have reached.
    /// </summary>
    public async Task<(NpgsqlTransaction Transaction, long Sequence)> HoldLiveAsync(
        string settings, CancellationToken ct)
    {
        var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            await using var hold = new NpgsqlCommand(settings + """
                ;
                select pg_advisory_xact_lock(ledger_read.lock_of('books', v.version))
                from ledger_read.version v where v.projection = 'books' and v.state = 'live'
                """, connection) { CommandTimeout = 0 };
            await hold.ExecuteNonQueryAsync(ct);
            var sequence = await TargetAsync(withLive: true, ct);
            await FillAsync(sequence, _ => { }, ct);
            return (transaction, sequence);
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes what is looked for quick to find.</summary>
    public Task SummarizeAsync(CancellationToken ct) => BooksSchema.SummarizeAsync(connection, Version, ct);

    /// <summary>In the transaction of <see cref="HoldLiveAsync"/>.</summary>
    /// <exception cref="PostgresException">55P03: somebody holds a view for longer than
    /// <see cref="ViewsWithin"/>.</exception>
    public async Task UseAsync(CancellationToken ct)
    {
        await using var within = new NpgsqlCommand($"set local lock_timeout = '{ViewsWithin}'", connection);
        await within.ExecuteNonQueryAsync(ct);
        await BooksSchema.UseAsync(connection, Version, Reached, ct);
    }

    /// <summary>Which sessions hold views, for a person.</summary>
    public async Task<string> HoldersOfViewsAsync(CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            select string_agg(distinct format('%s of %s holds %s', l.pid, coalesce(a.usename, '?'), c.relname), ', ')
            from pg_locks l
            join pg_class c on c.oid = l.relation and c.relnamespace = 'views'::regnamespace
            left join pg_stat_activity a on a.pid = l.pid
            where l.granted and l.pid <> pg_backend_pid()
            """,
            connection);
        return await command.ExecuteScalarAsync(ct) as string ?? "nobody holds them any more";
    }

    /// <summary>Drops the tables that are not in use, whichever these are now.</summary>
    public Task DropUnusedAsync(CancellationToken ct) => DropUnusedAsync(connection, ct);

    public async ValueTask DisposeAsync()
    {
        await follower.DisposeAsync();
        await connection.DisposeAsync();
        await UnlockAsync(lockHolder);
    }

    // A question that was begun before the swap still reads the old tables, one after the other: it and the drop may
    // wait for each other, and the server then ends one of the two.
    private static async Task DropUnusedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        const int attemptsMax = 100;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await BooksSchema.DropUnusedAsync(connection, ct);
                return;
            }
            catch (PostgresException e) when (
                e.SqlState == PostgresErrorCodes.DeadlockDetected && attempt < attemptsMax)
            {
                // Such questions are soon answered, and none begins: whoever asks now asks the tables in use.
            }
        }
    }

    private static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            string.Create(CultureInfo.InvariantCulture, $"select pg_try_advisory_lock({BuildLock})"), connection);
        return await command.ExecuteScalarAsync(ct) is true;
    }

    // A pool would keep the connection, and the lock with it.
    private static async ValueTask UnlockAsync(NpgsqlConnection connection)
    {
        await using (connection)
        {
            if (connection.State == ConnectionState.Open)
            {
                await using var command = new NpgsqlCommand("select pg_advisory_unlock_all()", connection);
                await command.ExecuteNonQueryAsync();
            }
        }
    }

    private async Task<long> TargetAsync(bool withLive, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            withLive
                ? "select last_seq_id from public.mt_event_progression where name = 'books:All'"
                : "select seq_id from public.mt_events order by seq_id desc limit 1",
            connection);
        return await command.ExecuteScalarAsync(ct) is long sequence ? sequence : 0;
    }
}

/// <summary>What was asked of the projections cannot be done now; the message says why and what to do.</summary>
/// <param name="message">For whoever runs the program.</param>
/// <param name="forCallers">What everybody may know of it who asks; the message where that names nobody.</param>
public sealed class ProjectionException(string message, string? forCallers = null) : Exception(message)
{
    /// <summary>What everybody may know of it who asks.</summary>
    public string ForCallers { get; } = forCallers ?? message;
}
