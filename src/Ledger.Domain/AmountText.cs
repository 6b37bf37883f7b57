namespace Ledger.Domain;

/// <summary>
/// Amounts and rates as callers write them: <c>-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?</c>. Reading it by
/// <c>decimal.Parse</c> alone would round silently and accept <c>1,000</c> and <c>5-</c>.
/// </summary>
public static class AmountText
{
    public const int IntegerDigitsMax = 15;
    public const int FractionDigitsMax = 12;
    public const int LengthMax = 1 + IntegerDigitsMax + 1 + FractionDigitsMax;

    public static bool TryParse(ReadOnlySpan<char> text, out decimal amount)
    {
        Span<byte> ascii = stackalloc byte[LengthMax];
        amount = 0;
        return text.Length <= LengthMax
            && System.Text.Ascii.FromUtf16(text, ascii, out var written) == System.Buffers.OperationStatus.Done
            && TryParse(ascii[..written], out amount);
    }

    /// <param name="text">UTF-8.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out decimal amount)
    {
        amount = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative)
        {
            text = text[1..];
        }

        var point = text.IndexOf((byte)'.');
        var integer = point < 0 ? text : text[..point];
        var fraction = point < 0 ? default : text[(point + 1)..];
        if (integer.Length is 0 or > IntegerDigitsMax || (integer.Length > 1 && integer[0] == '0')
            || fraction.Length > FractionDigitsMax || (point >= 0 && fraction.Length == 0))
        {
            return false;
        }

        UInt128 mantissa = 0;
        if (!TryAppend(integer, ref mantissa) || !TryAppend(fraction, ref mantissa))
        {
            return false;
        }

        amount = new decimal(
            unchecked((int)(uint)mantissa),
            unchecked((int)(uint)(mantissa >> 32)),
            unchecked((int)(uint)(mantissa >> 64)),
            negative && mantissa != 0,
            (byte)fraction.Length);
        return true;
    }

    private static bool TryAppend(ReadOnlySpan<byte> digits, ref UInt128 mantissa)
    {
        ulong value = 0;
        ulong power = 1;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (ulong)(digit - '0');
            power *= 10;
        }

        mantissa = (mantissa * power) + value;
        return true;
    }
}
