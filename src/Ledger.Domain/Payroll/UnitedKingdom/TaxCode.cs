using System.Globalization;
using System.Text.RegularExpressions;
using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.UnitedKingdom;

/// <summary>Whose income tax it is.</summary>
public enum TaxRegime
{
    /// <summary>England and Northern Ireland.</summary>
    Rest,
    Scotland,
    Wales,
}

/// <summary>What a tax code does.</summary>
public enum TaxCodeKind
{
    /// <summary>Pay up to a part of the allowance is free.</summary>
    Allowance,

    /// <summary>K: a part of what is owed otherwise is added to pay.</summary>
    Addition,

    /// <summary>BR and D codes: all pay at the rate of one band.</summary>
    Flat,

    /// <summary>NT: no tax.</summary>
    None,
}

/// <summary>
/// A tax code such as <c>1257L</c>, <c>SK585</c> or <c>BR M1</c>: of whose income tax, and how much pay is free.
/// </summary>
/// <param name="Text">As it stands on the notice, without blanks and without the mark of week 1.</param>
/// <param name="Number">That of the code; for flat codes the place of the band, from the lowest, 0.</param>
/// <param name="IsWeek1">W1, M1 or X: each payment by itself, without the year to date.</param>
public sealed partial record TaxCode(string Text, TaxRegime Regime, TaxCodeKind Kind, int Number, bool IsWeek1)
{
    private const int TableNumber = 500;
    private const decimal TableWeek = 96.16m;
    private const decimal TableMonth = 416.67m;

    /// <summary>Free pay of a week, or what K adds to it.</summary>
    public decimal Week { get; } = OfOne(Kind, Number, TableWeek, 52);

    /// <summary>Free pay of a month, or what K adds to it.</summary>
    public decimal Month { get; } = OfOne(Kind, Number, TableMonth, 12);

    public static bool TryParse(string? text, out TaxCode code)
    {
        code = NoTax;
        var match = Form().Match(text ?? "");
        if (!match.Success)
        {
            return false;
        }

        var regime = match.Groups["regime"].Value switch
        {
            "S" => TaxRegime.Scotland,
            "C" => TaxRegime.Wales,
            _ => TaxRegime.Rest,
        };
        var body = match.Groups["code"].Value;
        var (kind, number) = Read(body, regime);
        if (kind == TaxCodeKind.None && regime != TaxRegime.Rest)
        {
            return false;
        }

        code = new(match.Groups["regime"].Value + body, regime, kind, number, match.Groups["week1"].Success);
        return true;
    }

    private static TaxCode NoTax { get; } = new("NT", TaxRegime.Rest, TaxCodeKind.None, 0, false);

    /// <summary>BR is the basic rate, which is the second in Scotland; D codes follow it.</summary>
    private static (TaxCodeKind Kind, int Number) Read(string body, TaxRegime regime)
    {
        var basic = regime == TaxRegime.Scotland ? 1 : 0;
        return body[0] switch
        {
            'B' => (TaxCodeKind.Flat, basic),
            'D' => (TaxCodeKind.Flat, basic + 1 + (body[1] - '0')),
            'N' => (TaxCodeKind.None, 0),
            'K' => (TaxCodeKind.Addition, int.Parse(body.AsSpan(1), CultureInfo.InvariantCulture)),
            _ => (TaxCodeKind.Allowance, int.Parse(body.AsSpan(0, body.Length - 1), CultureInfo.InvariantCulture)),
        };
    }

    /// <summary>Whole tables of 500, and the rest with 9 added, so that the last digit that the code leaves out is
    /// free as well; up to the penny.</summary>
    /// <remarks>HM Revenue &amp; Customs, specification for PAYE tax table routines: free pay.</remarks>
    private static decimal OfOne(TaxCodeKind kind, int number, decimal table, int perYear)
    {
        if (kind is not (TaxCodeKind.Allowance or TaxCodeKind.Addition) || number == 0)
        {
            return 0;
        }

        var (tables, rest) = Math.DivRem(number - 1, TableNumber);
        var exact = ToFourPlaces((((rest + 1) * 10m) + 9) / perYear);
        return (tables * table) + (decimal.Ceiling(exact * 100) / 100);
    }

    [GeneratedRegex(
        @"^(?<regime>[SC]?)(?<code>K[0-9]{1,5}|[0-9]{1,5}[LMNT]|BR|D[0-3]|NT) ?(?<week1>W1M1|W1/M1|W1|M1|X)?$",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Form();
}
