namespace Ledger.Tests.Tidy;

/// <summary>A file of the repository; its path is relative to the root and has slashes.</summary>
public sealed record SourceFile(string Path, string Text)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Extension => System.IO.Path.GetExtension(Path);

    /// <summary>Test data are what the outside world sends, with all its faults.</summary>
    public bool IsData => Path.Contains("/Data/", StringComparison.Ordinal)
        || Path.Contains("/Golden/", StringComparison.Ordinal);

    public IEnumerable<(int Number, string Text)> Lines =>
        Text.Split('\n').Select((line, index) => (index + 1, line.TrimEnd('\r')));
}

/// <summary>All texts that belong to the project.</summary>
public static class SourceTree
{
    private static readonly string[] Foreign = ["bin", "obj", ".git", ".build", ".data", ".vs", ".idea", "TestResults"];
    private static readonly string[] Binary = [".png", ".ico", ".gz", ".zip", ".pdf", ".dll"];

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Files { get; } =
    [
        .. Walk(Root)
            .Where(path => !Binary.Contains(Path.GetExtension(path)))
            .Select(path => new SourceFile(Relative(path), File.ReadAllText(path)))
            .OrderBy(file => file.Path, StringComparer.Ordinal),
    ];

    // In a worktree .git is a file.
    private static IEnumerable<string> Walk(string folder) => Directory.EnumerateFiles(folder)
        .Where(each => Path.GetFileName(each) != ".git")
        .Concat(Directory.EnumerateDirectories(folder)
            .Where(each => !Foreign.Contains(Path.GetFileName(each)))
            .SelectMany(Walk));

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "BackOffice.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"No BackOffice.sln above {AppContext.BaseDirectory}.");
    }
}
