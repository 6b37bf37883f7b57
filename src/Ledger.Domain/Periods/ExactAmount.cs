using System.Globalization;

namespace Ledger.Domain.Periods;

/// <summary>
/// An amount with up to twelve digits behind the point, as all amounts have. Sums of it are exact where a
/// <c>decimal</c> would round behind its 28th digit. It is written as a plain decimal without trailing zeros:
/// <c>-0.5</c>, <c>0</c>, <c>1200</c>.
/// </summary>
public readonly record struct ExactAmount
{
    private const int Digits = 12;

    private static readonly Int128[] Powers = PowersOfTen();

    private readonly Int128 parts;

    private ExactAmount(Int128 parts) => this.parts = parts;

    public static ExactAmount Zero => default;

    public bool IsZero => parts == 0;

    /// <exception cref="FormatException">It has more than twelve digits behind the point.</exception>
    public static ExactAmount Of(decimal amount)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(amount, bits);

        // The parts of a decimal are unsigned.
        var whole = unchecked(new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]));
        var sized = Sized((Int128)whole, amount.Scale);
        return new(decimal.IsNegative(amount) ? -sized : sized);
    }

    /// <summary>Reads a plain decimal, with or without trailing zeros.</summary>
    /// <exception cref="FormatException">It is none, or has more than twelve digits behind the point.</exception>
    public static ExactAmount Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? text : text.Remove(point, 1);
        return new(Sized(
            Int128.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
            point < 0 ? 0 : digits.Length - point));
    }

    public static ExactAmount operator +(ExactAmount left, ExactAmount right) => new(left.parts + right.parts);

    public static ExactAmount operator -(ExactAmount left, ExactAmount right) => new(left.parts - right.parts);

    public static ExactAmount Add(ExactAmount left, ExactAmount right) => left + right;

    public static ExactAmount Subtract(ExactAmount left, ExactAmount right) => left - right;

    public override string ToString()
    {
        var (whole, fraction) = Int128.DivRem(Int128.Abs(parts), Powers[Digits]);
        var text = whole.ToString(CultureInfo.InvariantCulture);
        if (fraction != 0)
        {
            text += '.' + fraction.ToString("D12", CultureInfo.InvariantCulture).TrimEnd('0');
        }

        return parts < 0 ? '-' + text : text;
    }

    /// <summary>As a number of twelve digits behind the point.</summary>
    private static Int128 Sized(Int128 digits, int scale)
    {
        if (scale <= Digits)
        {
            return digits * Powers[Digits - scale];
        }

        var (sized, lost) = Int128.DivRem(digits, Powers[scale - Digits]);
        return lost == 0
            ? sized : throw new FormatException($"An amount has more than {Digits} digits behind the point.");
    }

    private static Int128[] PowersOfTen()
    {
        const int exponentMax = 38;
        var powers = new Int128[exponentMax + 1];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }

        return powers;
    }
}
