using System.Collections.Frozen;

namespace Ledger.Domain.Accounts;

/// <summary>Charts to start from, as data: a text file each beside this class.</summary>
public static class ChartTemplates
{
    private static readonly string[] Files = ["international", "bg", "az"];

    private static readonly FrozenDictionary<string, ValueList<AccountOpened>> Templates =
        Files.ToFrozenDictionary(name => name, Read, StringComparer.Ordinal);

    public static IReadOnlyList<string> Names => Files;

    /// <summary>
    /// The accounts of a template, parents before their children; null when there is no such template.
    /// </summary>
    public static ValueList<AccountOpened>? Find(string name) => Templates.GetValueOrDefault(name);

    private static ValueList<AccountOpened> Read(string name)
    {
        using var stream = typeof(ChartTemplates).Assembly.GetManifestResourceStream($"Charts.{name}.txt")
            ?? throw new InvalidOperationException($"The chart {name} is not part of the program.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd()).ToValueList();
    }

    /// <summary>
    /// A line is <c>code | type and marks | parent | name</c> and one <c>language=name</c> for each further name.
    /// Marks: <c>group</c> takes no postings, <c>by-sign</c> is shown as asset or liability. <c>#</c> begins a comment.
    /// </summary>
    private static IEnumerable<AccountOpened> Parse(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var fields = line.Split('|', StringSplitOptions.TrimEntries);
            var marks = fields[1].Split(' ');
            var names = fields[4..]
                .Select(field => field.Split('=', 2))
                .Select(pair => KeyValuePair.Create(pair[0], pair[1]));
            yield return new AccountOpened(new AccountCode(fields[0]), new AccountDetails(
                Name: fields[3],
                Type: Enum.Parse<AccountType>(marks[0], ignoreCase: true),
                Names: fields.Length > 4 ? ValueMap<string>.From(names) : null,
                Parent: fields[2].Length > 0 ? new AccountCode(fields[2]) : null,
                Postable: marks.Contains("group") ? false : null,
                BySign: marks.Contains("by-sign") ? true : null));
        }
    }
}
