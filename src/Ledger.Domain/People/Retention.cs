using Ledger.Domain.Companies;
using NodaTime;

namespace Ledger.Domain.People;

/// <summary>From when years of retention are counted.</summary>
public enum RetentionStart
{
    /// <summary>1 January after the day.</summary>
    CalendarYear,

    /// <summary>The day after the end of the company's fiscal year that holds the day.</summary>
    FiscalYear,
}

/// <summary>How long a country's law keeps data of a purpose.</summary>
/// <param name="Since">The first day on which data may still be kept by this rule; the latest one counts.</param>
/// <param name="Source">The law or the authority that says so.</param>
public sealed record RetentionRule(
    string Country, Purpose Purpose, LocalDate Since, int Years, RetentionStart Start, string Source);

/// <summary>
/// Statutory retention. Only what has a source stands here. Where a country's law is not known, the company says how
/// long; what it says can lengthen what the law says, never shorten it, and neither can a move to another country: the
/// longest of those that it was ever in counts. An entry stands in the books themselves, so the time of books counts
/// where a law keeps vouchers less long.
/// </summary>
public static class Retention
{
    public const int YearsMax = 100;

    /// <summary>The purposes for which a company may say how long, as it sends them.</summary>
    public static IReadOnlyList<string> Settable { get; } =
        [.. Enum.GetValues<Purpose>().Where(Keeps).Select(Texts.Camel)];

    /// <summary>In the order of countries; of several for one purpose the last that has begun counts.</summary>
    public static IReadOnlyList<RetentionRule> Rules { get; } =
    [
        new("AZ", Purpose.Bookkeeping, new(2000, 1, 1), 5, RetentionStart.CalendarYear,
            "Tax Code of the Republic of Azerbaijan, art. 71.4"),
        new("BG", Purpose.Bookkeeping, new(2016, 1, 1), 10, RetentionStart.CalendarYear,
            "Accountancy Act (State Gazette 95/2015), art. 12: accounting registers and financial statements"),
        new("BG", Purpose.Payroll, new(2016, 1, 1), 50, RetentionStart.CalendarYear,
            "Accountancy Act (State Gazette 95/2015), art. 12: payrolls"),
        new("DE", Purpose.Bookkeeping, new(1977, 1, 1), 10, RetentionStart.CalendarYear,
            "Abgabenordnung § 147 (1) no. 1, (3), (4) and Handelsgesetzbuch § 257: books and records"),
        new("DE", Purpose.Payroll, new(1977, 1, 1), 10, RetentionStart.CalendarYear,
            "Abgabenordnung § 147 (1) no. 4, (3), (4): vouchers"),
        new("DE", Purpose.Payroll, new(2025, 1, 1), 8, RetentionStart.CalendarYear,
            "Abgabenordnung § 147 (3) as of the Fourth Bureaucracy Relief Act: vouchers"),
        new("GB", Purpose.Bookkeeping, new(2008, 4, 6), 6, RetentionStart.FiscalYear,
            "HM Revenue & Customs, Running a limited company: accounting records; Companies Act 2006, s. 388"),
        new("US", Purpose.Payroll, new(1954, 8, 16), 4, RetentionStart.CalendarYear,
            "26 CFR 31.6001-1 (e)(2): employment taxes"),
    ];

    /// <summary>Whether some law may keep data of the purpose; what was given by consent none does.</summary>
    public static bool Keeps(Purpose purpose) => purpose != Purpose.Consent;

    /// <summary>The first day on which data of the purpose may go; null where neither the law of the present country
    /// nor the company says so.</summary>
    /// <param name="last">The last day that counts for any of it.</param>
    /// <param name="today">In the company's time zone.</param>
    public static LocalDate? Until(Company company, Purpose purpose, LocalDate last, LocalDate today)
    {
        LocalDate? bySetting = company.Settings!.Retention?.TryGetValue(Texts.Camel(purpose), out var years) is true
            ? FirstDayAfter(company, RetentionStart.FiscalYear, last).PlusYears(years)
            : null;
        return bySetting is null && ByLaw(company.Settings.Country) is null
            ? null
            : company.CountriesEver.Select(ByLaw).Append(bySetting).Max();

        LocalDate? ByLaw(string country) => Rules.LastOrDefault(
            rule => rule.Country == country && rule.Purpose == purpose && rule.Since <= today) is { } law
            ? FirstDayAfter(company, law.Start, last).PlusYears(law.Years)
            : null;
    }

    private static LocalDate FirstDayAfter(Company company, RetentionStart start, LocalDate last) => start switch
    {
        RetentionStart.CalendarYear => new LocalDate(last.Year + 1, 1, 1),
        _ => company.FiscalYearOf(last).Next.First,
    };
}
