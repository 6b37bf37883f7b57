using Ledger.Projections;

namespace Ledger.Api.Observability;

/// <summary>Tells the log of the service once at which event the tables stop, and why.</summary>
internal sealed partial class StoppedLog(ILogger<StoppedLog> log)
{
    private StoppedProjection? said;

    public void Follow(ProjectionLoop loop)
    {
        loop.StoppedAt += Say;
        // It may have come to stand before anybody listened.
        if (loop.Status.Stopped is { } at)
        {
            Say(at);
        }
    }

    private void Say(StoppedProjection at)
    {
        if (Interlocked.Exchange(ref said, at) != at)
        {
            Stopped(log, at.ToString());
        }
    }

    [LoggerMessage(LogLevel.Error, "The tables of the books go no further until that is mended. {Where}")]
    private static partial void Stopped(ILogger logger, string where);
}
