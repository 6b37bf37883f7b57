using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.Bulgaria;

/// <summary>From lev to euro, as of 1 January 2026.</summary>
/// <remarks>Introduction of the Euro in the Republic of Bulgaria Act, art. 13 and, for wages and benefits, art. 14.
/// </remarks>
public static class BulgarianEuro
{
    /// <summary>BGN for 1 EUR. It is divided by, never multiplied by an inverse.</summary>
    public const decimal Rate = 1.95583m;

    /// <summary>By the third decimal place: from 5 on it rounds up.</summary>
    public static decimal Of(decimal lev) => ToCents(Math.Round(lev / Rate, 3, MidpointRounding.ToZero));

    /// <summary>In the employee's favour, person by person: any third decimal place above 0 rounds up.</summary>
    public static decimal OfWage(decimal lev)
    {
        var threePlaces = Math.Round(lev / Rate, 3, MidpointRounding.ToZero);
        var cents = DownToCents(threePlaces);
        return threePlaces > cents ? cents + 0.01m : cents;
    }
}
