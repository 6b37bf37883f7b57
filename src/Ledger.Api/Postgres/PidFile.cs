using System.Globalization;

namespace Ledger.Api.Postgres;

/// <summary>
/// What the server writes about itself into <c>postmaster.pid</c>. <c>SocketFolder</c> is null while it is not known,
/// and where the server listens on loopback only.
/// </summary>
internal sealed record PidFile(int ProcessId, int? Port, string? SocketFolder)
{
    public static string PathIn(string data) => Path.Combine(data, "postmaster.pid");

    /// <summary>Null when there is none or it cannot be understood yet.</summary>
    public static PidFile? Read(string data)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(PathIn(data));
        }
        catch (IOException)
        {
            return null;
        }

        // Line 1 is the process, 4 the port, 5 the first socket's folder; the later ones come while it starts.
        if (lines.Length == 0
            || !int.TryParse(lines[0], NumberStyles.Integer, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        int? port = lines.Length > 3
            && int.TryParse(lines[3], NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number
            : null;
        var socketFolder = lines.Length > 4 && lines[4].Length > 0 ? lines[4] : null;
        return new(id, port, socketFolder);
    }
}
