using System.Text.RegularExpressions;

namespace Ledger.Tests.Docs;

/// <summary>A command of a document and the answer that the document prints under it.</summary>
/// <param name="Command">Goes on in lines that are indented by four spaces.</param>
/// <param name="Answer">What is printed, where <c>…</c> stands for any text within a line; may be empty.</param>
internal sealed record DocumentedCommand(string Command, string Answer)
{
    /// <summary>Whether what was printed is what the document says, but for its <c>…</c>.</summary>
    public bool IsAnsweredBy(string printed)
    {
        var parts = Answer.Trim().Split('…').Select(Regex.Escape);
        return Regex.IsMatch(
            printed.ReplaceLineEndings("\n").Trim(), $"\\A{string.Join("[^\\n]*", parts)}\\z", RegexOptions.None,
            TimeSpan.FromSeconds(5));
    }
}

/// <summary>
/// Reads the <c>console</c> blocks of a Markdown text: lines after <c>$ </c> are commands, others answers.
/// </summary>
internal static class ConsoleBlocks
{
    public static IReadOnlyList<DocumentedCommand> Read(string markdown)
    {
        var commands = new List<DocumentedCommand>();
        var inBlock = false;
        foreach (var line in markdown.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inBlock = line.Trim() == "```console";
            }
            else if (inBlock && line.StartsWith("$ ", StringComparison.Ordinal))
            {
                commands.Add(new(line[2..], ""));
            }
            else if (inBlock && commands is [.., { Answer: "" } begun]
                && line.StartsWith("    ", StringComparison.Ordinal))
            {
                commands[^1] = begun with { Command = begun.Command + "\n" + line };
            }
            else if (inBlock && commands.Count > 0)
            {
                commands[^1] = commands[^1] with { Answer = commands[^1].Answer + line + "\n" };
            }
        }

        return commands;
    }
}
