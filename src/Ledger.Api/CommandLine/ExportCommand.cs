using System.CommandLine;
using Ledger.Api.Export;
using Ledger.Api.Import;

namespace Ledger.Api.CommandLine;

/// <summary><c>export</c>: writes a company's books as hledger's journal, CSV, or importable NDJSON.</summary>
public static class ExportCommand
{
    private static readonly Option<string> Company = new("--company")
    {
        Description = "The company whose books are written", Required = true, HelpName = "id",
    };

    private static readonly Option<string> Format = new("--format")
    {
        Description = "hledger (a journal), csv, or ndjson (all that the import reads)", Required = true,
    };

    private static readonly Option<string?> Output = new("--output")
    {
        Description = "Writes to this file, which must not exist yet [default: standard output]", HelpName = "file",
    };

    public static Command Build()
    {
        var command = new Command("export", "Write a company's books: hledger's journal, CSV or NDJSON")
        {
            Company, Format, Output, CommandLine.Replace,
        };
        Format.AcceptOnlyFromAmong("hledger", "csv", "ndjson");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var error = parsed.InvocationConfiguration.Error;
        var settings = CommandLine.SettingsOf(parsed);
        var (path, replace) = (parsed.GetValue(Output), parsed.GetValue(CommandLine.Replace));
        if (path is not null)
        {
            OutputFile.Require(path, replace);
        }

        await using var host = await LedgerHost.OpenAsync(settings, error.WriteLine, cancellation);
        try
        {
            var entries = path is null
                ? await WriteAsync(Console.OpenStandardOutput())
                : await OutputFile.WriteAsync(path, replace, WriteAsync);
            await error.WriteLineAsync($"{ImportReport.Number(entries)} entries exported.");
            return CommandLine.Ok;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException($"'{path ?? "standard output"}' cannot be written: {problem.Message}", problem);
        }

        Task<long> WriteAsync(Stream output) => ExportRun.RunAsync(
            host,
            parsed.GetValue(Company)!,
            Enum.Parse<ExportFormat>(parsed.GetValue(Format)!, ignoreCase: true),
            output,
            written => error.WriteLine($"Exporting: {ImportReport.Number(written)} entries"),
            cancellation);
    }
}
