using System.Globalization;
using System.Numerics;
using System.Text;

namespace Ledger.EventStore.Audit;

/// <summary>Numbers as ECMAScript writes them, which is how canonical JSON (RFC 8785) does.</summary>
internal static class CanonicalNumber
{
    /// <summary>The shortest text that is read as this number again, in ECMAScript's notation.</summary>
    public static string Of(double number)
    {
        if (number == 0)
        {
            return "0";
        }

        // .NET finds the same shortest digits, and chooses another notation.
        var (digits, exponent) = Parts(Math.Abs(number).ToString("R", CultureInfo.InvariantCulture));
        var point = digits.Length + exponent;
        var text = new StringBuilder(number < 0 ? "-" : "");
        const int plainMax = 21;
        const int smallMin = -6;
        if (digits.Length <= point && point <= plainMax)
        {
            text.Append(digits).Append('0', point - digits.Length);
        }
        else if (point is > 0 and <= plainMax)
        {
            text.Append(digits.AsSpan(0, point)).Append('.').Append(digits.AsSpan(point));
        }
        else if (point is > smallMin and <= 0)
        {
            text.Append("0.").Append('0', -point).Append(digits);
        }
        else
        {
            text.Append(digits[0]);
            if (digits.Length > 1)
            {
                text.Append('.').Append(digits.AsSpan(1));
            }

            text.Append('e').Append(point > 0 ? "+" : "-").Append(Math.Abs(point - 1));
        }

        return text.ToString();
    }

    /// <summary>Whether two JSON numbers are the same number, digit for digit.</summary>
    public static bool AreEqual(string left, string right)
    {
        if (left == right)
        {
            return true;
        }

        var (leftDigits, leftExponent) = Parts(left.TrimStart('-'));
        var (rightDigits, rightExponent) = Parts(right.TrimStart('-'));
        var isZero = leftDigits.Length == 0 && rightDigits.Length == 0;
        return isZero || (left[0] == '-' == (right[0] == '-')
            && leftDigits == rightDigits && leftExponent == rightExponent);
    }

    /// <summary>The digits without zeros at either end, and the power of ten of the last one.</summary>
    private static (string Digits, BigInteger Exponent) BigParts(string number)
    {
        var mark = number.AsSpan().IndexOfAny('e', 'E');
        var exponent = mark < 0
            ? BigInteger.Zero
            : BigInteger.Parse(number.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? number : number[..mark];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0)
        {
            exponent -= mantissa.Length - point - 1;
            mantissa = mantissa.Remove(point, 1);
        }

        var digits = mantissa.TrimStart('0');
        var trimmed = digits.TrimEnd('0');
        return (trimmed, exponent + digits.Length - trimmed.Length);
    }

    private static (string Digits, int Exponent) Parts(string number)
    {
        var (digits, exponent) = BigParts(number);

        // No double is that large or small: such a number equals none.
        const int exponentMax = 1_000_000;
        return (digits, (int)BigInteger.Max(BigInteger.Min(exponent, exponentMax), -exponentMax));
    }
}
