using System.CommandLine;
using Ledger.Api.Import;
using Spectre.Console;

namespace Ledger.Api.CommandLine;

/// <summary><c>import</c>: takes hledger's CSV or journal, or NDJSON of entries, into a company's books.</summary>
public static class ImportCommand
{
    public static Command Build()
    {
        var arguments = new ImportArguments();
        var command = new Command("import", "Take books in: hledger's CSV or journal, or NDJSON of entries");
        foreach (var argument in arguments.Arguments)
        {
            command.Add(argument);
        }

        foreach (var option in arguments.Options)
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellation) => RunAsync(arguments, parsed, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ImportArguments arguments, ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        ImportOptions options;
        try
        {
            options = arguments.OptionsOf(parsed);
        }
        catch (InvalidDataException mistake)
        {
            await error.WriteLineAsync(mistake.Message);
            return CommandLine.Usage;
        }

        using var file = ImportFile.Open(arguments.FileOf(parsed));
        var settings = CommandLine.SettingsOf(parsed);
        await using var host = await LedgerHost.OpenAsync(settings, error.WriteLine, cancellation);
        IImportDisplay display = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected
            ? new TerminalDisplay(AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(error) }), output)
            : new PlainDisplay(output, error);
        try
        {
            return await new ImportRun(host, options, display).RunAsync(file, cancellation)
                ? CommandLine.Ok
                : CommandLine.Refused;
        }
        catch (InvalidDataException unreadable)
        {
            await error.WriteLineAsync($"{file.Name}: {unreadable.Message}");
        }
        catch (ImportStoppedException stopped)
        {
            await error.WriteLineAsync(
                $"{stopped.Message} What was recorded stays; the same command again does the rest.");
        }

        return CommandLine.Refused;
    }
}
