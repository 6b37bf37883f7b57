namespace Ledger.Domain;

/// <summary>International bank account numbers.</summary>
/// <remarks>ISO 13616-1 and the check digits of ISO/IEC 7064, MOD 97-10.</remarks>
public static class Iban
{
    private const int LengthMin = 15;
    private const int LengthMax = 34;

    /// <summary>Capital letters and digits without spaces, with right check digits.</summary>
    public static bool IsValid(string? iban)
    {
        if (iban is null || iban.Length is < LengthMin or > LengthMax || !char.IsAsciiLetterUpper(iban[0])
            || !char.IsAsciiLetterUpper(iban[1]) || !char.IsAsciiDigit(iban[2]) || !char.IsAsciiDigit(iban[3]))
        {
            return false;
        }

        var remainder = 0;
        for (var i = 0; i < iban.Length; i++)
        {
            var c = iban[(i + 4) % iban.Length];
            if (!char.IsAsciiDigit(c) && !char.IsAsciiLetterUpper(c))
            {
                return false;
            }

            remainder = char.IsAsciiDigit(c)
                ? ((remainder * 10) + c - '0') % 97
                : ((remainder * 100) + c - 'A' + 10) % 97;
        }

        return remainder == 1;
    }
}
