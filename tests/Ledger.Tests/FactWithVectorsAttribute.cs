using Ledger.Tests.Golden;

namespace Ledger.Tests;

/// <summary>
/// A test by published vectors that lie beside the repository; it is skipped, and says so, where they are not.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithVectorsAttribute : FactAttribute
{
    /// <param name="file">Below the folder of vectors; a file, or a folder.</param>
    /// <param name="source">Where it can be had.</param>
    public FactWithVectorsAttribute(
        string file, string source = "https://github.com/C2SP/wycheproof, Apache-2.0")
    {
        if (!Path.Exists(PathOf(file)))
        {
            Skip = $"{PathOf(file)} is not there (it is of {source}).";
        }
    }

    /// <summary>A program that the test needs, too.</summary>
    public string Program
    {
        get;
        set
        {
            field = value;
            Skip ??= new FactWithAttribute(value).Skip;
        }
    } = "";

    public static string PathOf(string file) =>
        Path.GetFullPath(Path.Combine(GoldenFile.Root, "..", "shared", "data", "vectors", file));
}
