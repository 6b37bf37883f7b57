using System.Globalization;
using Npgsql;

namespace Ledger.Api.Postgres;

/// <summary>What every server, private or configured, must fulfil before anything is written to it.</summary>
public static class ServerCheck
{
    /// <summary>
    /// Throws when the server is older than PostgreSQL 15, or when it would answer "committed" for what a power cut
    /// can still take away.
    /// </summary>
    public static async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(connection);
        const string settings = """
            select name, setting from pg_settings
            where name in ('server_version_num', 'fsync', 'full_page_writes', 'synchronous_commit') order by name
            """;
        await using var command = new NpgsqlCommand(settings, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var (name, value) = (rows.GetString(0), rows.GetString(1));
            if (name == "server_version_num")
            {
                var major = int.Parse(value, CultureInfo.InvariantCulture) / 10_000;
                if (major < PostgresBinaries.MajorMin)
                {
                    throw new SetUpException(
                        $"This server is PostgreSQL {major}; the ledger needs {PostgresBinaries.MajorMin} or newer.");
                }
            }
            else if (value == "off")
            {
                throw new SetUpException(
                    $"The server's setting {name} is off: a power cut could lose entries that were "
                    + $"answered as stored. Switch it on (alter system set {name} = on) and start again.");
            }
        }
    }
}
