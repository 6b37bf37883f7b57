using Npgsql;

namespace Ledger.EventStore;

/// <summary>
/// The event store: appends through one writer per process, and reads. It is called Store because its namespace hides
/// the longer name.
/// </summary>
public sealed class Store : IAsyncDisposable
{
    private readonly NpgsqlDataSource database;
    private readonly AppendQueue queue;
    private readonly WriterConnection connection;
    private readonly Writer writer;
    private long head;
    private long reads;

    /// <param name="database">Stays the caller's; one of its connections is held by the writer.</param>
    public Store(NpgsqlDataSource database, StoreOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        options ??= StoreOptions.Default;
        this.database = database;
        queue = new AppendQueue(options);
        connection = new WriterConnection(database, options);
        writer = new Writer(queue, connection, OnAppended);
    }

    /// <summary>
    /// This process has appended; the argument is the last number. Raised on the writer's own thread, which waits for
    /// the handlers: they may set a flag, and no more.
    /// </summary>
    public event Action<long>? Appended;

    /// <summary>The last number that this process appended; 0 before its first.</summary>
    public long LastAppended => Volatile.Read(ref head);

    /// <summary>How many statements the writer has sent: a measure of how well callers share them.</summary>
    public long Statements => writer.Statements;

    /// <summary>How many round trips were made to read streams.</summary>
    public long Reads => Volatile.Read(ref reads);

    /// <summary>Requests that wait for the writer.</summary>
    public int Waiting => queue.Count;

    /// <summary>
    /// Refuses an unsafe server, and records holes that Marten left among the numbers. Behind the last event there is
    /// no hole: the next event gets the next number, whatever Marten drew and rolled back, and nobody has read it yet.
    /// </summary>
    /// <exception cref="UnsafeServerException">The server would lose what it confirms.</exception>
    public async Task StartAsync(CancellationToken ct = default)
    {
        await StartCheck.RunAsync(database, ct);
        await using var command = database.CreateCommand("select ledger.record_holes()");
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(ct);

        // Marten's daemon goes by the numbers that were drawn; what it has not seen must not count as read.
        await using var lower = database.CreateCommand("""
            with head as materialized (select coalesce(max(seq_id), 0) as seq_id from public.mt_events)
            update public.mt_event_progression p set last_seq_id = h.seq_id
            from head h where p.last_seq_id > h.seq_id
            """);
        lower.CommandTimeout = 0;
        await lower.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Appends all of the request or nothing. There is no cancellation: the append runs to its end, whoever waits for
    /// it.
    /// </summary>
    /// <exception cref="ArgumentException">It has no events, too many, or a stream named twice.</exception>
    public ValueTask<AppendResult> AppendAsync(AppendRequest request) => AppendAsync(request, isRetry: false);

    /// <summary>Appends many requests, each alone, and answers when all are answered, in the same order.</summary>
    /// <exception cref="ArgumentException">One of the requests is malformed; nothing was appended.</exception>
    public ValueTask<AppendResult[]> AppendAllAsync(IReadOnlyList<AppendRequest> requests) =>
        AppendAllAsync(requests, isRetry: false);

    internal async ValueTask<AppendResult[]> AppendAllAsync(IReadOnlyList<AppendRequest> requests, bool isRetry)
    {
        ArgumentNullException.ThrowIfNull(requests);
        if (requests.Count == 0)
        {
            return [];
        }

        var group = new PendingGroup(requests.Count);
        var pending = new Pending[requests.Count];
        for (var i = 0; i < pending.Length; i++)
        {
            Check(requests[i]);
            pending[i] = new Pending(requests[i], isRetry, group, i);
        }

        if (queue.TryEnqueue(pending) is { } refused)
        {
            var results = new AppendResult[pending.Length];
            Array.Fill(results, refused);
            return results;
        }

        StoreMetrics.Accepted(pending.Length);
        return await group.Task;
    }

    /// <summary>The events of a stream behind a version, in order; empty when there are none.</summary>
    public async Task<IReadOnlyList<RecordedEvent>> ReadStreamAsync(
        string company, string stream, long afterVersion = 0, CancellationToken ct = default) =>
        (await ReadStreamsAsync(company, [new(stream, afterVersion)], ct))[0];

    /// <summary>The events of several streams in one round trip and of one moment, in the order asked for.</summary>
    public Task<IReadOnlyList<RecordedEvent>[]> ReadStreamsAsync(
        string company, IReadOnlyList<StreamPosition> streams, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(streams);
        Interlocked.Increment(ref reads);
        return StreamReads.StreamsAsync(database, company, streams, ct);
    }

    /// <summary>Up to <paramref name="limit"/> events of all companies after a number, in order.</summary>
    public Task<IReadOnlyList<RecordedEvent>> ReadAllAsync(
        long afterSequence, int limit, CancellationToken ct = default) =>
        StreamReads.AllAsync(database, afterSequence, limit, ct);

    /// <summary>The number of the last event, whoever appended it; 0 when there is none.</summary>
    public Task<long> HeadAsync(CancellationToken ct = default) => StreamReads.HeadAsync(database, ct);

    /// <summary>Finishes what was accepted, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Close();
        await writer.Ended;
    }

    internal ValueTask<AppendResult> AppendAsync(AppendRequest request, bool isRetry)
    {
        Check(request);
        var pending = new Pending(request, isRetry);
        if (queue.TryEnqueue([pending]) is { } refused)
        {
            return new(refused);
        }

        StoreMetrics.Accepted(1);
        return pending.Task;
    }

    private static void Check(AppendRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var events = 0;
        for (var i = 0; i < request.Writes.Count; i++)
        {
            var write = request.Writes[i];
            events += write.Events.Count;
            ArgumentOutOfRangeException.ThrowIfNegative(write.ExpectedVersion);
            if (write.Events.Count == 0)
            {
                throw new ArgumentException($"The write to '{write.Stream}' holds no event.", nameof(request));
            }

        }

        if (request.Writes.Count > 1
            && request.Writes.Select(write => write.Stream).ToHashSet().Count < request.Writes.Count)
        {
            throw new ArgumentException("A stream is written twice.", nameof(request));
        }

        if (events is 0 or > AppendRequest.EventsMax)
        {
            throw new ArgumentException(
                $"A request holds 1–{AppendRequest.EventsMax} events, not {events}.", nameof(request));
        }
    }

    private void OnAppended(long last)
    {
        Volatile.Write(ref head, last);
        foreach (var handler in Delegate.EnumerateInvocationList(Appended))
        {
            StoreMetrics.Tell((handler, last), static told => told.handler(told.last));
        }
    }
}
