using System.CommandLine;
using Ledger.Api.Postgres;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Api.CommandLine;

/// <summary>
/// <c>migrate</c>: brings the schema up to date, as its owner. On the private server every start does that by itself.
/// </summary>
public static class MigrateCommand
{
    public static Command Build()
    {
        var command = new Command("migrate", "Bring the schema of the database up to date, as its owner");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var settings = CommandLine.SettingsOf(parsed);
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        await using var server = settings.Connection is null
            ? await PrivatePostgres.StartAsync(new(settings.Data) { Say = error.WriteLine }, cancellation) : null;
        try
        {
            await using var database = NpgsqlDataSource.Create(settings.Connection ?? server!.ConnectionString);
            await StartCheck.RunAsync(database, cancellation);
            await LedgerHost.MigrateAsync(database, cancellation);
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
