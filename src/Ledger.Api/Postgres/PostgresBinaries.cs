using System.Globalization;
using System.Text.RegularExpressions;

namespace Ledger.Api.Postgres;

/// <summary>The folder that holds <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c> of one version.</summary>
public sealed partial record PostgresBinaries(string Folder, int Major)
{
    /// <summary>The oldest version whose SQL and settings the ledger knows.</summary>
    public const int MajorMin = 15;

    public string InitDb => Program(Folder, "initdb");

    public string PgCtl => Program(Folder, "pg_ctl");

    public string Postgres => Program(Folder, "postgres");

    /// <summary>
    /// The newest usable version, or, when a data folder exists, the version that made it (<paramref name="major"/>):
    /// no other can read it.
    /// </summary>
    public static PostgresBinaries Find(int? major) => Choose(Candidates().SelectMany(Look).ToList(), major);

    internal static PostgresBinaries Choose(IReadOnlyList<PostgresBinaries> found, int? major)
    {
        var usable = found.Where(binaries => binaries.Major >= MajorMin).ToList();
        if (major is { } made)
        {
            return usable.Find(binaries => binaries.Major == made) ?? throw new SetUpException(
                $"The data folder was made by PostgreSQL {made}, which is not installed here{Had(found)}. "
                + $"Install it ({Advice(made)}), or carry the data over with pg_upgrade.");
        }

        return usable.MaxBy(binaries => binaries.Major) ?? throw new SetUpException(
            $"PostgreSQL {MajorMin} or newer is not installed here{Had(found)}. Install it ({Advice(null)}), "
            + "or name a server of yours: --connection \"Host=…;Username=…;Password=…;Database=ledger\".");
    }

    private static string Had(IReadOnlyList<PostgresBinaries> found) => found.Count == 0
        ? string.Empty
        : $" (found: {string.Join(", ", found.Select(binaries => binaries.Major).Distinct().Order())})";

    private static string Advice(int? major)
    {
        if (OperatingSystem.IsWindows())
        {
            return "winget install PostgreSQL.PostgreSQL." + (major ?? 17).ToString(CultureInfo.InvariantCulture);
        }

        if (OperatingSystem.IsMacOS())
        {
            return "brew install postgresql@" + (major ?? 17).ToString(CultureInfo.InvariantCulture);
        }

        var version = major is { } made ? "-" + made.ToString(CultureInfo.InvariantCulture) : string.Empty;
        return $"Debian and Ubuntu: sudo apt-get install postgresql{version}; Fedora: sudo dnf install "
            + "postgresql-server";
    }

    private static IEnumerable<string> Candidates()
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(Path.IsPathFullyQualified);
        if (OperatingSystem.IsWindows())
        {
            var programs = Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles);
            return onPath.Concat(Below(Path.Combine(programs, "PostgreSQL"), "*", "bin"));
        }

        return onPath
            .Concat(Below("/usr/lib/postgresql", "*", "bin"))
            .Concat(Below("/usr", "pgsql-*", "bin"))
            .Concat(Below("/usr/libexec", "postgresql*", null))
            .Concat(Below("/opt/homebrew/opt", "postgresql*", "bin"))
            .Concat(Below("/usr/local/opt", "postgresql*", "bin"))
            .Concat(Below("/home/linuxbrew/.linuxbrew/opt", "postgresql*", "bin"))
            .Concat(Below("/Applications/Postgres.app/Contents/Versions", "*", "bin"));
    }

    private static IEnumerable<string> Below(string folder, string pattern, string? inner) => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder, pattern)
            .Select(each => inner is null ? each : Path.Combine(each, inner))
        : [];

    private static IEnumerable<PostgresBinaries> Look(string folder)
    {
        string[] needed = ["initdb", "pg_ctl", "postgres"];
        if (!needed.All(name => File.Exists(Program(folder, name))))
        {
            yield break;
        }

        var answer = Tool.Run(Program(folder, "postgres"), ["--version"]);
        var version = VersionNumber().Match(answer.Output);
        if (answer.ExitCode == 0 && version.Success)
        {
            yield return new(folder, int.Parse(version.ValueSpan, CultureInfo.InvariantCulture));
        }
    }

    private static string Program(string folder, string name) =>
        Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name);

    [GeneratedRegex(@"(?<=\(PostgreSQL\) )\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionNumber();
}
