using System.Diagnostics;

namespace Ledger.Api.Postgres;

/// <summary>How a program ended; <c>Output</c> is what it wrote, to either stream.</summary>
internal sealed record ToolAnswer(int ExitCode, string Output);

/// <summary>Runs one program to its end.</summary>
internal static class Tool
{
    /// <remarks>
    /// The program gets no settings of PostgreSQL from the environment (PGDATA, PGPORT … would overrule ours), speaks
    /// English, because its messages decide what is tried next, and starts in the root folder: the user that it may be
    /// run as need not be able to enter the current one.
    /// </remarks>
    /// <param name="program">A path, or a name that PATH finds.</param>
    /// <param name="arguments">As they are; no shell reads them.</param>
    /// <param name="data">PostgreSQL's data folder, handed over as PGDATA and as the current folder.</param>
    public static ToolAnswer Run(string program, IEnumerable<string> arguments, string? data = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = data ?? Path.GetPathRoot(AppContext.BaseDirectory),
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal))
            .ToList())
        {
            start.Environment.Remove(name);
        }

        if (data is not null)
        {
            start.Environment["PGDATA"] = data;
        }

        start.Environment["LC_ALL"] = "C";
        start.Environment.Remove("LANGUAGE");
        using var process = Process.Start(start) ?? throw new SetUpException($"{program} could not be started.");
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return new(process.ExitCode, output);
    }
}
