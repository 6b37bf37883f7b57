using NodaTime;

namespace Ledger.Domain.Companies;

/// <summary>What a caller says of a company, as sent: what was left out is null here and resolved beside it.</summary>
/// <param name="Currency">The functional currency: ISO 4217, fixed by the first entry.</param>
/// <param name="Country">ISO 3166 alpha-2.</param>
/// <param name="TimeZone">IANA name; by default the country's.</param>
/// <param name="FiscalYearStart">The first day of a month; 1 January by default; fixed by the first entry.</param>
/// <param name="RetainedEarnings">The equity account beside which the balance sheet shows unclosed results.</param>
/// <param name="Digits">Decimal places per unit, 0–12, beyond ISO 4217's; only ever raised.</param>
/// <param name="BooksFrom">The first day on which an entry may be booked; open by default. Entries that are there
/// already stay.</param>
/// <param name="BooksTo">The last day on which an entry may be booked: set when the books are carried over. Entries
/// that are there already stay.</param>
/// <param name="Retention">For how many years after its fiscal year personal data of a purpose is kept, where the law
/// of the country is not known or the company keeps it longer.</param>
public sealed record CompanySettings(
    string Name,
    UnitCode Currency,
    string Country,
    string? TimeZone = null,
    AnnualDate? FiscalYearStart = null,
    AccountCode? RetainedEarnings = null,
    ValueMap<int>? Digits = null,
    LocalDate? BooksFrom = null,
    LocalDate? BooksTo = null,
    ValueMap<int>? Retention = null);

/// <summary>Stream <c>company</c>. <c>TimeZone</c> and <c>FiscalYearStart</c> are the resolved ones.</summary>
public abstract record CompanyEvent;

[EventName("company_registered")]
public sealed record CompanyRegistered(CompanySettings Settings, string TimeZone, AnnualDate FiscalYearStart)
    : CompanyEvent;

[EventName("company_changed")]
public sealed record CompanyChanged(CompanySettings Settings, string TimeZone, AnnualDate FiscalYearStart)
    : CompanyEvent;
