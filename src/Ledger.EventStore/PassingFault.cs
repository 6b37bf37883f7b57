using Npgsql;

namespace Ledger.EventStore;

/// <summary>A fault of the moment: not what was asked is at fault, and the same is answered later.</summary>
public static class PassingFault
{
    /// <summary>
    /// Connections (08) and logins (28) that fail, a database that is not there (3D), transactions in each other's way
    /// (40), resources (53), what an operator or a time-out ended (57, 55P03), files (58), and a server that is a
    /// standby (25006).
    /// </summary>
    public static bool Caused(Exception fault) => fault is NpgsqlException
        && (fault is not PostgresException said
            || said.SqlState[..2] is "08" or "28" or "3D" or "40" or "53" or "57" or "58"
            || said.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.ReadOnlySqlTransaction);
}
