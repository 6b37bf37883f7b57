using System.Runtime.CompilerServices;

namespace Ledger.Tests.Golden;

/// <summary>
/// Files of the repository that tests compare with what the code says. <c>UPDATE_GOLDEN=1 ./test</c> writes them; the
/// difference is then read in the commit.
/// </summary>
internal static class GoldenFile
{
    public static bool IsUpdating => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The file holds exactly this text; it is written first when golden files are being updated.</summary>
    /// <param name="path">From the root of the repository.</param>
    public static void Matches(string path, string expected)
    {
        var file = Path.Combine(Root, path);
        if (IsUpdating)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, expected);
        }

        Assert.True(
            File.Exists(file), $"{path} is missing: run the tests once with UPDATE_GOLDEN=1 and read the result.");
        var actual = File.ReadAllText(file);
        if (expected != actual)
        {
            Assert.Fail(
                $"{path} is not what the code says: run the tests once with UPDATE_GOLDEN=1 and read the difference.\n"
                + FirstDifference(expected, actual));
        }
    }

    private static string FirstDifference(string expected, string actual)
    {
        var (lines, fileLines) = (expected.Split('\n'), actual.Split('\n'));
        var at = Enumerable.Range(0, Math.Max(lines.Length, fileLines.Length))
            .First(i => lines.ElementAtOrDefault(i) != fileLines.ElementAtOrDefault(i));
        return $"Line {at + 1}: the code says\n  {lines.ElementAtOrDefault(at)}\nand the file\n  "
            + fileLines.ElementAtOrDefault(at);
    }

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(thisFile)!);
        while (!File.Exists(Path.Combine(folder.FullName, "BackOffice.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not lie in the repository.");
        }

        return folder.FullName;
    }
}
