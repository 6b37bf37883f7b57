using System.CommandLine;
using Ledger.Api.Import;
using Ledger.Api.Journals;
using Ledger.Domain;
using static System.FormattableString;

namespace Ledger.Api.CommandLine;

/// <summary>
/// <c>carry-over</c>: new books in another currency, from what the old ones hold (BGN to EUR on 2026-01-01).
/// </summary>
public static class CarryOverCommand
{
    private const int FromLengthMax = 70;

    private static readonly Option<string> From = Needed("--from", "id", "The company whose books end");
    private static readonly Option<string> To = Needed("--to", "id", "The company whose books begin; may be new");
    private static readonly Option<string> On = Needed("--on", "date", "The first day of the new books");

    private static readonly Option<string> Rate =
        Needed("--rate", "number", "The old currency for one of the new, such as 1.95583");

    private static readonly Option<string?> Currency = Text("--currency", "code", "Of new books that do not exist yet");

    private static readonly Option<string?> Name =
        Text("--name", "text", "Of a company that is registered [default: the old one's]");

    private static readonly Option<string?> Difference = Text(
        "--difference", "account", "Takes what rounding leaves [default: carry-over-difference]");

    private static readonly Option<string?> OffBalanceDifference = Text(
        "--off-balance-difference", "account", "The same off balance [default: carry-over-difference-off-balance]");

    private static readonly Option<string?> ResultTo = Text(
        "--result-to", "account", "Takes results of earlier years [default: retained earnings]");

    public static Command Build()
    {
        var command = new Command("carry-over", "Carry books over into another currency")
        {
            From, To, On, Rate, Currency, Name, Difference, OffBalanceDifference, ResultTo,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        CarryOverRequest request;
        try
        {
            request = RequestOf(parsed);
        }
        catch (InvalidDataException mistake)
        {
            await error.WriteLineAsync(mistake.Message);
            return CommandLine.Usage;
        }

        var settings = CommandLine.SettingsOf(parsed);
        await using var host = await LedgerHost.OpenAsync(settings, error.WriteLine, cancellation);
        try
        {
            return await new CarryOverRun(host, request, output.WriteLine).RunAsync(cancellation)
                ? CommandLine.Ok
                : CommandLine.Refused;
        }
        catch (ImportStoppedException stopped)
        {
            throw new SetUpException($"{stopped.Message} The same command again goes on from here.", stopped);
        }
    }

    private static CarryOverRequest RequestOf(ParseResult parsed)
    {
        if (!Dates.TryParse(parsed.GetValue(On), out var on))
        {
            throw new InvalidDataException("--on takes a date such as 2026-01-01.");
        }

        if (!FileAmounts.TryParseNumber(parsed.GetValue(Rate), out var rate) || rate <= 0)
        {
            throw new InvalidDataException("--rate takes a number above 0, such as 1.95583.");
        }

        if (!Ids.IsValid(parsed.GetValue(From)) || !Ids.IsValid(parsed.GetValue(To)))
        {
            throw new InvalidDataException("--from and --to take 1–100 of A-Z a-z 0-9 . _ ~ -");
        }

        if (parsed.GetValue(From)!.Length > FromLengthMax)
        {
            throw new InvalidDataException(Invariant(
                $"--from takes up to {FromLengthMax} characters, because the ids of the opening entries hold it."));
        }

        return new(
            parsed.GetValue(From)!,
            parsed.GetValue(To)!,
            on,
            rate,
            parsed.GetValue(Currency) is { } currency ? new UnitCode(currency) : null,
            parsed.GetValue(Name),
            new AccountCode(parsed.GetValue(Difference) ?? "carry-over-difference"),
            new AccountCode(parsed.GetValue(OffBalanceDifference) ?? "carry-over-difference-off-balance"),
            parsed.GetValue(ResultTo) is { } account ? new AccountCode(account) : null);
    }

    private static Option<string> Needed(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName, Required = true };

    private static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };
}
