using System.CommandLine;
using System.Globalization;
using Ledger.Api.Audit;
using Ledger.Api.Backup;
using Ledger.Api.Keys;
using Ledger.Api.People;
using Ledger.EventStore;

namespace Ledger.Api.CommandLine;

/// <summary>
/// <c>backup</c>: writes the whole ledger into one file, as of one moment. A service may run and append meanwhile.
/// </summary>
public static class BackupCommand
{
    private static readonly Argument<string> File = new("file")
    {
        Description = "Where it is written; must not exist yet",
    };

    public static Command Build()
    {
        var command = new Command("backup", "Write the whole ledger into one file, while services run") { File };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var settings = CommandLine.SettingsOf(parsed);
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        await using var database = await AdministratorDatabase.OpenAsync(settings, error.WriteLine, cancellation);
        try
        {
            var began = TimeProvider.System.GetTimestamp();
            var made = await BackupRun.RunAsync(
                database.ConnectionString, parsed.GetValue(File)!, new ProgressLines(error), cancellation);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Events up to {made.Manifest.Sequence:#,0} are in {parsed.GetValue(File)} "
                    + $"({made.Bytes / 1e6:#,0.0} MB, {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s)."
                    + $" SHA-256 {made.Seal}"));
            await output.WriteLineAsync(
                "Not in it, and to be kept apart from it: the master key of personal data "
                + $"({MasterKeyFile.Of(settings).Path}"
                + (made.Masters.Count == 0 ? "" : $", of which this backup needs {string.Join(" and ", made.Masters)}")
                + $"), the key that signs the audit logs ({AuditKeyFile.Of(settings).Path}), the owner's key "
                + $"({OwnerKey.PathIn(settings.Data)}).");
            return CommandLine.Ok;
        }
        catch (SchemaVersionException newer)
        {
            throw new SetUpException(newer.Message, newer);
        }
    }
}
