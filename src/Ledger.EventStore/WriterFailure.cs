using System.Net.Sockets;
using Npgsql;

namespace Ledger.EventStore;

/// <summary>What an exception of the writer's statement says about the requests in it.</summary>
internal static class WriterFailure
{
    public static AppendResult Answer(Exception e) => e switch
    {
        // An ordinary error: the server has rolled back.
        PostgresException { InvariantSeverity: "ERROR" } refused when IsContent(refused.SqlState) =>
            new AppendResult.Poisoned(refused.SqlState, $"{refused.MessageText} {refused.Detail}".TrimEnd()),
        PostgresException { InvariantSeverity: "ERROR" } failed => new AppendResult.Unavailable(
            $"PostgreSQL: {failed.SqlState}: {failed.MessageText}", FullDisk.Caused(failed)),
        NpgsqlException or IOException or SocketException or TimeoutException => new AppendResult.Unknown(
            $"The connection was lost while it was being recorded: {e.Message}"),

        // The parameters could not be written (a lone surrogate, say), so that nothing was executed.
        _ => new AppendResult.Poisoned(PostgresErrorCodes.DataException, e.Message),
    };

    /// <summary>
    /// Data (22), integrity (23), size limits (54) and triggers (P0): errors that some request brings along.
    /// </summary>
    private static bool IsContent(string state) => state[..2] is "22" or "23" or "54" or "P0";
}
