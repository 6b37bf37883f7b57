using NodaTime;

namespace Ledger.Domain.Employees;

/// <summary>Spans of whole days, both ends included; without an end they go on.</summary>
internal static class Spans
{
    public static bool Overlap(LocalDate from, LocalDate? to, LocalDate otherFrom, LocalDate? otherTo) =>
        (otherTo is not { } otherLast || from <= otherLast) && (to is not { } last || otherFrom <= last);

    public static bool Holds(LocalDate from, LocalDate? to, LocalDate day) => Overlap(from, to, day, day);
}
