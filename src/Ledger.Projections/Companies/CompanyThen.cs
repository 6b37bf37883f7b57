using Ledger.Domain;
using NodaTime;

namespace Ledger.Projections.Companies;

/// <summary>The settings of a company as known then.</summary>
/// <param name="Digits">Decimal places by unit, where the company declares them.</param>
public sealed record CompanyThen(
    string Code,
    string Name,
    string Currency,
    string Country,
    DateTimeZone Zone,
    AnnualDate FiscalYearStart,
    string? RetainedEarnings,
    ValueMap<int> Digits)
{
    /// <summary>The first day of the fiscal year that the day lies in.</summary>
    public LocalDate FiscalYearOf(LocalDate day)
    {
        var start = FiscalYearStart.InYear(day.Year);
        return start <= day ? start : FiscalYearStart.InYear(day.Year - 1);
    }
}
