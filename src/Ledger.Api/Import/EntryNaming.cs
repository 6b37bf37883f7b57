using System.Globalization;
using System.Text.RegularExpressions;

namespace Ledger.Api.Import;

/// <summary>
/// Gives entries their ids: the hash of the content and, from its second occurrence on, which one it is; or the id that
/// the file gives. A source stands before it, with <c>~</c> between, so that the ids themselves remember the source.
/// An entry that was missing, was reversed and comes back is a new one: <c>~again2</c>, <c>~again3</c> … are added.
/// </summary>
internal sealed partial class EntryNaming(string? source, SourceMemory? memory)
{
    public const string SourceMark = "~";

    private readonly OccurrenceCounter occurrences = new();

    /// <summary>The entry with its id. Entries must come in the order of the file.</summary>
    public FileEntry Name(FileEntry entry)
    {
        var occurrence = occurrences.Next(entry.Content);
        var id = entry.Id ?? IdOf(entry.Content, occurrence);
        id = source is null ? id : string.Concat(source, SourceMark, id);
        return entry with { Entry = entry.Entry with { Id = memory is null ? id : memory.Current(id) } };
    }

    /// <summary>The id of a named entry without the source.</summary>
    public string Bare(FileEntry entry) =>
        Parse(entry.Entry.Id).First[(source is null ? 0 : source.Length + SourceMark.Length)..];

    /// <summary>The id under which an entry of the file with that id is found in the books.</summary>
    public string Name(string id) => source is null ? id : string.Concat(source, SourceMark, id);

    /// <summary>Whether the file held the entry of that id, which belongs to the source.</summary>
    public bool Held(string id)
    {
        var bare = Parse(id).First[(source!.Length + SourceMark.Length)..];
        if (occurrences.CountOf(ContentHasher.HashOf(bare)) > 0)
        {
            return true;
        }

        var match = ContentId().Match(bare);
        return match.Success && ContentHash.TryParse(match.Groups["hash"].Value, out var content)
            && (match.Groups["number"] is not { Success: true } number
                ? occurrences.CountOf(content) > 0
                : int.TryParse(number.ValueSpan, CultureInfo.InvariantCulture, out var which)
                    && occurrences.CountOf(content) >= which);
    }

    /// <summary>The id without what marks an entry that came back, and the how-manieth in its place it is.</summary>
    public static (string First, int Generation) Parse(string id)
    {
        var match = ComeBack().Match(id);
        return match.Success && int.TryParse(
            match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture, out var generation)
            ? (id[..match.Index], generation)
            : (id, 1);
    }

    /// <summary>The id of the second, third … entry in the place of one that was taken back.</summary>
    public static string Again(string first, int generation) =>
        FormattableString.Invariant($"{first}~again{generation}");

    private static string IdOf(ContentHash content, int occurrence) =>
        occurrence == 1 ? content.ToString() : FormattableString.Invariant($"{content}.{occurrence}");

    [GeneratedRegex("~again(?<number>[0-9]{1,9})$", RegexOptions.CultureInvariant)]
    private static partial Regex ComeBack();

    [GeneratedRegex("^(?<hash>[0-9a-z]{26})(\\.(?<number>[0-9]{1,9}))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ContentId();
}
