using System.Net.Sockets;
using Ledger.Projections.Audit;
using Npgsql;

namespace Ledger.Projections;

/// <summary>Why a loop tries again: the kind, in words of this program, which anybody may read. What the database
/// itself said may name tables and values, and is for the log.</summary>
public sealed record ProjectionTrouble(string Code, string Message)
{
    internal static ProjectionTrouble Of(Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault switch
        {
            UnusableTablesException unusable => new("tables-unusable", unusable.Message),
            AuditLogException => new(
                "audit-log-stopped",
                "Nothing is added to the audit logs, and nothing is signed; the log of the service says why."),
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } =>
                new("disk-full", "The disk of the database is full: it goes on once there is room."),
            PostgresException refused when refused.SqlState[..2] is not ("08" or "53" or "57" or "58") =>
                new("database-refuses", "The database refuses what is written; the log of the service says why."),
            NpgsqlException or SocketException or IOException or TimeoutException =>
                new("database-unavailable", "The database cannot be asked now; the log of the service says why."),
            _ => new("program-fault", "A fault of the program; the log of the service says which."),
        };
    }
}

/// <summary>There are no tables that this program can fill; the message says what to do.</summary>
internal sealed class UnusableTablesException(string message) : Exception(message);
