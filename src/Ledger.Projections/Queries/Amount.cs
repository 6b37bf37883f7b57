using System.Globalization;

namespace Ledger.Projections.Queries;

/// <summary>
/// An amount as it is shown: with its unit's digits, and with more where the value has more. Sums are exact to 28
/// digits; one that needs more throws <see cref="SumTooLargeException"/> instead of losing its last digits, as
/// <c>decimal</c> would.
/// </summary>
/// <param name="Value">In the unit that the row names, or in the functional currency.</param>
/// <param name="Digits">Decimal places to show at least, 0–12.</param>
public readonly record struct Amount(decimal Value, int Digits)
{
    /// <summary>Always with a point and without grouping: <c>-1200.00</c>.</summary>
    public override string ToString()
    {
        var digits = Value.Scale > Digits ? Math.Max(Digits, WithoutTrailingZeros(Value).Scale) : Digits;
        return Value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>The sum, exact.</summary>
    /// <exception cref="SumTooLargeException">It has more than 28 digits.</exception>
    public static decimal Sum(decimal left, decimal right)
    {
        decimal sum;
        try
        {
            sum = left + right;
        }
        catch (OverflowException overflow)
        {
            throw new SumTooLargeException(overflow);
        }

        // Instead of overflowing, decimal first drops digits behind the point.
        return sum.Scale < Math.Max(left.Scale, right.Scale) ? Exact(left, right, sum) : sum;
    }

    public static decimal Difference(decimal left, decimal right) => Sum(left, -right);

    private static decimal Exact(decimal left, decimal right, decimal sum)
    {
        var (a, b) = (WithoutTrailingZeros(left), WithoutTrailingZeros(right));
        return sum.Scale >= Math.Max(a.Scale, b.Scale) ? sum : throw new SumTooLargeException(null);
    }

    private static decimal WithoutTrailingZeros(decimal value) => value / 1.0000000000000000000000000000m;
}

/// <summary>A sum of amounts needs more than the 28 digits that are kept exactly.</summary>
public sealed class SumTooLargeException(Exception? inner)
    : Exception("A sum has more than 28 digits.", inner);
