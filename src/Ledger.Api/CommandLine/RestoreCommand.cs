using System.CommandLine;
using System.Globalization;
using Ledger.Api.Backup;
using Ledger.EventStore;

namespace Ledger.Api.CommandLine;

/// <summary>
/// <c>restore</c>: brings a ledger back from a backup, into an empty database or, where that is asked for, in the place
/// of the ledger that is there.
/// </summary>
public static class RestoreCommand
{
    private static readonly Argument<string> File = new("file") { Description = "What './run backup' wrote" };

    private static readonly Option<bool> Replace = new("--replace")
    {
        Description = "Take the place of the ledger that is there, which is kept under another name",
    };

    private static readonly Option<bool> Older = new("--older")
    {
        Description = "Although that ledger, or the checkpoint, has events which the backup does not have",
    };

    private static readonly Option<bool> Changed = new("--changed")
    {
        Description = "Although what the backup holds is not what was signed",
    };

    private static readonly Option<string?> Checkpoint = new("--checkpoint")
    {
        Description = "A signed checkpoint, kept apart from the backup, which the backup must have come past",
        HelpName = "file",
    };

    public static Command Build()
    {
        var command = new Command("restore", "Bring the ledger back from a backup, all of it checked")
        {
            File, Replace, Older, Changed, Checkpoint,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var settings = CommandLine.SettingsOf(parsed);
        var options = new RestoreOptions(
            parsed.GetValue(File)!, parsed.GetValue(Replace), parsed.GetValue(Older), parsed.GetValue(Changed),
            parsed.GetValue(Checkpoint));
        try
        {
            var began = TimeProvider.System.GetTimestamp();
            var report = await new RestoreRun(settings, options, new ProgressLines(error), error.WriteLine)
                .RunAsync(cancellation);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Restored: events up to {report.Manifest.Sequence:#,0}, as of {report.Manifest.Made:u}, in "
                    + $"{TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s. Look at all of it with "
                    + $"'./run verify'."));
            await PrintAsync(report, output);
            return CommandLine.Ok;
        }
        catch (Exception refused) when (refused is SchemaVersionException or UnsafeServerException)
        {
            throw new SetUpException(refused.Message, refused);
        }
    }

    private static async Task PrintAsync(RestoreReport report, TextWriter output)
    {
        if (report.Old is not null)
        {
            await output.WriteLineAsync(
                $"What was there is kept as the database '{report.Old}': drop it when nobody needs it any more.");
        }

        foreach (var key in report.KeysMissing)
        {
            await output.WriteLineAsync(key);
        }

        foreach (var stream in report.Erased)
        {
            await output.WriteLineAsync(
                $"Erased since the backup was made, and now here again: {stream}. Ask for it again.");
        }

        foreach (var left in report.Left)
        {
            await output.WriteLineAsync($"Was in that database, and is not in this one: {left}");
        }
    }
}
