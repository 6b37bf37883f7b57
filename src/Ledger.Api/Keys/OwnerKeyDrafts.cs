using Ledger.Domain.Keys;
using NodaTime;

namespace Ledger.Api.Keys;

/// <summary>
/// Files beside the owner's key that a rotation, or a first start, left behind when it was killed: the rotation may be
/// recorded while the file still has the secret of before, and then only the draft has the new one.
/// </summary>
internal static class OwnerKeyDrafts
{
    private const int SuffixLength = 16;

    /// <summary>Each with what to do about it.</summary>
    public static IReadOnlyList<OwnerKeyDraft> In(string dataFolder, KeyRing ring, Instant now) =>
    [
        .. Directory.EnumerateFiles(dataFolder, $"{OwnerKey.FileName}.*")
            .Where(path => IsDraft(Path.GetFileName(path)))
            .Order(StringComparer.Ordinal)
            .Select(draft => new OwnerKeyDraft(draft, OwnerKey.PathIn(dataFolder), Opens(draft, ring, now))),
    ];

    private static bool IsDraft(string name) =>
        name.Length == OwnerKey.FileName.Length + 1 + SuffixLength
        && name.AsSpan()[^SuffixLength..].IndexOfAnyExcept("0123456789abcdef") < 0;

    private static bool Opens(string draft, KeyRing ring, Instant now)
    {
        string text;
        try
        {
            text = File.ReadAllText(draft).Trim();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        return KeyText.PrefixOf(text) is { } prefix && ring.FindByPrefix(prefix) is { } key
            && key.Secrets.Any(held =>
                held.Secret == new KeySecret(prefix, KeyText.HashOf(text)) && key.HoldsAt(now, held));
    }
}

/// <param name="Opens">It is a key that holds.</param>
internal sealed record OwnerKeyDraft(string Path, string KeyFile, bool Opens)
{
    public override string ToString() => Opens
        ? $"A rotation of the owner's key was cut off when it was recorded and the file not yet exchanged: move {Path} "
            + $"over {KeyFile}, whose key ends by itself."
        : $"{Path} was left by a rotation of the owner's key, or a first start, that was cut off, and opens nothing: "
            + "delete it, unless one runs right now.";
}
