using System.CommandLine;
using System.Globalization;
using Ledger.EventStore;
using Ledger.Projections;

namespace Ledger.Api.CommandLine;

/// <summary>
/// <c>rebuild</c>: fills the read models anew beside the live ones, and swaps. A service may answer meanwhile.
/// </summary>
public static class RebuildCommand
{
    public static Command Build()
    {
        var command = new Command("rebuild", "Fill the read models anew beside the live ones, and swap");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        await using var host = await LedgerHost.OpenAsync(
            CommandLine.SettingsOf(parsed), error.WriteLine, cancellation);
        try
        {
            var result = await new Rebuild(host.Database, EventCatalog.Ledger)
                .RunAsync(new ProgressLines(error), ct: cancellation);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Rebuilt from {result.Events:#,0} events in {result.Elapsed.TotalSeconds:0.0} s: "
                + $"version {result.Version} is in use."));
            return CommandLine.Ok;
        }
        catch (ProjectionException refused)
        {
            await error.WriteLineAsync(refused.Message);
            return CommandLine.Refused;
        }
    }
}
