using Ledger.Tests.Golden;

namespace Ledger.Tests;

/// <summary>
/// A test by published vectors that lie beside the repository; it is skipped, and says so, where they are not.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FactWithVectorsAttribute : FactAttribute
{
    /// <param name="file">Below the folder of vectors.</param>
    /// <param name="source">Where it can be had.</param>
    public FactWithVectorsAttribute(
        string file, string source = "https://github.com/C2SP/wycheproof, Apache-2.0")
    {
        if (!File.Exists(PathOf(file)))
        {
            Skip = $"{PathOf(file)} is not there (it is of {source}).";
        }
    }

    public static string PathOf(string file) =>
        Path.GetFullPath(Path.Combine(GoldenFile.Root, "..", "shared", "data", "vectors", file));
}
