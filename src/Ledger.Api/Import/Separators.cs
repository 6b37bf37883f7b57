namespace Ledger.Api.Import;

/// <summary>Which character separates the fields of delimited text: its first line tells.</summary>
internal static class Separators
{
    private const string Hint = "sep=";
    private static readonly char[] Known = [',', ';', '\t', '|'];

    /// <summary>A first line such as <c>sep=;</c> is how spreadsheets are told; it is no record.</summary>
    public static bool IsHint(ReadOnlySpan<char> line, out char separator)
    {
        separator = line.Length == Hint.Length + 1 ? line[^1] : default;
        return separator != default && line.StartsWith(Hint, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The one that the line holds most, outside of quotes; a comma if it holds none.</summary>
    public static char Detect(ReadOnlySpan<char> line)
    {
        Span<int> counts = stackalloc int[Known.Length];
        var quoted = false;
        foreach (var c in line)
        {
            quoted ^= c == '"';
            if (!quoted && Array.IndexOf(Known, c) is >= 0 and var index)
            {
                counts[index]++;
            }
        }

        var most = 0;
        for (var i = 1; i < counts.Length; i++)
        {
            most = counts[i] > counts[most] ? i : most;
        }

        return Known[most];
    }
}
