using System.Numerics;

namespace Ledger.Domain;

/// <summary>
/// Arithmetic of amounts. An amount has at most 15 digits before the point and 12 behind it and carries its unit's
/// decimal places as scale (1200.00); a sum has at most 28 digits. Nothing here rounds silently.
/// </summary>
public static class Money
{
    /// <summary>Amounts and rates stay below this.</summary>
    public const decimal AmountBound = 1_000_000_000_000_000m;

    /// <summary>Decimal places of a rate.</summary>
    public const int RateDigitsMax = 12;

    private static readonly BigInteger MantissaBound = BigInteger.Pow(10, 28);

    private static readonly decimal[] SumBounds = [.. Enumerable.Range(0, 13).Select(SumBound)];

    /// <summary>
    /// The same value with exactly this scale; false when it has more decimal places than that. Zeros at the end do not
    /// count as decimal places.
    /// </summary>
    public static bool TryScale(decimal value, int digits, out decimal scaled)
    {
        if (value == 0)
        {
            scaled = new decimal(0, 0, 0, false, (byte)digits);
            return true;
        }

        if (value.Scale == digits)
        {
            scaled = value;
            return true;
        }

        scaled = Math.Round(value, digits) + new decimal(0, 0, 0, false, (byte)digits);
        return scaled == value;
    }

    /// <summary>
    /// Adds an amount of that scale to a sum of that scale; false when the sum has more than 28 digits.
    /// </summary>
    public static bool TryAdd(ref decimal sum, decimal amount, int digits)
    {
        sum += amount;
        return Math.Abs(sum) < SumBounds[digits];
    }

    /// <summary>The opposite, without the negative zero that <c>-0.00m</c> would be.</summary>
    public static decimal Negate(decimal amount) => amount == 0 ? amount : -amount;

    /// <summary>
    /// Amount × rate, rounded to the digits, a half away from zero. Exact before it is rounded. False when the result
    /// is not below <see cref="AmountBound"/>.
    /// </summary>
    /// <param name="rate">Above zero.</param>
    public static bool TryConvertHalfAwayFromZero(decimal amount, decimal rate, int digits, out decimal converted)
    {
        converted = 0;
        if (rate > 1 && Math.Abs(amount) - 1 > AmountBound / rate)
        {
            return false;
        }

        var product = amount * rate;
        var scale = amount.Scale + rate.Scale;
        if (product.Scale == scale)
        {
            product = Math.Round(product, digits, MidpointRounding.AwayFromZero);
            converted = product + new decimal(0, 0, 0, false, (byte)digits);
        }
        else if (!TryDivide(
            Mantissa(amount) * Mantissa(rate), BigInteger.One, digits - scale, digits, out converted))
        {
            return false;
        }

        return Math.Abs(converted) < AmountBound;
    }

    /// <summary>
    /// Amount ÷ rate, rounded to the digits, a half away from zero. Exact before it is rounded. False when the result
    /// has more than 28 digits.
    /// </summary>
    /// <param name="rate">Not zero.</param>
    public static bool TryDivideHalfAwayFromZero(decimal amount, decimal rate, int digits, out decimal converted) =>
        TryDivide(Mantissa(amount), Mantissa(rate), digits - amount.Scale + rate.Scale, digits, out converted);

    /// <summary>
    /// numerator ÷ denominator × 10^shift as a whole number, a half away from zero, then read with that scale.
    /// </summary>
    private static bool TryDivide(
        BigInteger numerator, BigInteger denominator, int shift, int digits, out decimal result)
    {
        if (shift >= 0)
        {
            numerator *= BigInteger.Pow(10, shift);
        }
        else
        {
            denominator *= BigInteger.Pow(10, -shift);
        }

        var sign = numerator.Sign * denominator.Sign;
        var (quotient, remainder) = BigInteger.DivRem(BigInteger.Abs(numerator), BigInteger.Abs(denominator));
        if (remainder * 2 >= BigInteger.Abs(denominator))
        {
            quotient++;
        }

        var isPossible = quotient < MantissaBound;
        result = isPossible ? (decimal)(quotient * sign) * new decimal(1, 0, 0, false, (byte)digits) : 0;
        return isPossible;
    }

    private static BigInteger Mantissa(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var magnitude = new decimal(bits[0], bits[1], bits[2], false, 0);
        return value < 0 ? -(BigInteger)magnitude : (BigInteger)magnitude;
    }

    private static decimal SumBound(int digits)
    {
        var bound = 1m;
        for (var i = digits; i < 28; i++)
        {
            bound *= 10;
        }

        return bound;
    }
}
