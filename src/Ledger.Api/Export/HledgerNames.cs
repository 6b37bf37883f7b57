using System.Text;
using Ledger.Api.Import;
using Ledger.Domain;

namespace Ledger.Api.Export;

/// <summary>How texts are written so that hledger reads them as they are meant.</summary>
internal static class HledgerNames
{
    /// <summary>An account's name ends at two spaces, so it must not hold any.</summary>
    public static string Account(AccountCode code)
    {
        var name = AccountNames.FromCode(code);
        while (name.Contains("  ", StringComparison.Ordinal))
        {
            name = name.Replace("  ", " ", StringComparison.Ordinal);
        }

        return name;
    }

    /// <summary>A commodity that is not made of letters alone stands in quotes.</summary>
    public static string Commodity(UnitCode unit) => unit.Value.All(char.IsAsciiLetter) ? unit.Value : $"\"{unit}\"";

    /// <summary>On one line.</summary>
    public static string OneLine(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text.Trim();
        }

        var line = new StringBuilder(text);
        for (var i = 0; i < line.Length; i++)
        {
            line[i] = char.IsControl(line[i]) ? ' ' : line[i];
        }

        return line.ToString().Trim();
    }

    /// <summary>The description with the reference before it as the code, which also guards a first character that
    /// would be read as status or code.</summary>
    public static string Heading(string description, string? reference)
    {
        var text = OneLine(description);
        return reference is not null ? $"({OneLine(reference).Replace(')', '）')}) {text}".TrimEnd()
            : text is ['*' or '!' or '(' or '=', ..] ? $"() {text}"
            : text;
    }
}
