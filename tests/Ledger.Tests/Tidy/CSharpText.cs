using System.Text;

namespace Ledger.Tests.Tidy;

/// <summary>C# source with its comments and the contents of its texts blanked out, lines kept.</summary>
public static class CSharpText
{
    public static string CodeOnly(string source)
    {
        var code = new StringBuilder(source.Length);
        var at = 0;
        while (at < source.Length)
        {
            var end = EndOfWords(source, at);
            if (end == at)
            {
                code.Append(source[at++]);
                continue;
            }

            for (; at < end; at++)
            {
                code.Append(source[at] == '\n' ? '\n' : ' ');
            }
        }

        return code.ToString();
    }

    /// <summary>Where the comment or text that begins here ends; <paramref name="at"/> when none begins.</summary>
    private static int EndOfWords(string source, int at)
    {
        var rest = source.AsSpan(at);
        if (rest.StartsWith("//"))
        {
            return After(source, "\n", at, keep: true);
        }

        if (rest.StartsWith("/*"))
        {
            return After(source, "*/", at + 2);
        }

        if (rest.StartsWith("\"\"\""))
        {
            var quotes = rest.Length - rest.TrimStart('"').Length;
            return After(source, new string('"', quotes), at + quotes);
        }

        return rest[0] switch
        {
            '"' => EndOfText(source, at + 1, '"', verbatim: IsVerbatim(source, at)),
            '\'' => EndOfText(source, at + 1, '\'', verbatim: false),
            _ => at,
        };
    }

    private static bool IsVerbatim(string source, int at) =>
        (at > 0 && source[at - 1] == '@') || (at > 1 && source[at - 1] == '$' && source[at - 2] == '@');

    private static int EndOfText(string source, int at, char quote, bool verbatim)
    {
        for (; at < source.Length; at++)
        {
            if (source[at] == '\\' && !verbatim)
            {
                at++;
            }
            else if (source[at] == quote && verbatim && at + 1 < source.Length && source[at + 1] == quote)
            {
                at++;
            }
            else if (source[at] == quote)
            {
                return at + 1;
            }
        }

        return source.Length;
    }

    private static int After(string source, string end, int from, bool keep = false) =>
        source.IndexOf(end, Math.Min(from, source.Length), StringComparison.Ordinal) is var found and >= 0
            ? found + (keep ? 0 : end.Length)
            : source.Length;
}
