using System.CommandLine;
using Ledger.Api.Import;
using Ledger.Api.People;

namespace Ledger.Api.CommandLine;

/// <summary>
/// <c>master-key rotate</c>: exchanges the key by which the keys of persons are wrapped, while the service runs.
/// </summary>
public static class MasterKeyCommand
{
    public static Command Build()
    {
        var rotate = new Command("rotate", "Exchange it: old backups of the database can then no longer be opened");
        rotate.SetAction(RotateAsync);
        return new Command("master-key", "The key by which the keys of persons are wrapped") { rotate };
    }

    private static async Task<int> RotateAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var settings = CommandLine.SettingsOf(parsed);
        await using var host = await LedgerHost.OpenAsync(settings, error.WriteLine, cancellation);
        var wrapped = await MasterKeyFile.Of(settings).RotateAsync(host.Database, cancellation);
        await output.WriteLineAsync(
            $"The master key was exchanged and {ImportReport.Count((int)wrapped, "key", "keys")} wrapped anew. "
            + "The old one is gone; copies of it and old backups together still open what they hold.");
        return CommandLine.Ok;
    }
}
