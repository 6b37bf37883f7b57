using Ledger.Api.Keys;

namespace Ledger.Api.CommandLine;

/// <summary>What the program does without a command: it serves until it is asked to stop, then ends what it
/// accepted.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(Settings settings, TextWriter output, CancellationToken stop)
    {
        await using var ledger = await LedgerHost.OpenAsync(settings, output.WriteLine, stop);
        await using var app = WebHost.Build(ledger, settings.Urls, output);
        await app.StartAsync(stop);
        await output.WriteLineAsync($"BackOffice listens on {string.Join(", ", app.Urls)}. Ctrl+C stops it.");
        await output.WriteLineAsync($"The owner's key is in {OwnerKey.PathIn(settings.Data)}");
        await app.WaitForShutdownAsync(stop);
        await output.WriteLineAsync("Stopped: everything that was accepted is recorded.");
        return CommandLine.Ok;
    }
}
