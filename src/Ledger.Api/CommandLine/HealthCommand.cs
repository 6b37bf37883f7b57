using System.CommandLine;

namespace Ledger.Api.CommandLine;

/// <summary><c>health</c>: asks the running service how it is; 0 when it answers that it lives, for container
/// health.</summary>
public static class HealthCommand
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    public static Command Build()
    {
        var command = new Command("health", "Ask the running service how it is");
        command.SetAction(RunAsync);
        return command;
    }

    /// <summary>Where this machine reaches what listens on that address: every address of the machine is one of
    /// it.</summary>
    internal static Uri AddressOf(string urls)
    {
        var first = urls.Split(';')[0].Trim();
        foreach (var any in new[] { "://+", "://*", "://0.0.0.0", "://[::]" })
        {
            first = first.Replace(any, "://localhost", StringComparison.Ordinal);
        }

        return Uri.TryCreate(first.TrimEnd('/') + "/healthz", UriKind.Absolute, out var address)
            ? address
            : throw new SetUpException(
                $"'{urls}' is no address of a service. Name one like --urls {Settings.DefaultUrls}.");
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var address = AddressOf(CommandLine.SettingsOf(parsed).Urls);
        using var client = new HttpClient { Timeout = AnswerWithin };
        try
        {
            using var answer = await client.GetAsync(address, cancellation);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                await answer.Content.ReadAsStringAsync(cancellation));
            return answer.IsSuccessStatusCode ? CommandLine.Ok : CommandLine.Refused;
        }
        catch (Exception gone) when (
            gone is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new SetUpException($"No service answers at {address}: {gone.Message}", gone);
        }
    }
}
