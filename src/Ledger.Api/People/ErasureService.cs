namespace Ledger.Api.People;

/// <summary>
/// Carries out erasures that are due: when the service starts, and then every hour; sooner where something is left.
/// </summary>
internal sealed partial class ErasureService(LedgerHost ledger, ILogger<ErasureService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(await CarryOutAsync(stoppingToken) ? Pause : ShortPause, stoppingToken);
        }
    }

    private async Task<bool> CarryOutAsync(CancellationToken stop)
    {
        try
        {
            return await PersonalDataErasure.CarryOutAllAsync(ledger, ledger.Clock, stop);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The service goes on, and so does this: what is due stays due.
            Failed(fault.GetType().Name);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Personal data that is due could not be erased now ({Fault}); it is tried again.")]
    private partial void Failed(string fault);
}
