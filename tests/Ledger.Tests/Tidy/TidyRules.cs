using System.Text.RegularExpressions;

namespace Ledger.Tests.Tidy;

/// <summary>How the sources are kept: each rule looks at one file and names what is wrong and what to do
/// instead.</summary>
public static partial class TidyRules
{
    public const int LinesMax = 300;
    public const int ColumnsMax = 120;

    // Written in two parts, so that the rules do not find themselves.
    private static readonly string[] Unfinished =
        ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "NotImplemented" + "Exception"];
    private static readonly string[] Clocks =
        ["SystemClock" + ".Instance", "TimeProvider" + ".System.GetUtcNow", "TimeProvider" + ".System.GetLocalNow"];

    /// <summary>Files that hold several small types of one role.</summary>
    private static readonly string[] Roles = ["Commands", "Events", "Bodies", "Converters"];

    /// <summary>The one place that may ask the time; everything else is handed a clock.</summary>
    private const string PlaceOfTheClock = "src/Ledger.Api/LedgerHost.cs";

    public static IReadOnlyList<Func<SourceFile, IEnumerable<string>>> All { get; } =
    [
        Length, Width, Usings, Blanks, UnfinishedWork, InexactNumbers, Clock, Purity, Name, Namespace, MachinePaths,
        SwitchedOff,
        TestNames, Suppressions, Empty,
    ];

    public static IEnumerable<string> Length(SourceFile file) =>
        IsCode(file) && file.Text.AsSpan().TrimEnd('\n').Count('\n') + 1 is var lines and > LinesMax
            ? [Finding(file, LinesMax + 1,
                $"a file of {lines} lines is banned, use at most {LinesMax} and split by role")]
            : [];

    public static IEnumerable<string> Width(SourceFile file) => IsCode(file)
        ? file.Lines.Where(line => line.Text.Length > ColumnsMax).Select(line =>
            Finding(file, line.Number, $"a line of {line.Text.Length} columns is banned, use at most {ColumnsMax}"))
        : [];

    /// <summary>As 'dotnet format' sorts them: System first, static ones behind, capitals as small letters.</summary>
    public static IEnumerable<string> Usings(SourceFile file)
    {
        var usings = file.Extension == ".cs" ? UsingLine().Matches(file.Text).Select(each => each.Value).ToArray() : [];
        var sorted = usings.OrderBy(each => each.Contains(" = ", StringComparison.Ordinal))
            .ThenBy(each => each.StartsWith("using static ", StringComparison.Ordinal))
            .ThenBy(each => !SystemUsing().IsMatch(each))
            .ThenBy(each => each.Replace('.', '\0').Replace(';', '\0'), StringComparer.OrdinalIgnoreCase);
        return usings.SequenceEqual(sorted)
            ? [] : [Finding(file, 1, "usings in another order than that of 'dotnet format' are banned, sort them")];
    }

    public static IEnumerable<string> Blanks(SourceFile file)
    {
        if (file.IsData || file.Extension is ".json" or ".sln")
        {
            yield break;
        }

        foreach (var line in file.Text.Split('\n').Select((text, index) => (Number: index + 1, Text: text)))
        {
            if (line.Text.EndsWith('\r'))
            {
                yield return Finding(file, line.Number, "a carriage return is banned, use line feeds alone");
            }
            else if (line.Text.Contains('\t', StringComparison.Ordinal) || line.Text.EndsWith(' '))
            {
                yield return Finding(
                    file, line.Number, "a tab or a blank at the end is banned, use blanks, and none there");
            }
        }

        if (file.Text.Length > 0 && !file.Text.EndsWith('\n'))
        {
            yield return Finding(file, file.Lines.Count(), "a last line without its end is banned, use a line feed");
        }
    }

    public static IEnumerable<string> UnfinishedWork(SourceFile file) => file.IsData ? []
        : file.Lines.SelectMany(line =>
        Unfinished.Where(word => line.Text.Contains(word, StringComparison.Ordinal)).Select(word =>
            Finding(file, line.Number, $"{word} is banned, use the finished thing, or an issue")));

    public static IEnumerable<string> InexactNumbers(SourceFile file) => Find(
        file, IsDomain, InexactNumber(), "is banned in the domain, use decimal");

    public static IEnumerable<string> Clock(SourceFile file) => IsProduct(file) && file.Path != PlaceOfTheClock
        ? Code(file).SelectMany(line => Clocks.Where(clock => line.Text.Contains(clock, StringComparison.Ordinal))
            .Select(clock => Finding(file, line.Number, $"{clock} is banned, use the IClock of {PlaceOfTheClock}")))
        : [];

    public static IEnumerable<string> Purity(SourceFile file) => Find(
        file, IsDomain, Impure(), "is banned in the domain, use an argument that the caller fills");

    /// <summary>
    /// A further part of a type is called after the type and what it adds; a file may be in the plural of its type, and
    /// an interface with its implementations is called without its I.
    /// </summary>
    public static IEnumerable<string> Name(SourceFile file) =>
        file.Extension != ".cs" || Roles.Any(role => file.Name.EndsWith(role, StringComparison.Ordinal))
            || TypeDeclaration().Matches(CSharpText.CodeOnly(file.Text)).Any(type =>
                type.Groups["name"].Value is var name
                && (name == file.Name || name + "s" == file.Name || name == "I" + file.Name
                    || (type.Groups["partial"].Success && file.Name.StartsWith(name, StringComparison.Ordinal))))
            ? []
            : [Finding(
                file, 1, $"a file without its own type is banned, use the name of a type in it, not {file.Name}")];

    /// <summary>The namespace is the project's and the folder's, so that one search finds all of a
    /// capability.</summary>
    public static IEnumerable<string> Namespace(SourceFile file)
    {
        if (file.Extension != ".cs")
        {
            yield break;
        }

        var folders = file.Path.Split('/');
        var expected = string.Join('.', folders[1..^1]);
        var declared = Code(file).Where(line => line.Text.StartsWith("namespace ", StringComparison.Ordinal)).ToList();
        if (declared.Count != 1 || declared[0].Text.TrimEnd() != $"namespace {expected};")
        {
            var number = declared.Count == 0 ? 1 : declared[0].Number;
            yield return Finding(
                file, number, $"another namespace than the folder's is banned, use namespace {expected};");
        }
    }

    public static IEnumerable<string> MachinePaths(SourceFile file) => file.IsData ? [] : file.Lines
        .Where(line => MachinePath().IsMatch(line.Text))
        .Select(line => Finding(
            file, line.Number, $"{MachinePath().Match(line.Text).Value} is banned, use a path that every machine has"));

    public static IEnumerable<string> SwitchedOff(SourceFile file) => Find(
        file, IsTest, Skipped(), "is banned, use [FactWith(program)], or mend the test");

    public static IEnumerable<string> TestNames(SourceFile file) => IsTest(file)
        ? TestMethod().Matches(CSharpText.CodeOnly(file.Text))
            .Where(match => !match.Groups["name"].Value.Contains('_', StringComparison.Ordinal))
            .Select(match => Finding(
                file,
                file.Text.AsSpan(0, match.Groups["name"].Index).Count('\n') + 1,
                $"the test name {match.Groups["name"].Value} is banned, use a sentence with underscores"))
        : [];

    public static IEnumerable<string> Suppressions(SourceFile file)
    {
        var before = string.Empty;
        foreach (var line in file.Extension == ".cs" ? file.Lines : [])
        {
            if (Suppression().IsMatch(line.Text) && !before.TrimStart().StartsWith("//", StringComparison.Ordinal))
            {
                yield return Finding(
                    file, line.Number,
                    "a suppressed warning without a reason is banned, use a comment on the line before");
            }

            before = line.Text;
        }
    }

    public static IEnumerable<string> Empty(SourceFile file) => string.IsNullOrWhiteSpace(file.Text)
        ? [Finding(file, 1, "an empty file is banned, use none")] : [];

    internal static string Finding(SourceFile file, int line, string words) => $"{file.Path}:{line}: {words}";

    private static bool IsCode(SourceFile file) => !file.IsData
        && (file.Extension is ".cs" or ".sql" or ".sh" or ".lua" or ".yml" or ".csproj" or ".props"
            || file.Path is "run" or "test" or ".ci/run" or "Dockerfile");

    private static bool IsDomain(SourceFile file) =>
        file.Extension == ".cs" && file.Path.StartsWith("src/Ledger.Domain/", StringComparison.Ordinal);

    private static bool IsProduct(SourceFile file) =>
        file.Extension == ".cs" && file.Path.StartsWith("src/", StringComparison.Ordinal);

    private static bool IsTest(SourceFile file) =>
        file.Extension == ".cs" && file.Path.StartsWith("tests/Ledger.Tests/", StringComparison.Ordinal);

    private static IEnumerable<(int Number, string Text)> Code(SourceFile file) =>
        (file with { Text = CSharpText.CodeOnly(file.Text) }).Lines;

    private static IEnumerable<string> Find(
        SourceFile file, Func<SourceFile, bool> applies, Regex banned, string remedy) => applies(file)
        ? Code(file).SelectMany(line => banned.Matches(line.Text).Select(match =>
            Finding(file, line.Number, $"{match.Value} {remedy}")))
        : [];

    [GeneratedRegex(@"\b(double|float|Double|Single|Half)\b(?!\()", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex InexactNumber();

    [GeneratedRegex(
        @"\b(Random|Guid\.NewGuid|Console|File|Directory|Environment|Stopwatch|HttpClient|Task|Thread|ILogger)\b",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Impure();

    [GeneratedRegex(
        @"\b(?<partial>partial )?(class|record struct|record|struct|interface|enum|delegate [\w<>?]+)\s+(?<name>\w+)",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"^using [\w. =<>]+;$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^using (static )?System\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SystemUsing();

    [GeneratedRegex(
        @"(?<![\w.])/(work|root|tmp/w)/|/home/(?!linuxbrew)\w+/|[A-Z]:\\Users\\", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\bSkip\s*=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Skipped();

    [GeneratedRegex(
        @"\[(Fact|Theory|FactWith)\b[^\n]*\n(\s*\[[^\n]*\n)*\s*public (async )?[\w<>]+ (?<name>\w+)\(",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex TestMethod();

    [GeneratedRegex("^\\s*#pragma warning disable|^\\s*\\[.*SuppressMessage\\(", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Suppression();
}
