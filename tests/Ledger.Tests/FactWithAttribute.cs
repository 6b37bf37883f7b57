namespace Ledger.Tests;

/// <summary>
/// A test that needs another program or a font; it is skipped, and says so, where that is not installed.
/// <c>.ci/run</c> installs them if it may.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithAttribute : FactAttribute
{
    /// <param name="programs">Names that PATH must find, all of them; or whole paths of files, or files of
    /// fonts.</param>
    public FactWithAttribute(params string[] programs)
    {
        ArgumentNullException.ThrowIfNull(programs);
        Programs = programs;
        if (Array.Find(programs, program => Find(program) is null) is { } missing)
        {
            Skip = $"{missing} is not installed (Debian: apt-get install {PackageOf(missing)}).";
        }
    }

    public IReadOnlyList<string> Programs { get; }

    /// <summary>The program's path, or null.</summary>
    public static string? Find(string program) => program.EndsWith(".ttf", StringComparison.Ordinal)
        ? Api.Payslips.PayslipFonts.PathOf(program)
        : (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static string PackageOf(string program) =>
        program.StartsWith("bean-", StringComparison.Ordinal) ? "beancount"
        : program.StartsWith("pdf", StringComparison.Ordinal) ? "poppler-utils"
        : program.EndsWith(".ttf", StringComparison.Ordinal) ? "fonts-dejavu-core"
        : program == "go" ? "golang-go"
        : program.Contains("/golang.org/x/mod/", StringComparison.Ordinal) ? "golang-golang-x-mod-dev"
        : program;
}
