using System.Runtime.InteropServices;

namespace Ledger.Api;

/// <summary>The one executable: <c>backoffice</c> with no arguments serves, with a command it does that.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        return await CommandLine.CommandLine.RunAsync(args, Console.Out, Console.Error, stop.Token);

        // The first signal asks for an orderly end, the second one gets what the system does by itself: the end.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }
}
