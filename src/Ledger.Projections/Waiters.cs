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
    public bool Any => Count > 0;

    public int Count
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    /// <returns>True once it is reached; false when the time is up, or the loop stopped before it.</returns>
    public async Task<bool> WaitAsync(long sequence, TimeSpan timeout, CancellationToken ct)
    {
        TaskCompletionSource<bool> waiter;
        lock (gate)
        {
            if (sequence <= reached || stopped)
            {
                return sequence <= reached;
            }

            waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(waiter, sequence);
        }

        try
        {
            return await waiter.Task.WaitAsync(timeout, ct);
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            // Who no longer waits must not make a stalled loop hurry, nor lie in memory until it goes on.
            if (!waiter.Task.IsCompleted)
            {
                Forget(waiter);
            }
        }
    }

    public void Reach(long sequence)
    {
        lock (gate)
        {
            // A crash of the database may take the tables back; what was reached comes again.
            reached = sequence;
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

    private void Forget(TaskCompletionSource<bool> waiter)
    {
        lock (gate)
        {
            waiting.Remove(waiter, out _, out _);
        }
    }
}
