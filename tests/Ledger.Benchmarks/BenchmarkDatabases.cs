using Ledger.Api.Postgres;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Benchmarks;

/// <summary>Databases that the benchmarks fill, all dropped at the end of their group.</summary>
internal sealed class BenchmarkDatabases(PrivatePostgres server) : IAsyncDisposable
{
    private readonly List<string> names = [];
    private int made;

    public async Task<string> NewAsync()
    {
        made++;
        var name = FormattableString.Invariant($"bench_{Environment.ProcessId}_{made}");
        await ExecuteAsync($"create database {name}");
        names.Add(name);

        // What the database before this one left to do would be measured with it.
        await ExecuteAsync("checkpoint");
        return server.ConnectionStringTo(name);
    }

    /// <summary>The same database as the role that the service runs as, once it is migrated.</summary>
    public static string AsService(string connection) =>
        new NpgsqlConnectionStringBuilder(connection) { Username = DatabaseRoles.Service }.ConnectionString;

    public async Task DropAllAsync()
    {
        foreach (var name in names)
        {
            await ExecuteAsync($"drop database if exists {name} with (force)");
        }

        names.Clear();
    }

    public async ValueTask DisposeAsync() => await DropAllAsync();

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionStringTo("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync();
    }
}
