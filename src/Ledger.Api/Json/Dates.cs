using NodaTime;

namespace Ledger.Api.Json;

/// <summary>Dates as callers write them: ISO 8601, days of the calendar only.</summary>
public static class Dates
{
    public const int YearMin = 1900;
    public const int YearMax = 2199;

    public static bool IsInRange(LocalDate date) => date.Year is >= YearMin and <= YearMax;

    /// <summary>yyyy-MM-dd.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out LocalDate date)
    {
        date = default;
        if (utf8.Length != 10 || utf8[7] != '-' || !TryParseMonth(utf8[..7], out var month)
            || !TryTwoDigits(utf8[8..], out var day)
            || day < 1 || day > CalendarSystem.Iso.GetDaysInMonth(month.Year, month.Month))
        {
            return false;
        }

        date = new LocalDate(month.Year, month.Month, day);
        return true;
    }

    /// <summary>yyyy-MM.</summary>
    public static bool TryParseMonth(ReadOnlySpan<byte> utf8, out YearMonth month)
    {
        month = default;
        if (utf8.Length != 7 || utf8[4] != '-' || !TryTwoDigits(utf8, out var century)
            || !TryTwoDigits(utf8[2..], out var year) || !TryTwoDigits(utf8[5..], out var monthOfYear)
            || century * 100 + year < 1 || monthOfYear is < 1 or > 12)
        {
            return false;
        }

        month = new YearMonth(century * 100 + year, monthOfYear);
        return true;
    }

    /// <summary>MM-dd; 02-29 is one.</summary>
    public static bool TryParseDayOfYear(ReadOnlySpan<byte> utf8, out AnnualDate day)
    {
        day = default;
        if (utf8.Length != 5 || utf8[2] != '-' || !TryTwoDigits(utf8, out var month)
            || !TryTwoDigits(utf8[3..], out var dayOfMonth) || month is < 1 or > 12
            || dayOfMonth < 1 || dayOfMonth > CalendarSystem.Iso.GetDaysInMonth(2000, month))
        {
            return false;
        }

        day = new AnnualDate(month, dayOfMonth);
        return true;
    }

    private static bool TryTwoDigits(ReadOnlySpan<byte> utf8, out int number)
    {
        int tens = utf8[0] - '0', ones = utf8[1] - '0';
        number = tens * 10 + ones;
        return tens is >= 0 and <= 9 && ones is >= 0 and <= 9;
    }
}
