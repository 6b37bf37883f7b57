using System.Collections.Frozen;
using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>Which law counts: what was published by a day, less what came into this ledger only later.</summary>
/// <param name="On">Null takes all.</param>
/// <param name="Later">Keys of figures and holidays that do not count, as they were not here yet; null is none.</param>
public readonly record struct LawKnown(LocalDate? On, FrozenSet<string>? Later = null)
{
    public static implicit operator LawKnown(LocalDate? on) => new(on);

    /// <summary>Whether a figure counts.</summary>
    internal bool Knows(Figure figure) =>
        (On is not { } on || figure.KnownFrom <= on) && Later?.Contains(figure.Key) is not true;

    /// <summary>The same of a public holiday.</summary>
    internal bool Knows(Holiday holiday) =>
        !(holiday.Published > On) && Later?.Contains(holiday.Key) is not true;
}
