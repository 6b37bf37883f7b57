using System.Diagnostics;
using System.Globalization;

namespace Ledger.Api.Postgres;

/// <summary>The postgres processes of one data folder, which are told from others by their working directory.</summary>
internal static class ServerProcesses
{
    /// <summary>Process ids. <paramref name="data"/> has its links resolved.</summary>
    public static List<int> In(string data)
    {
        if (OperatingSystem.IsLinux())
        {
            return Directory.EnumerateDirectories("/proc")
                .Select(folder => ParseId(Path.GetFileName(folder)))
                .OfType<int>()
                .Where(id => IsIn(id, data))
                .ToList();
        }

        return OperatingSystem.IsWindows()
            ? Process.GetProcessesByName("postgres").Select(process => process.Id)
                .Where(id => id == PidFile.Read(data)?.ProcessId).ToList()
            : ParseListing(Tool.Run("lsof", ["-a", "-c", "postgres", "-d", "cwd", "-F", "pn"]).Output, data);
    }

    /// <summary>Sends a signal, such as QUIT, to those that still live.</summary>
    /// <remarks>By the shell's own kill: the program of that name is no part of a bare Debian.</remarks>
    public static void Signal(string signal, IReadOnlyCollection<int> ids)
    {
        if (ids.Count > 0)
        {
            var numbers = ids.Select(id => id.ToString(CultureInfo.InvariantCulture));
            Tool.Run("/bin/sh", ["-c", "kill -" + signal + " \"$@\"", "sh", .. numbers]);
        }
    }

    /// <summary>lsof writes for each process a line p and its id, and a line n and its working directory.</summary>
    internal static List<int> ParseListing(string listing, string data)
    {
        var found = new List<int>();
        int? current = null;
        foreach (var line in listing.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            current = line[0] == 'p' ? ParseId(line[1..]) : current;
            if (current is { } id && line[0] == 'n' && string.Equals(line[1..], data, StringComparison.Ordinal))
            {
                found.Add(id);
            }
        }

        return found;
    }

    private static bool IsIn(int id, string data)
    {
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}");
        try
        {
            return File.ReadAllText(folder + "/comm").Trim() == "postgres"
                && new FileInfo(folder + "/cwd").LinkTarget == data;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int? ParseId(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
