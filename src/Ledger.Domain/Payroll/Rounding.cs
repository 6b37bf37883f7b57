namespace Ledger.Domain.Payroll;

/// <summary>The roundings of the law, by name. Each pack says which of them it uses, and where.</summary>
public static class Rounding
{
    /// <summary>To the cent, a half away from zero: 0.125 is 0.13. Bulgaria, Azerbaijan, the United States.</summary>
    public static decimal ToCents(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero);

    /// <summary>To the cent or penny, what is below dropped: income tax in the United Kingdom.</summary>
    public static decimal DownToCents(decimal amount) => Math.Round(amount, 2, MidpointRounding.ToZero);

    /// <summary>To four decimal places toward zero: what British formulas carry from step to step.</summary>
    public static decimal ToFourPlaces(decimal amount) => Math.Round(amount, 4, MidpointRounding.ToZero);

    /// <summary>
    /// To the penny by the third decimal place alone: 5 rounds down whatever follows, 6 rounds up. 0.0256 is 0.02.
    /// </summary>
    /// <remarks>HM Revenue &amp; Customs, National Insurance guidance for software developers: the exact percentage
    /// method.</remarks>
    public static decimal ByThirdPlace(decimal amount)
    {
        var threePlaces = Math.Round(amount, 3, MidpointRounding.ToZero);
        var pence = Math.Round(threePlaces, 2, MidpointRounding.ToZero);
        return threePlaces - pence >= 0.006m ? pence + 0.01m : pence;
    }

    /// <summary>To whole units, a half up: what a tax return shows in the United States.</summary>
    public static decimal ToWhole(decimal amount) => Math.Round(amount, 0, MidpointRounding.AwayFromZero);
}
