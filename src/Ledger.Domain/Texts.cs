using NodaTime;
using NodaTime.Text;

namespace Ledger.Domain;

/// <summary>The limits of texts that people write, in UTF-16 characters, and the check of them.</summary>
public static class Texts
{
    public const int NameLengthMax = 200;
    public const int ReferenceLengthMax = 200;
    public const int DescriptionLengthMax = 1_000;

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
        return bad < 0 ? null : TextRefusals.NotAllowed(field, bad);
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
            if (language.Length is < 2 or > 35 || !language.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
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

    /// <summary>Caller's text as messages repeat it: cut, and without what a terminal or a log would act on.</summary>
    public static string Shown(string? text)
    {
        if (text is null)
        {
            return "";
        }

        var shown = text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 60), "…");
        return IndexOfNotAllowed(shown) < 0 && !shown.Any(char.IsControl)
            ? shown
            : string.Concat(shown.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c));
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

    /// <summary>Whether it holds no NUL and no half of a surrogate pair.</summary>
    public static bool IsWellFormed(string text) => IndexOfNotAllowed(text) < 0;

    private static int IndexOfNotAllowed(string text)
    {
        var span = text.AsSpan();
        if (span.IndexOfAnyInRange('\uD800', '\uDFFF') < 0)
        {
            return span.IndexOf('\0');
        }

        for (var i = 0; i < span.Length; i++)
        {
            if (span[i] == '\0' || char.IsLowSurrogate(span[i]))
            {
                return i;
            }

            if (char.IsHighSurrogate(span[i]))
            {
                if (i + 1 == span.Length || !char.IsLowSurrogate(span[i + 1]))
                {
                    return i;
                }

                i++;
            }
        }

        return -1;
    }
}
