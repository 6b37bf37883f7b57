namespace Ledger.EventStore;

/// <summary>What waits for the writer: bounded, decisions made again first, otherwise in order of arrival.</summary>
internal sealed class AppendQueue(StoreOptions options)
{
    private readonly Lock gate = new();
    private readonly Queue<Pending> retries = new();
    private readonly Queue<Pending> fresh = new();
    private readonly SemaphoreSlim arrived = new(0, 1);
    private long bytes;
    private bool closed;
    private bool writerWaits;

    public int Count
    {
        get
        {
            lock (gate)
            {
                return retries.Count + fresh.Count;
            }
        }
    }

    /// <summary>Takes all of them or none. Null when they were taken, else what to answer.</summary>
    public AppendResult? TryEnqueue(ReadOnlySpan<Pending> requests)
    {
        var more = 0L;
        foreach (var request in requests)
        {
            more += request.Bytes;
        }

        bool wake;
        lock (gate)
        {
            if (closed)
            {
                return new AppendResult.Unavailable("The store is stopping.");
            }

            // An empty queue takes anything: a request larger than the bound must be possible at some time.
            var waiting = retries.Count + fresh.Count;
            if (waiting > 0
                && (waiting + requests.Length > options.QueueRequestsMax || bytes + more > options.QueueBytesMax))
            {
                return AppendResult.QueueFull.Instance;
            }

            bytes += more;
            foreach (var request in requests)
            {
                (request.IsRetry ? retries : fresh).Enqueue(request);
            }

            wake = writerWaits;
            writerWaits = false;
        }

        if (wake)
        {
            arrived.Release();
        }

        return null;
    }

    /// <summary>
    /// Moves what fits into one statement; waits while there is nothing. False when closed and empty.
    /// </summary>
    public bool Take(List<Pending> into)
    {
        while (true)
        {
            lock (gate)
            {
                if (TakeWaiting(into))
                {
                    return true;
                }

                if (closed)
                {
                    return false;
                }

                writerWaits = true;
            }

            arrived.Wait();
        }
    }

    /// <summary>Takes nothing more; what waits is still handed out.</summary>
    public void Close()
    {
        bool wake;
        lock (gate)
        {
            closed = true;
            wake = writerWaits;
            writerWaits = false;
        }

        if (wake)
        {
            arrived.Release();
        }
    }

    private bool TakeWaiting(List<Pending> into)
    {
        var (events, size) = (0, 0L);
        while (retries.TryPeek(out var next) || fresh.TryPeek(out next))
        {
            events += next.Events;
            size += next.Bytes;
            if (into.Count > 0 && (events > options.BatchEventsMax || size > options.BatchBytesMax))
            {
                break;
            }

            (next.IsRetry ? retries : fresh).Dequeue();
            bytes -= next.Bytes;
            into.Add(next);
        }

        return into.Count > 0;
    }
}
