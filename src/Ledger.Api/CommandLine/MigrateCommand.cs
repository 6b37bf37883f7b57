using System.CommandLine;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Api.CommandLine;

/// <summary>
/// <c>migrate</c>: brings the schema up to date, as an administrator of the database. On the private server every start
/// does that by itself.
/// </summary>
public static class MigrateCommand
{
    public static Command Build()
    {
        var command = new Command("migrate", "Bring the schema up to date, as an administrator of the database");
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
            await StartCheck.RunAsync(database.Source, cancellation);
            await LedgerHost.MigrateAsync(database.Source, cancellation);
        }
        catch (Exception refused) when (
            refused is NpgsqlException or ArgumentException or SchemaVersionException or UnsafeServerException)
        {
            throw new SetUpException($"The schema could not be brought up to date: {refused.Message}", refused);
        }

        await output.WriteLineAsync("The schema is up to date.");
        return CommandLine.Ok;
    }
}
