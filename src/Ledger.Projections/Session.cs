using Npgsql;

namespace Ledger.Projections;

/// <summary>How the connections of a loop are set up.</summary>
internal static class Session
{
    /// <summary>
    /// Commits do not wait for the disk: what a crash takes back, checkpoint and rows together, is read from the events
    /// again and comes out the same. Plans go by primary key whatever the statistics of a fresh database say.
    /// </summary>
    public static async Task PrepareAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        const string settings = """
            set synchronous_commit = off;
            set statement_timeout = 0;
            set work_mem = '64MB';
            set jit = off;
            set enable_seqscan = off;
            set enable_bitmapscan = off
            """;
        await using var command = new NpgsqlCommand(settings, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
