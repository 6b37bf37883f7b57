using System.Globalization;

namespace Ledger.Api.Postgres;

/// <summary>The settings of the private server, by what the machine has.</summary>
internal static class ServerSettings
{
    private const long Mebibyte = 1L << 20;

    /// <summary>Settings by name; <paramref name="memory"/> and <paramref name="freeDisk"/> in bytes.</summary>
    /// <remarks>
    /// A big write-ahead log that is recycled (not made anew after each checkpoint) and rare checkpoints are worth a
    /// fifth of the throughput over HTTP and most of the slow answers. The log may take a fifth of what is free.
    /// </remarks>
    public static Dictionary<string, string> For(long memory, long freeDisk)
    {
        var buffers = Math.Clamp(memory / 8, 128 * Mebibyte, 1024 * Mebibyte);
        var logMax = Math.Clamp(freeDisk / 5, 128 * Mebibyte, 8192 * Mebibyte);
        return new(StringComparer.Ordinal)
        {
            ["shared_buffers"] = Megabytes(buffers),
            ["max_wal_size"] = Megabytes(logMax),
            ["min_wal_size"] = Megabytes(logMax / 2),
            ["checkpoint_timeout"] = "15min",
            ["max_connections"] = "200",
            // Messages go to a file beside the data: no statements, because they may hold personal data.
            ["log_min_messages"] = "warning",
            ["log_min_error_statement"] = "panic",
            ["log_checkpoints"] = "off",
            ["logging_collector"] = "off",
            ["log_line_prefix"] = "%m [%p] ",
        };
    }

    /// <summary>The configuration file; a Unix socket in <paramref name="socketFolder"/>, or loopback when
    /// null.</summary>
    public static string Write(IReadOnlyDictionary<string, string> settings, string? socketFolder, int port)
    {
        var place = new Dictionary<string, string>
        {
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["listen_addresses"] = socketFolder is null ? "127.0.0.1" : string.Empty,
            ["unix_socket_directories"] = socketFolder is null
                ? string.Empty : "\"" + socketFolder.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"",
            ["unix_socket_permissions"] = "0700",
        };
        var lines = settings.Concat(place).Select(each =>
            $"{each.Key} = '{each.Value.Replace("'", "''", StringComparison.Ordinal)}'\n");
        return "# Written at every start. What postgresql.conf says below its include of this file wins.\n"
            + string.Concat(lines);
    }

    private static string Megabytes(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte}MB");
}
