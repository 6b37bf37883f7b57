using System.Diagnostics;
using System.Runtime.InteropServices;
using Npgsql;

namespace Ledger.EventStore;

/// <summary>
/// The one writer of a process, a thread of its own: it drains what is waiting, appends it by one statement, and
/// answers. Under load the batch grows by itself; alone, a request waits for nothing.
/// </summary>
internal sealed class Writer
{
    private readonly AppendQueue queue;
    private readonly WriterConnection connection;
    private readonly Action<long> appended;
    private readonly Batch batch = new();
    private readonly List<Pending> drawn = [];
    private readonly List<Pending> later = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long statements;

    public Writer(AppendQueue queue, WriterConnection connection, Action<long> appended)
    {
        (this.queue, this.connection, this.appended) = (queue, connection, appended);
        var thread = new Thread(Run) { IsBackground = true, Name = "Ledger.EventStore writer" };
        thread.Start();
    }

    /// <summary>Ends when the queue is closed and everything accepted is answered.</summary>
    public Task Ended => ended.Task;

    public long Statements => Volatile.Read(ref statements);

    private void Run()
    {
        while (queue.Take(drawn))
        {
            foreach (var pending in drawn)
            {
                if (!batch.TryAdd(pending))
                {
                    later.Add(pending);
                }
            }

            Append(CollectionsMarshal.AsSpan(batch.Requests));

            // Only now: what they were decided on has just changed, and they must see it when they decide again.
            later.ForEach(pending => pending.Complete(AppendResult.Moved.Instance));
            batch.Clear();
            drawn.Clear();
            later.Clear();
        }

        connection.Dispose();
        ended.SetResult();
    }

    private void Append(ReadOnlySpan<Pending> requests)
    {
        var answer = Attempt(requests);
        switch (answer)
        {
            case null:
                break;
            case AppendResult.Poisoned when requests.Length > 1:
                // One of them spoils the statement for all; halving finds it in few steps.
                var half = requests.Length / 2;
                Append(requests[..half]);
                Append(requests[half..]);
                break;
            case AppendResult.Poisoned { SqlState: PostgresErrorCodes.UniqueViolation }:
                // Our own checks leave nothing to collide with: another program wrote past them, without our lock.
                requests[0].Complete(AppendResult.Moved.Instance);
                break;
            default:
                foreach (var pending in requests)
                {
                    pending.Complete(answer);
                }

                break;
        }
    }

    /// <summary>
    /// Runs one statement. Null when it has answered its requests, else the one answer for all of them.
    /// </summary>
    private AppendResult? Attempt(ReadOnlySpan<Pending> requests)
    {
        AppendStatement statement;
        try
        {
            statement = connection.Open();
        }
        catch (Exception e)
        {
            return new AppendResult.Unavailable(e.Message, FullDisk.Caused(e));
        }

        var started = Stopwatch.GetTimestamp();
        var activity = StoreMetrics.StatementStarts(requests.Length);
        Outcome outcome;
        try
        {
            Interlocked.Increment(ref statements);
            outcome = statement.Execute(requests);
        }
        catch (Exception e)
        {
            connection.DropIfBroken();
            return WriterFailure.Answer(e);
        }
        finally
        {
            StoreMetrics.StatementEnds(activity);
        }

        // From here on it is recorded, and no fault of ours may say otherwise.
        if (connection.Warning is { } warning)
        {
            connection.Drop();
            return new AppendResult.Unknown(warning);
        }

        Answer(requests, outcome, started);
        return null;
    }

    private void Answer(ReadOnlySpan<Pending> requests, Outcome outcome, long started)
    {
        var next = outcome.FirstSequence;
        for (var i = 0; i < requests.Length; i++)
        {
            if (outcome.Refused is { } refused && refused.AsSpan().Contains(i))
            {
                continue;
            }

            next += requests[i].Events;
        }

        StoreMetrics.Statement(requests.Length, (int)(next - outcome.FirstSequence), started);
        var (last, sequence) = (next - 1, outcome.FirstSequence);
        for (var i = 0; i < requests.Length; i++)
        {
            var pending = requests[i];
            if (outcome.Refused is { } refused && refused.AsSpan().Contains(i))
            {
                pending.Complete(AppendResult.Moved.Instance);
                continue;
            }

            pending.Complete(
                new AppendResult.Appended(sequence, sequence + pending.Events - 1, outcome.Recorded));
            sequence += pending.Events;
        }

        if (last >= outcome.FirstSequence)
        {
            appended(last);
        }
    }
}
