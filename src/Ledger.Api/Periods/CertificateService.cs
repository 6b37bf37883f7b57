namespace Ledger.Api.Periods;

/// <summary>Certifies closings while the service runs, soon after they are recorded.</summary>
internal sealed partial class CertificateService(LedgerHost ledger, ILogger<CertificateService> log)
    : BackgroundService
{
    /// <summary>False leaves closings without certificates until it is taken away.</summary>
    public const string Setting = "Audit:Certificates";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var certifier = new Certifier(ledger);
        certifier.Troubled += Failed;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(await AdvanceAsync(certifier, stoppingToken) ? Pause : PauseAfterFault, stoppingToken);
        }
    }

    private async Task<bool> AdvanceAsync(Certifier certifier, CancellationToken stop)
    {
        try
        {
            return await certifier.AdvanceAsync(stop);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The service goes on, and so does this: the database comes back.
            Failed(fault.GetType().Name);
            return true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Closings are not certified now; it is tried again. {Fault}")]
    private partial void Failed(string fault);
}
