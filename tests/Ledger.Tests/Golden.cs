using System.Runtime.CompilerServices;

namespace Ledger.Tests;

/// <summary>
/// Files in the tests' folders that hold what was reviewed. <c>UPDATE_GOLDEN=1</c> writes them anew, so that the change
/// stands in the diff.
/// </summary>
internal static class Golden
{
    public static void Check(string file, string actual)
    {
        var path = Path.Combine(Folder(), file);
        actual = actual.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual);
        }

        var reviewed = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(
            reviewed == actual,
            $"{file} differs from what was reviewed, first in line {FirstDifference(reviewed, actual)}. "
            + "If the change is meant, run the test with UPDATE_GOLDEN=1 and look at the diff.");
    }

    private static string FirstDifference(string reviewed, string actual)
    {
        var (old, now) = (reviewed.Split('\n'), actual.Split('\n'));
        var line = old.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"{line + 1}: '{now.ElementAtOrDefault(line)}' instead of '{old.ElementAtOrDefault(line)}'";
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
