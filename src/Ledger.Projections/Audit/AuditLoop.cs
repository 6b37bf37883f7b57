using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>How the audit logs stand in this process.</summary>
/// <param name="Sequence">Every event up to here is in its company's log.</param>
/// <param name="Trouble">Why it does not go on; null when it does.</param>
public sealed record AuditStatus(long Sequence, ProjectionTrouble? Trouble);

/// <summary>
/// Keeps the audit logs of all companies up to the events, behind the appends, which never wait for it: some times a
/// second it adds what is new, and signs.
/// </summary>
/// <param name="database">Stays the caller's; one of its connections is held.</param>
public sealed class AuditLoop(NpgsqlDataSource database, AuditSigning signing)
{
    /// <summary>How far the logs are, in <c>mt_event_progression</c>.</summary>
    public const string Progress = "audit:All";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>Another process is at it: this one looks again after some time, lest both forget and load in
    /// turn.</summary>
    private static readonly TimeSpan TakeOver = TimeSpan.FromSeconds(2);

    /// <summary>What is wrong with the stored logs does not pass by itself.</summary>
    private static readonly TimeSpan RetryContradicted = TimeSpan.FromSeconds(5);

    private const string NoKey = "The key that signs the audit logs is not here: put the file with it back, or have "
        + "'./run audit rotate-key' make another. Nothing is added to them here until then.";

    private bool hasNoKey;

    public AuditStatus Status { get; private set; } = new(0, null);

    /// <summary>Is told of each fault after which the loop tries again.</summary>
    public event Action<Exception>? Troubled;

    /// <summary>Adds and signs all that is recorded by now, whether or not another process is at it, and whatever is
    /// recorded meanwhile.</summary>
    /// <param name="progress">Is told how far it is.</param>
    /// <exception cref="AuditLogException">No key is here, or what is stored is not what was signed.</exception>
    public async Task CatchUpAsync(IProgress<ProjectionProgress>? progress, CancellationToken ct)
    {
        await using var writer = await AuditWriter.OpenAsync(database, signing, ct);
        long head;
        await using (var last = database.CreateCommand("select coalesce(max(seq_id), 0) from public.mt_events"))
        {
            head = (long)(await last.ExecuteScalarAsync(ct))!;
        }

        for (var total = 0L; ;)
        {
            switch (await writer.AdvanceAsync(ct))
            {
                case { HasNoKey: true }:
                    throw new AuditLogException(NoKey);
                case { IsBusy: false, Leaves: < AuditWriter.EventsMax, Renewed: < SignatureRenewal.NotesMax }
                    when writer.Sequence >= head:
                    await LogCheckpointsAsync(writer.LedgerLog, ct);
                    return;
                case { Leaves: 0, Renewed: 0 }:
                    await Task.Delay(Pause, ct);
                    break;
                case { Leaves: var added }:
                    total += added;
                    progress?.Report(new("adding events to the audit logs", total, 0));
                    break;
            }
        }
    }

    /// <summary>Follows the events until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var writer = await AuditWriter.OpenAsync(database, signing, ct);
                await FollowAsync(writer, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Whatever it was, a loop that ended here would be silent for ever: it says so and tries again.
                Status = Status with { Trouble = ProjectionTrouble.Of(e) };
                Troubled?.Invoke(e);
                await Task.Delay(e is AuditLogException ? RetryContradicted : RetryAfter, ct)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static async Task LogCheckpointsAsync(LedgerLogWriter ledger, CancellationToken ct)
    {
        while (await ledger.AdvanceAsync(ct) is { HasNoKey: var isKeyGone } step
            && (isKeyGone || step.IsBusy || step.Leaves == LedgerLogWriter.LeavesMax))
        {
            if (isKeyGone)
            {
                throw new AuditLogException(NoKey);
            }

            await Task.Delay(Pause, ct);
        }
    }

    private async Task FollowAsync(AuditWriter writer, CancellationToken ct)
    {
        while (true)
        {
            var step = await writer.AdvanceAsync(ct);
            if (!step.IsBusy && !step.HasNoKey && writer.LedgerLog.IsDue)
            {
                await writer.LedgerLog.AdvanceAsync(ct);
            }

            SetStatus(writer.Sequence, step.HasNoKey);
            if (step.IsBusy || step.HasNoKey)
            {
                await Task.Delay(TakeOver, ct);
            }
            else if (step.Leaves < AuditWriter.EventsMax)
            {
                await Task.Delay(Pause, ct);
            }
        }
    }

    /// <summary>That there is no key is told once.</summary>
    private void SetStatus(long sequence, bool isKeyGone)
    {
        var missing = isKeyGone ? new AuditLogException(NoKey) : null;
        if (missing is not null && !hasNoKey)
        {
            Troubled?.Invoke(missing);
        }

        hasNoKey = isKeyGone;
        Status = new(sequence, missing is null ? null : ProjectionTrouble.Of(missing));
    }
}
