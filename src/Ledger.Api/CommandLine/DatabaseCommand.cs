using System.CommandLine;
using Ledger.Api.Postgres;
using Npgsql;

namespace Ledger.Api.CommandLine;

/// <summary>
/// <c>database</c>: keeps the private PostgreSQL running and says how to connect, for psql, a backup or a BI tool while
/// the service does not run.
/// </summary>
public static class DatabaseCommand
{
    public static Command Build()
    {
        var command = new Command("database", "Run the private PostgreSQL and say how to connect to it, until stopped");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var settings = CommandLine.SettingsOf(parsed);
        var output = parsed.InvocationConfiguration.Output;
        if (settings.Connection is not null)
        {
            throw new SetUpException("A server is configured (--connection, ConnectionStrings__Ledger), so there is no "
                + "private one to run.");
        }

        var options =
            new PrivatePostgresOptions(settings.Data) { Say = parsed.InvocationConfiguration.Error.WriteLine };
        await using var server = await PrivatePostgres.StartAsync(options, cancellation);
        await output.WriteLineAsync(server.ConnectionString);
        var connection = new NpgsqlConnectionStringBuilder(server.ConnectionString);
        await output.WriteLineAsync(
            $"psql -h '{connection.Host}' -p {connection.Port} -U {connection.Username} {connection.Database}");
        await output.FlushAsync(cancellation);
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Being stopped is the ordinary end of this command.
        }

        return CommandLine.Ok;
    }
}
