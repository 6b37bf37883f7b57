using System.Diagnostics;
using Ledger.Api.PayRuns;
using Ledger.Projections;

namespace Ledger.Api.Observability;

/// <summary>Tells the log of the service once at which event the tables stop, and why; of whatever else keeps them
/// back; and of calculations of pay runs that came to nothing.</summary>
internal sealed partial class StoppedLog(ILogger<StoppedLog> log)
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);
    private StoppedProjection? said;
    private string? trouble;
    private long troubleSaid;

    public void Follow(ProjectionLoop loop)
    {
        loop.StoppedAt += Say;
        loop.Troubled += Say;
        // It may have come to stand before anybody listened.
        if (loop.Status.Stopped is { } at)
        {
            Say(at);
        }
    }

    public void Follow(PayRunCalculator payRuns) => payRuns.Faulted += (run, fault) => NotCalculated(log, fault, run);

    private void Say(StoppedProjection at)
    {
        if (Interlocked.Exchange(ref said, at) != at)
        {
            Stopped(log, at.ToString());
        }
    }

    /// <summary>The loop tries again twice a second: the same is said once a minute.</summary>
    private void Say(Exception fault)
    {
        if (fault.Message == trouble && Stopwatch.GetElapsedTime(troubleSaid) < Again)
        {
            return;
        }

        (trouble, troubleSaid) = (fault.Message, Stopwatch.GetTimestamp());
        Troubled(log, fault);
    }

    [LoggerMessage(LogLevel.Warning, "The tables of the books cannot go on now; it is tried again.")]
    private static partial void Troubled(ILogger logger, Exception why);

    [LoggerMessage(LogLevel.Error, "The calculation of the pay run {Run} stopped; begin another.")]
    private static partial void NotCalculated(ILogger logger, Exception why, string run);

    [LoggerMessage(LogLevel.Error, "The tables of the books go no further until that is mended. {Where}")]
    private static partial void Stopped(ILogger logger, string where);
}
