using System.Net.Sockets;
using Ledger.Api.Keys;
using Ledger.Api.Limits;
using Microsoft.AspNetCore.Connections;

namespace Ledger.Api.CommandLine;

/// <summary>What the program does without a command: it serves until it is asked to stop, then ends what it
/// accepted.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(Settings settings, TextWriter output, CancellationToken stop)
    {
        await using var ledger = await LedgerHost.OpenAsync(settings, output.WriteLine, stop);
        await using var app = WebHost.Build(ledger, settings.Urls, output);
        await StartAsync(app, settings.Urls, stop);
        await output.WriteLineAsync($"BackOffice listens on {string.Join(", ", app.Urls)}. Ctrl+C stops it.");
        await output.WriteLineAsync($"The owner's key is in {OwnerKey.PathIn(settings.Data)}");
        foreach (var warning in Listening.Warnings(app.Urls))
        {
            await output.WriteLineAsync(warning);
        }

        await app.WaitForShutdownAsync(stop);
        await output.WriteLineAsync("Stopped: everything that was accepted is recorded.");
        return CommandLine.Ok;
    }

    private static async Task StartAsync(WebApplication app, string urls, CancellationToken stop)
    {
        try
        {
            await app.StartAsync(stop);
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            throw new SetUpException($"{urls} is in use: name another address with --urls.", taken);
        }
        catch (Exception refused) when (refused is IOException or SocketException or FormatException
            or ArgumentException or InvalidOperationException)
        {
            throw new SetUpException(
                $"The service cannot listen on {urls}: {refused.Message.Split('\n')[0].TrimEnd()} Name another address "
                    + "with --urls.",
                refused);
        }
    }
}
