using Npgsql;

namespace Ledger.Api.Witnesses;

/// <summary>
/// Shows each new checkpoint of the log over all logs to the witnesses while the service runs, to each at its own pace.
/// Nothing waits for it.
/// </summary>
internal sealed partial class WitnessService(LedgerHost ledger, ILogger<WitnessService> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(ledger.Witnesses.Select(witness => ShowAsync(witness, stoppingToken)));

    private async Task ShowAsync(WitnessPush witness, CancellationToken stop)
    {
        var (pause, told) = (Pause, WitnessState.Cosigned);
        while (!stop.IsCancellationRequested)
        {
            var (state, why) = await TryAsync(witness, stop);
            if (state != told && state is not (WitnessState.NotAsked or WitnessState.Cosigned))
            {
                Failed(witness.Witness.Key.Name, witness.Witness.Owner, why);
            }

            told = state;
            pause = state is WitnessState.NotAsked or WitnessState.Cosigned ? Pause
                : pause * 2 < PauseMax ? pause * 2 : PauseMax;
            await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<(WitnessState State, string Why)> TryAsync(WitnessPush witness, CancellationToken stop)
    {
        try
        {
            var status = await witness.PushAsync(always: false, stop);
            return (status.State, status.Why);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return (WitnessState.NotAsked, "");
        }
        catch (Exception fault)
        {
            // The service goes on, and so does this.
            return (WitnessState.Unusable, fault is NpgsqlException ? "the database cannot be asked" : fault.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The witness {Name} ({Owner}) did not cosign: {Why}.")]
    private partial void Failed(string name, string owner, string why);
}
