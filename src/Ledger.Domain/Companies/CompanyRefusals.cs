using NodaTime;
using static Ledger.Domain.Texts;

namespace Ledger.Domain.Companies;

public static class CompanyRefusals
{
    public static Refusal Unknown() => new(
        "company-unknown", "There is no such company: register it first with PUT /companies/{company}.");

    public static Refusal CurrencyUnknown(UnitCode currency) => new(
        "currency-unknown",
        $"'{Shown(currency.Value)}' is not a currency of ISO 4217: send a code such as EUR, AZN or USD.");

    public static Refusal CountryUnknown(string country) => new(
        "country-unknown",
        $"'{Shown(country)}' is not a country: send two capital letters of ISO 3166 such as BG, AZ or DE.");

    public static Refusal TimeZoneNeeded(string country, IEnumerable<string> zones) => new(
        "time-zone-needed",
        $"{country} has several time zones: send timeZone, such as {string.Join(", ", zones)}.");

    public static Refusal TimeZoneUnknown(string timeZone) => new(
        "time-zone-unknown",
        $"'{Shown(timeZone)}' is not a time zone: send an IANA name such as Europe/Sofia or Asia/Baku.");

    public static Refusal FiscalYearStartWithinMonth(AnnualDate start) => new(
        "fiscal-year-start-within-month",
        $"A fiscal year cannot start on {start}, because periods are months: send the first day of a month.");

    public static Refusal BooksEndBeforeTheyBegin(LocalDate from, LocalDate to) => new(
        "books-end-before-they-begin",
        $"booksTo {Shown(to)} lies before booksFrom {Shown(from)}: send a later booksTo, or leave one of them out.");

    public static Refusal RetentionPurposeUnknown(string purpose, IEnumerable<string> known) => new(
        "retention-purpose-unknown",
        $"retention: no law keeps data for '{Shown(purpose)}': send years for {string.Join(" or ", known)}.");

    public static Refusal TooManyUnits(int count, int countMax) => new(
        "too-many-units", $"digits declares {count} units: declare at most {countMax}.");

    public static Refusal UnitInvalid(string unit) => new(
        "unit-invalid",
        $"digits: '{Shown(unit)}' is not a unit: send a letter and up to 23 of A-Z, a-z, 0-9, '.', '_', '-'.");

    public static Refusal DigitsOutOfRange(UnitCode unit, int digits, int digitsMax) => new(
        "digits-out-of-range", $"{unit} cannot have {digits} decimal places: send 0 to {digitsMax}.");

    public static Refusal DigitsLowered(UnitCode unit, int digits, int before) => new(
        "digits-lowered",
        $"{unit} has {before} decimal places and cannot go down to {digits}, because amounts may use them: "
        + $"send {before} or more.");

    public static Refusal UnitWithdrawn(UnitCode unit, int before) => new(
        "unit-withdrawn",
        $"The digits of {unit} were declared as {before} and cannot be taken back, because amounts may use them: "
        + $"send them again.");

    public static Refusal RetainedEarningsNotEquity(AccountCode account) => new(
        "retained-earnings-not-equity",
        $"Account {Shown(account.Value)} is named as retainedEarnings and must be of type equity: "
        + "name another account there, or make this one equity.");

    public static Refusal CurrencyFixed(UnitCode currency, UnitCode sent) => new(
        "currency-fixed",
        $"The books hold entries in {currency}, so the functional currency cannot become {Shown(sent.Value)}: "
        + "carry the books over into a new company.");

    public static Refusal FiscalYearStartFixed(AnnualDate start, AnnualDate sent) => new(
        "fiscal-year-start-fixed",
        $"The books hold entries, so their fiscal year keeps starting on {start} and cannot start on {sent}: "
        + $"send {start}.");
}
