using System.Collections.Frozen;

namespace Ledger.Domain.Employees;

/// <summary>
/// International bank account numbers (ISO 13616) in their electronic form: no blanks, capital letters. A country that
/// is not in the table has 15 to 34 characters.
/// </summary>
public static class Iban
{
    public const int LengthMin = 15;
    public const int LengthMax = 34;

    /// <summary>Characters by country, from the IBAN registry that SWIFT keeps for ISO 13616.</summary>
    private static readonly FrozenDictionary<string, int> Lengths = (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 "
        + "FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 "
        + "LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 "
        + "SC31 SE24 SI19 SK24 SM27 ST25 SV28 TN24 TR26 UA29 VA22 VG24 XK20").Split(' ').ToFrozenDictionary(
            each => each[..2], each => int.Parse(each[2..], System.Globalization.CultureInfo.InvariantCulture),
            StringComparer.Ordinal);

    /// <summary>Countries whose length is known.</summary>
    public static IEnumerable<string> Countries => Lengths.Keys.Order(StringComparer.Ordinal);

    /// <summary>As people write it: in any case, in groups.</summary>
    public static string Electronic(string written)
    {
        ArgumentNullException.ThrowIfNull(written);
        return written.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
    }

    public static bool IsValid(string? iban) => iban is not null && Check(iban) is null;

    /// <summary>Null for one that holds; no refusal repeats it.</summary>
    public static Refusal? Check(string iban)
    {
        ArgumentNullException.ThrowIfNull(iban);
        if (iban.Length < 4 || !char.IsAsciiLetterUpper(iban[0]) || !char.IsAsciiLetterUpper(iban[1])
            || !char.IsAsciiDigit(iban[2]) || !char.IsAsciiDigit(iban[3])
            || !iban.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)))
        {
            return EmployeeRefusals.IbanMalformed();
        }

        var country = iban[..2];
        var (min, max) = Lengths.TryGetValue(country, out var length) ? (length, length) : (LengthMin, LengthMax);
        if (iban.Length < min || iban.Length > max)
        {
            return EmployeeRefusals.IbanLength(country, iban.Length, min, max);
        }

        return Remainder(iban) == 1 ? null : EmployeeRefusals.IbanCheckDigits();
    }

    /// <summary>
    /// By ISO 7064, MOD 97-10: the first four characters go to the end, letters count from A = 10, and the number that
    /// this makes leaves one when it is divided by 97.
    /// </summary>
    private static int Remainder(string iban)
    {
        var remainder = 0;
        for (var i = 0; i < iban.Length; i++)
        {
            var c = iban[(i + 4) % iban.Length];
            remainder = char.IsAsciiDigit(c)
                ? ((remainder * 10) + (c - '0')) % 97
                : ((remainder * 100) + (c - 'A' + 10)) % 97;
        }

        return remainder;
    }
}
