namespace Ledger.Api.Audit;

/// <summary>Keeps the audit logs up to the events while the service runs.</summary>
internal sealed partial class AuditService(LedgerHost ledger, ILogger<AuditService> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ledger.AuditLog.Troubled += fault => Failed(fault.Message);
        await ledger.AuditLog.RunAsync(stoppingToken);
    }

    [LoggerMessage(LogLevel.Warning, "The audit logs do not go on now; it is tried again: {Fault}")]
    private partial void Failed(string fault);
}
