using System.Globalization;
using NodaTime;

namespace Ledger.Api.Import;

/// <summary>Dates as hledger writes and reads them: year, month and day, with hyphens, slashes or dots.</summary>
internal static class Dates
{
    public static bool TryParse(ReadOnlySpan<char> text, out LocalDate date)
    {
        date = default;
        text = text.Trim();
        Span<Range> parts = stackalloc Range[4];
        if (text.SplitAny(parts, "-/.") != 3
            || text[parts[0]].Length != 4
            || !TryParseNumber(text[parts[0]], out var year)
            || !TryParseNumber(text[parts[1]], out var month)
            || !TryParseNumber(text[parts[2]], out var day)
            || year is < 1 or > 9999 || month is < 1 or > 12
            || day < 1 || day > CalendarSystem.Iso.GetDaysInMonth(year, month))
        {
            return false;
        }

        date = new(year, month, day);
        return true;
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        return text.Length is 1 or 2 or 4
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
