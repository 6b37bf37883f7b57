using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>The year over which a law adds up what was paid, by day of payment: from 6 April in the United Kingdom,
/// else that of the calendar.</summary>
/// <param name="Number">The calendar year of its first day.</param>
public readonly record struct StatutoryYear(int Number, LocalDate From, LocalDate Through)
{
    /// <param name="pack">The law.</param>
    /// <param name="number">The calendar year of its first day.</param>
    public static StatutoryYear Of(string pack, int number)
    {
        var from = pack == "gb" ? new LocalDate(number, 4, 6) : new LocalDate(number, 1, 1);
        return new(number, from, from.PlusYears(1).PlusDays(-1));
    }

    /// <summary>The year that holds a day of payment.</summary>
    public static StatutoryYear Of(string pack, LocalDate day)
    {
        var year = Of(pack, day.Year);
        return day < year.From ? Of(pack, day.Year - 1) : year;
    }
}
