using NodaTime;

namespace Ledger.Domain.Companies;

/// <summary>Twelve months, called by the calendar year of the first day (April 2025 to March 2026 is 2025).</summary>
public readonly record struct FiscalYear(LocalDate First, LocalDate Last)
{
    public int Name => First.Year;

    public YearMonth LastMonth => Last.ToYearMonth();

    public FiscalYear Next => new(Last.PlusDays(1), Last.PlusDays(1).PlusYears(1).PlusDays(-1));

    /// <param name="start">The first day of a month.</param>
    public static FiscalYear Of(LocalDate date, AnnualDate start)
    {
        var first = start.InYear(date.Year);
        if (date < first)
        {
            first = start.InYear(date.Year - 1);
        }

        return new FiscalYear(first, first.PlusYears(1).PlusDays(-1));
    }
}
