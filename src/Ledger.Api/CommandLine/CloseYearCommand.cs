using System.CommandLine;
using Ledger.Api.Import;
using Ledger.Api.Journals;
using Ledger.Domain;

namespace Ledger.Api.CommandLine;

/// <summary>
/// <c>close-year</c>: entries of kind closing that move what income and expense accounts hold to retained earnings.
/// Statements do not need them; some customs do.
/// </summary>
public static class CloseYearCommand
{
    private static readonly Option<string> Company = new("--company")
    {
        Description = "The company whose year is closed", Required = true, HelpName = "id",
    };

    private static readonly Option<int> Year = new("--year")
    {
        Description = "The fiscal year, by the calendar year of its first day", Required = true, HelpName = "yyyy",
    };

    private static readonly Option<string?> To = new("--to")
    {
        Description = "The account that takes the result [default: the company's retained earnings]",
        HelpName = "account",
    };

    public static Command Build()
    {
        var command = new Command("close-year", "Move a year's result to retained earnings") { Company, Year, To };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var year = parsed.GetValue(Year);
        if (year is < 1900 or > 2199)
        {
            await error.WriteLineAsync("--year takes a year from 1900 to 2199.");
            return CommandLine.Usage;
        }

        if (!Ids.IsValid(parsed.GetValue(Company)))
        {
            await error.WriteLineAsync("--company takes 1–100 of A-Z a-z 0-9 . _ ~ -");
            return CommandLine.Usage;
        }

        var settings = CommandLine.SettingsOf(parsed);
        await using var host = await LedgerHost.OpenAsync(settings, error.WriteLine, cancellation);
        var to = parsed.GetValue(To) is { } account ? new AccountCode(account) : (AccountCode?)null;
        try
        {
            return await YearEndRun.RunAsync(
                host, parsed.GetValue(Company)!, year, to, output.WriteLine, cancellation)
                ? CommandLine.Ok
                : CommandLine.Refused;
        }
        catch (ImportStoppedException stopped)
        {
            throw new SetUpException($"{stopped.Message} The same command again goes on from here.", stopped);
        }
    }
}
