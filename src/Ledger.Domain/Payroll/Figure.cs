using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>How well a figure of the law is known.</summary>
public enum FigureStatus
{
    /// <summary>Read in the law, or in what the authority publishes.</summary>
    Official,

    /// <summary>Read with somebody who cites the law.</summary>
    Secondary,

    /// <summary>Read with somebody who cites the law, and with others who say otherwise or nothing.</summary>
    Probable,
}

/// <summary>
/// A figure of the law, such as a rate or the bounds of bands, and the days on which it holds. What follows it is a
/// further one with a later day: none is ever changed.
/// </summary>
/// <param name="Through">The last day on which it is known to hold; null where the law names none.</param>
/// <param name="Values">Amounts in the jurisdiction's currency; rates as parts of one, 6.58 % being 0.0658.</param>
/// <param name="Published">When it became known; null is before it took effect.</param>
/// <param name="Checked">When its source was last looked at.</param>
public sealed record Figure(
    string Name,
    LocalDate From,
    LocalDate? Through,
    ValueList<decimal> Values,
    LocalDate? Published,
    FigureStatus Status,
    LocalDate Checked,
    string Source)
{
    /// <summary>The day from which whoever calculates may know it.</summary>
    public LocalDate KnownFrom => Published ?? From;

    /// <summary>Name, first day, and the day from which it was known: one of its pack and no other.</summary>
    public string Key => string.Join(' ', Name, Texts.Shown(From), Texts.Shown(KnownFrom));
}

/// <summary>A number of a figure, as a formula uses it, and the figure that it is explained by.</summary>
public readonly record struct Known(decimal Value, Figure? Figure)
{
    public static implicit operator decimal(Known known) => known.Value;
}
