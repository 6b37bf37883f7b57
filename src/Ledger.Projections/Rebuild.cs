using Ledger.EventStore;
using Npgsql;

namespace Ledger.Projections;

/// <summary>How far a rebuild or a verification is.</summary>
/// <param name="Step">What is being done, for a person.</param>
/// <param name="Done">Of <paramref name="Total"/>; both 0 where a step cannot tell.</param>
public sealed record ProjectionProgress(string Step, long Done, long Total);

/// <summary>What a rebuild did.</summary>
/// <param name="Version">The version of the tables that is now in use.</param>
/// <param name="Events">How many events it holds.</param>
public sealed record RebuildResult(int Version, long Events, TimeSpan Elapsed);

/// <summary>
/// Fills new tables beside the live ones, while these stay in use and keep up, and swaps in one transaction with the
/// checkpoint. A crash leaves the live tables in use; the next rebuild drops what was half-built.
/// </summary>
public sealed class Rebuild(NpgsqlDataSource database, EventCatalog catalog)
{
    private const int SwapAttemptsMax = 100;

    // Each attempt holds the live loop for as long as SideBuild.ViewsWithin at most: a small part of the time.
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    /// <param name="blockSize">Positions a block of movement cells; as before when null.</param>
    /// <param name="progress">Is told of each batch.</param>
    /// <param name="ct">Leaves the live tables in use.</param>
    /// <exception cref="ProjectionException">It cannot be done; the message says why.</exception>
    public async Task<RebuildResult> RunAsync(
        IProgress<ProjectionProgress>? progress = null, int? blockSize = null, CancellationToken ct = default)
    {
        var started = TimeProvider.System.GetTimestamp();
        await using var build = await SideBuild.BeginAsync(database, catalog, blockSize, ct);
        var sequence = 0L;
        for (var attempt = 1; ; attempt++)
        {
            await build.CatchUpAsync(
                withLive: false, (done, total) => progress?.Report(new("filling new tables", done, total)), ct);
            await build.SummarizeAsync(ct);
            try
            {
                sequence = await SwapAsync(build, ct);
                break;
            }
            catch (PostgresException e) when (
                e.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
            {
                var holders = await build.HoldersOfViewsAsync(ct);
                if (attempt >= SwapAttemptsMax)
                {
                    throw new ProjectionException(
                        $"The tables are filled, but the views cannot be turned to them: {holders}. End what holds "
                            + "them (select pg_terminate_backend(PID)), then rebuild again.");
                }

                progress?.Report(new($"waiting for the views: {holders}", 0, 0));
                await Task.Delay(BetweenAttempts, ct);
            }
        }

        progress?.Report(new("dropping the old tables", sequence, sequence));
        await build.DropUnusedAsync(ct);
        return new(build.Version.Version, sequence, TimeProvider.System.GetElapsedTime(started));
    }

    // A query that holds a view keeps the swap waiting, and the swap keeps the live loop waiting: only for a moment.
    private static async Task<long> SwapAsync(SideBuild build, CancellationToken ct)
    {
        var (transaction, _) = await build.HoldLiveAsync("set local lock_timeout = '2s'", ct);
        await using (transaction)
        {
            await build.UseAsync(ct);
            await transaction.CommitAsync(ct);
            return build.Reached;
        }
    }
}
