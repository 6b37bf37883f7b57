namespace Ledger.Projections;

/// <summary>Callers that wait until a sequence is in the tables; the loop wakes exactly those that it has
/// reached.</summary>
internal sealed class Waiters
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<TaskCompletionSource<bool>, long> waiting = new();
    private long reached;
    private bool stopped;

    /// <summary>Whether somebody waits for more than has been reached, so that the loop should hurry.</summary>
    public bool Any
    {
        get
        {
            lock (gate)
            {
                return waiting.Count > 0;
            }
        }
    }

    public long Reached => Volatile.Read(ref reached);

    /// <returns>True once it is reached; false when it will not be, because the loop stopped.</returns>
    public Task<bool> ForAsync(long sequence)
    {
        if (sequence <= Volatile.Read(ref reached))
        {
            return Task.FromResult(true);
        }

        lock (gate)
        {
            if (sequence <= reached || stopped)
            {
                return Task.FromResult(sequence <= reached);
            }

            var waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(waiter, sequence);
            return waiter.Task;
        }
    }

    public void Reach(long sequence)
    {
        lock (gate)
        {
            // A crash of the database may take the tables back; what was reached comes again.
            Volatile.Write(ref reached, sequence);
            stopped = false;
            while (waiting.TryPeek(out var waiter, out var wanted) && wanted <= sequence)
            {
                waiting.Dequeue();
                waiter.SetResult(true);
            }
        }
    }

    /// <summary>Answers all who wait, and who come, that the loop goes no further.</summary>
    public void Stop()
    {
        lock (gate)
        {
            stopped = true;
            while (waiting.TryDequeue(out var waiter, out _))
            {
                waiter.SetResult(false);
            }
        }
    }
}
