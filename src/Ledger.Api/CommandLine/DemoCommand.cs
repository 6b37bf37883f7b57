using System.CommandLine;
using Ledger.Api.Demo;
using Ledger.Api.Import;
using Ledger.Domain;

namespace Ledger.Api.CommandLine;

/// <summary><c>demo</c>: a year of an online shop's books, a year of its people's pay, and where to look.</summary>
public static class DemoCommand
{
    private static readonly Option<string> Company = new("--company")
    {
        Description = "The company to keep them in", DefaultValueFactory = _ => "demo", HelpName = "id",
    };

    public static Command Build()
    {
        var command = new Command("demo", "Load a year of an online shop's books and pay, and say where to look")
        {
            Company,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var company = parsed.GetValue(Company)!;
        if (!Ids.IsValid(company))
        {
            await error.WriteLineAsync("--company takes 1–100 of A-Z a-z 0-9 . _ ~ -");
            return CommandLine.Usage;
        }

        var settings = CommandLine.SettingsOf(parsed);
        await using var host = await LedgerHost.OpenAsync(settings, error.WriteLine, cancellation);
        try
        {
            var report = await new DemoRun(host, company, error.WriteLine).RunAsync(cancellation);
            foreach (var line in DemoTour.Lines(report, company, settings))
            {
                await output.WriteLineAsync(line);
            }

            var payslips = await new StaffRun(host, company, error.WriteLine).RunAsync(cancellation);
            await output.WriteLineAsync();
            foreach (var line in StaffTour.Lines(payslips, company, settings))
            {
                await output.WriteLineAsync(line);
            }

            return CommandLine.Ok;
        }
        catch (ImportStoppedException stopped)
        {
            await error.WriteLineAsync(
                $"{stopped.Message} What was recorded stays; the same command again does the rest.");
            return CommandLine.Refused;
        }
    }
}
