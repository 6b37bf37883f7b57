using System.Buffers;
using System.Globalization;
using System.Text;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Domain;

/// <summary>The limits of texts that people write, in UTF-16 characters, and the check of them.</summary>
public static class Texts
{
    public const int NameLengthMax = 200;
    public const int ReferenceLengthMax = 200;
    public const int DescriptionLengthMax = 1_000;

    private static readonly SearchValues<char> Suspicious = SearchValues.Create(
    [
        .. Enumerable.Range(0, 0xA0).Select(code => (char)code)
            .Where(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r')),
        '\u202D', '\u202E',
        .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code),
    ]);

    /// <summary>A text that may be absent or empty.</summary>
    public static Refusal? Check(string field, string? text, int lengthMax)
    {
        if (text is null)
        {
            return null;
        }

        if (text.Length > lengthMax)
        {
            return TextRefusals.TooLong(field, text.Length, lengthMax);
        }

        var bad = IndexOfNotAllowed(text);
        return bad < 0 ? null : TextRefusals.NotAllowed(field, bad, text[bad]);
    }

    /// <summary>A text that must be there and hold more than white space.</summary>
    public static Refusal? CheckNeeded(string field, string? text, int lengthMax) =>
        string.IsNullOrWhiteSpace(text) ? TextRefusals.Empty(field) : Check(field, text, lengthMax);

    /// <summary>A name in several languages: keys are BCP 47 tags such as <c>bg</c> or <c>az-Latn</c>.</summary>
    public static Refusal? CheckNames(ValueMap<string>? names)
    {
        if (names is null)
        {
            return null;
        }

        foreach (var (language, name) in names)
        {
            if (!IsLanguage(language))
            {
                return TextRefusals.LanguageInvalid(language);
            }

            if (CheckNeeded($"names.{language}", name, NameLengthMax) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>Whether it has the form of a BCP 47 tag.</summary>
    public static bool IsLanguage(string tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return tag.Length is >= 2 and <= 35 && tag.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
    }

    /// <summary>Caller's text as messages repeat it: cut, and without what a terminal or a log would act on.</summary>
    public static string Shown(string? text)
    {
        if (text is null)
        {
            return "";
        }

        var shown = text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 60), "…");
        return IsVisible(shown)
            ? shown
            : string.Concat(shown.Select(c => char.IsSurrogate(c) || !IsVisible(c.ToString()) ? '?' : c));
    }

    /// <summary>A date as it is sent: <c>2026-01-31</c>.</summary>
    internal static string Shown(LocalDate date) => LocalDatePattern.Iso.Format(date);

    /// <summary>A month as it is sent: <c>2026-01</c>.</summary>
    internal static string Shown(YearMonth month) => YearMonthPattern.Iso.Format(month);

    /// <summary>An enum value as it is sent: <c>offBalance</c>.</summary>
    internal static string Camel<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return string.Concat(name[..1].ToLowerInvariant(), name.AsSpan(1));
    }

    /// <summary>
    /// Whether it may stand in a code: it can be stored, and each character can be seen. Control and format characters
    /// and separators of lines are refused, so that no two codes look the same; the joiners of Persian and Indic
    /// writing are allowed between others.
    /// </summary>
    public static bool IsVisible(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (IndexOfNotAllowed(text) >= 0)
        {
            return false;
        }

        var hasOthers = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is not (0x200C or 0x200D))
            {
                hasOthers = true;
                if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                {
                    return false;
                }
            }
        }

        return hasOthers;
    }

    /// <summary>
    /// Half of a surrogate pair, a control character other than tab and line break, or an override of the direction of
    /// writing, by which a text shows another one.
    /// </summary>
    private static int IndexOfNotAllowed(string text)
    {
        var span = text.AsSpan();
        for (var i = span.IndexOfAny(Suspicious); i >= 0; i = Next(span, i))
        {
            if (!char.IsHighSurrogate(span[i]) || i + 1 == span.Length || !char.IsLowSurrogate(span[i + 1]))
            {
                return i;
            }

            i++;
        }

        return -1;

        static int Next(ReadOnlySpan<char> span, int after) =>
            span[(after + 1)..].IndexOfAny(Suspicious) is >= 0 and var next ? after + 1 + next : -1;
    }
}
