using System.Globalization;

namespace Ledger.Api.Import;

/// <summary>Reads amounts as accounting programs write them.</summary>
internal static class FileAmounts
{
    private const int DigitsMax = 28;

    /// <summary>
    /// A decimal number: an optional sign and digits. A comma or dot that comes once is the decimal mark, because
    /// hledger writes its CSV without groups; one that comes several times, or before the other one, separates groups
    /// of digits, and so do spaces, apostrophes and underscores. Nothing is rounded: more than 28 digits are refused.
    /// </summary>
    public static bool TryParseNumber(ReadOnlySpan<char> text, out decimal number)
    {
        number = 0;
        text = text.Trim();
        if (text.IsEmpty)
        {
            return false;
        }

        var negative = false;
        if (text[0] is '-' or '+' or '\u2212')
        {
            negative = text[0] != '+';
            text = text[1..].TrimStart();
        }

        if (!TryFindDecimalMark(text, out var mark))
        {
            return false;
        }

        Span<char> plain = stackalloc char[DigitsMax + 2];
        var length = 0;
        var digits = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiDigit(c))
            {
                if (length > 0 || c != '0' || i + 1 == text.Length || !char.IsAsciiDigit(text[i + 1]))
                {
                    if (digits++ == DigitsMax)
                    {
                        return false;
                    }

                    plain[length++] = c;
                }
            }
            else if (i == mark)
            {
                if (length == 0)
                {
                    plain[length++] = '0';
                }

                plain[length++] = '.';
            }
            else if (c is not (',' or '.' or ' ' or '\u00A0' or '\u202F' or '\'' or '_') || i == 0)
            {
                return false;
            }
        }

        if (digits == 0)
        {
            return false;
        }

        if (plain[length - 1] == '.')
        {
            length--;
        }

        number = decimal.Parse(plain[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        number = negative ? -number : number;
        return true;
    }

    /// <summary>
    /// The number and the commodity of a text such as <c>$-1,000.50</c>, <c>-12 EUR</c> or <c>3 "AA PL"</c>; the
    /// commodity is empty when the text is a number alone.
    /// </summary>
    public static bool TryParseAmount(ReadOnlySpan<char> text, out decimal number, out string commodity)
    {
        number = 0;
        commodity = "";
        text = text.Trim();
        if (text.IsEmpty)
        {
            return false;
        }

        var sign = text[0] is '-' or '+' or '\u2212' && text.Length > 1 && !IsOfNumber(text[1]) ? text[..1] : [];
        text = text[sign.Length..].TrimStart();
        if (IsOfNumber(text[0]))
        {
            var numberLength = LengthOfNumber(text);
            commodity = Unquoted(text[numberLength..].Trim());
            text = text[..numberLength];
        }
        else
        {
            var commodityLength = LengthOfCommodity(text);
            commodity = Unquoted(text[..commodityLength].Trim());
            text = text[commodityLength..];
        }

        if (!TryParseNumber(text, out number))
        {
            return false;
        }

        if (!sign.IsEmpty && sign[0] != '+')
        {
            number = -number;
        }

        return true;
    }

    /// <summary>The same value without zeros at its end: 1.50 becomes 1.5, and 2.00 becomes 2.</summary>
    public static decimal Trimmed(decimal value) => value / 1.0000000000000000000000000000m;

    /// <summary>How many decimal places the value needs.</summary>
    public static int DigitsOf(decimal value) => Trimmed(value).Scale;

    /// <param name="mark">-1 when there is none.</param>
    private static bool TryFindDecimalMark(ReadOnlySpan<char> text, out int mark)
    {
        mark = text.LastIndexOfAny(',', '.');
        if (mark >= 0 && text[..mark].Contains(text[mark]))
        {
            // "1,234,567" has groups only; "1.234,567,8" makes no sense.
            var other = text[mark] == ',' ? '.' : ',';
            mark = -1;
            return !text.Contains(other);
        }

        return true;
    }

    private static bool IsOfNumber(char c) => char.IsAsciiDigit(c) || c is '-' or '+' or '.' or ',' or '\u2212';

    private static int LengthOfNumber(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length
            && (IsOfNumber(text[length])
                || (text[length] is ' ' or '\u00A0' or '\u202F' or '\'' or '_'
                    && length + 1 < text.Length && char.IsAsciiDigit(text[length + 1]))))
        {
            length++;
        }

        return length;
    }

    private static int LengthOfCommodity(ReadOnlySpan<char> text)
    {
        if (text[0] == '"')
        {
            var close = text[1..].IndexOf('"');
            return close < 0 ? text.Length : close + 2;
        }

        var length = 0;
        while (length < text.Length && !IsOfNumber(text[length]))
        {
            length++;
        }

        return length;
    }

    private static string Unquoted(ReadOnlySpan<char> commodity) =>
        commodity is ['"', .., '"'] ? commodity[1..^1].ToString() : commodity.ToString();
}
