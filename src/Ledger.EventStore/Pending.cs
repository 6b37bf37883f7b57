using System.Diagnostics;
using System.Threading.Tasks.Sources;

namespace Ledger.EventStore;

/// <summary>A request that waits for its batch. Its caller waits for it alone, or for the group it came with.</summary>
internal sealed class Pending : IValueTaskSource<AppendResult>
{
    private readonly PendingGroup? group;
    private readonly int index;
    private ManualResetValueTaskSourceCore<AppendResult> completion = new() { RunContinuationsAsynchronously = true };

    public Pending(AppendRequest request, bool isRetry, PendingGroup? group = null, int index = 0)
    {
        Request = request;
        IsRetry = isRetry;
        this.group = group;
        this.index = index;
        foreach (var write in request.Writes)
        {
            Events += write.Events.Count;
            foreach (var e in write.Events)
            {
                Bytes += e.Data.Length;
            }
        }
    }

    public AppendRequest Request { get; }

    /// <summary>Decided again after something moved: such requests go first.</summary>
    public bool IsRetry { get; }

    public int Events { get; }

    public long Bytes { get; }

    public long Since { get; } = Stopwatch.GetTimestamp();

    public ValueTask<AppendResult> Task => new(this, completion.Version);

    public void Complete(AppendResult result)
    {
        StoreMetrics.Completed(this, result);
        if (group is null)
        {
            completion.SetResult(result);
        }
        else
        {
            group.Complete(index, result);
        }
    }

    public AppendResult GetResult(short token) => completion.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => completion.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        completion.OnCompleted(continuation, state, token, flags);
}

/// <summary>Requests that were handed over together and are answered together; each stands alone otherwise.</summary>
internal sealed class PendingGroup(int count)
{
    private readonly AppendResult[] results = new AppendResult[count];
    private readonly TaskCompletionSource<AppendResult[]> completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int missing = count;

    public Task<AppendResult[]> Task => completion.Task;

    public void Complete(int index, AppendResult result)
    {
        results[index] = result;
        if (Interlocked.Decrement(ref missing) == 0)
        {
            completion.SetResult(results);
        }
    }
}
