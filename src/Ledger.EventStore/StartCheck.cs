using Npgsql;

namespace Ledger.EventStore;

/// <summary>Looks at the server before anything is promised.</summary>
public static class StartCheck
{
    /// <summary>The oldest server that this is made for.</summary>
    public const int ServerVersionMin = 15;

    private static readonly string[] MustBeOn = ["fsync", "full_page_writes", "synchronous_commit"];

    /// <summary>Passes when the server writes durably what it confirms.</summary>
    /// <exception cref="UnsafeServerException">It is too old, or set to lose recorded events.</exception>
    public static async Task RunAsync(NpgsqlDataSource database, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var connection = await database.OpenConnectionAsync(ct);
        await RunAsync(connection, ct);
    }

    /// <summary>The same on a connection whose own settings count, too.</summary>
    public static async Task RunAsync(NpgsqlConnection connection, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        if (connection.PostgreSqlVersion.Major < ServerVersionMin)
        {
            throw new UnsafeServerException(
                $"PostgreSQL {connection.PostgreSqlVersion} is too old: use {ServerVersionMin} or newer.");
        }

        await using var command = new NpgsqlCommand(
            "select name from pg_settings where name = any ($1) and setting = 'off' order by name", connection);
        command.Parameters.Add(new() { Value = MustBeOn });
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (await reader.ReadAsync(ct))
        {
            var name = reader.GetString(0);
            throw new UnsafeServerException(
                $"The server runs with {name} = off and may lose what it has confirmed. "
                + $"Set {name} = on (postgresql.conf, role and database settings) and start again.");
        }
    }
}

/// <summary>The server cannot be trusted with events; the message says what to set.</summary>
public sealed class UnsafeServerException(string message) : Exception(message);
