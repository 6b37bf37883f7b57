using System.Net.Sockets;
using Npgsql;

namespace Ledger.EventStore;

/// <summary>What an exception of the writer's statement says about the requests in it.</summary>
internal static class WriterFailure
{
    public static bool IsDatabase(Exception e) =>
        e is NpgsqlException or IOException or SocketException or TimeoutException or ObjectDisposedException
            or InvalidOperationException or InvalidCastException;

    /// <summary>After an ordinary error the server has rolled back and waits for the next statement.</summary>
    public static bool LeavesConnection(Exception e) => e is PostgresException { InvariantSeverity: "ERROR" };

    public static AppendResult Answer(Exception e) => e switch
    {
        PostgresException { InvariantSeverity: "ERROR" } refused when IsContent(refused.SqlState) =>
            refused.SqlState == PostgresErrorCodes.UniqueViolation
                ? new AppendResult.Poisoned(refused.SqlState, refused.MessageText)
                : new AppendResult.Poisoned(refused.SqlState, $"{refused.MessageText} {refused.Detail}".TrimEnd()),
        PostgresException { InvariantSeverity: "ERROR" } failed => new AppendResult.Unavailable(
            $"PostgreSQL: {failed.SqlState}: {failed.MessageText}"),
        _ => new AppendResult.Unknown($"The connection was lost while it was being recorded: {e.Message}"),
    };

    /// <summary>
    /// Data (22), integrity (23), size limits (54) and triggers (P0): errors that some request brings along.
    /// </summary>
    private static bool IsContent(string state) =>
        state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal)
        || state.StartsWith("54", StringComparison.Ordinal) || state.StartsWith("P0", StringComparison.Ordinal);
}
