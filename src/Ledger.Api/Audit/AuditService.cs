namespace Ledger.Api.Audit;

/// <summary>Keeps the audit logs up to the events while the service runs.</summary>
internal sealed partial class AuditService(LedgerHost ledger, ILogger<AuditService> log) : BackgroundService
{
    private static readonly TimeSpan SaysAgainAfter = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The same again and again would bury all else in the log.
        var (said, at) = ("", 0L);
        ledger.AuditLog.Troubled += fault =>
        {
            if (fault.Message != said || TimeProvider.System.GetElapsedTime(at) > SaysAgainAfter)
            {
                (said, at) = (fault.Message, TimeProvider.System.GetTimestamp());
                Failed(fault.Message);
            }
        };
        await ledger.AuditLog.RunAsync(stoppingToken);
    }

    [LoggerMessage(LogLevel.Warning, "The audit logs do not go on now; it is tried again: {Fault}")]
    private partial void Failed(string fault);
}
