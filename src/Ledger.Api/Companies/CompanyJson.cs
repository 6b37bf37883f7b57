using Ledger.Api.Json;
using Ledger.Domain;
using Ledger.Domain.Companies;
using Ledger.Domain.People;
using NodaTime;

namespace Ledger.Api.Companies;

/// <summary>Reads a company as callers send it.</summary>
public static class CompanyJson
{
    private static readonly Members Company = new(
        "name", "currency", "country", "timeZone", "fiscalYearStart", "retainedEarnings", "digits", "booksFrom",
        "booksTo", "retention");

    public static CompanySettings Read(ref JsonInput input, int unused)
    {
        string? name = null, currency = null, country = null, timeZone = null, retainedEarnings = null;
        AnnualDate? fiscalYearStart = null;
        LocalDate? booksFrom = null, booksTo = null;
        ValueMap<int>? digits = null, retention = null;
        var seen = input.Object();
        while (input.Next(Company, ref seen))
        {
            switch (Company[seen.Last])
            {
                case "name":
                    name = input.Text();
                    break;
                case "currency":
                    currency = input.Text();
                    break;
                case "country":
                    country = input.Text();
                    break;
                case "timeZone":
                    timeZone = input.Null() ? null : input.Text();
                    break;
                case "fiscalYearStart":
                    fiscalYearStart = input.Null() ? null : input.DayOfYear();
                    break;
                case "retainedEarnings":
                    retainedEarnings = input.Null() ? null : input.Text();
                    break;
                case "digits":
                    digits = input.Null()
                        ? null
                        : input.Map(static (ref JsonInput value, int _) => value.Integer(0, CompanyDecider.DigitsMax));
                    break;
                case "booksFrom":
                    booksFrom = input.Null() ? null : input.Date();
                    break;
                case "booksTo":
                    booksTo = input.Null() ? null : input.Date();
                    break;
                case "retention":
                    retention = input.Null()
                        ? null
                        : input.Map(static (ref JsonInput value, int _) => value.Integer(0, Retention.YearsMax));
                    break;
            }
        }

        return new(
            name ?? throw input.Missing("name"),
            new UnitCode(currency ?? throw input.Missing("currency")),
            country ?? throw input.Missing("country"),
            timeZone,
            fiscalYearStart,
            retainedEarnings is null ? null : new AccountCode(retainedEarnings),
            digits,
            booksFrom,
            booksTo,
            retention);
    }
}
