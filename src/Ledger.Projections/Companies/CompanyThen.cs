using Ledger.Domain;
using Ledger.Domain.Companies;
using Ledger.Projections.Queries;
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
    public LocalDate FiscalYearOf(LocalDate day) => FiscalYear.Of(day, FiscalYearStart).First;

    /// <summary>Decimal places of a unit: those the company declares, else ISO 4217's.</summary>
    public int DigitsOf(string unit) =>
        Digits.TryGetValue(unit, out var declared) ? declared
        : Iso4217.TryGetDigits(new(unit), out var digits) ? digits
        : 0;

    public Amount Base(decimal value) => new(value, DigitsOf(Currency));

    public Amount In(string unit, decimal value) => new(value, DigitsOf(unit));
}
