using Npgsql;

namespace Ledger.EventStore;

/// <summary>A disk without room, which whoever runs the machine must make; everything else is well.</summary>
public static class FullDisk
{
    private const int NoSpaceOfUnix = 28;
    private const int DiskFullOfWindows = unchecked((int)0x80070070);

    /// <summary>Whether the server, or the system, says so.</summary>
    public static bool Caused(Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => true,
        IOException { HResult: NoSpaceOfUnix or DiskFullOfWindows } => true,
        _ => fault?.InnerException is { } inner && Caused(inner),
    };
}
