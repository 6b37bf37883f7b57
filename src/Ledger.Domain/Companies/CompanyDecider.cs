using Ledger.Domain.Accounts;
using Ledger.Domain.People;
using NodaTime;

namespace Ledger.Domain.Companies;

public static class CompanyDecider
{
    public const int DigitsMax = 12;
    public const int UnitsMax = 10_000;

    private static readonly AnnualDate FirstOfJanuary = new(1, 1);

    /// <param name="chart">Looked at for the account of retained earnings, which need not exist yet.</param>
    /// <param name="hasEntries">Whether anything was ever posted.</param>
    public static Decision<CompanyEvent> Decide(PutCompany command, Company state, Chart chart, bool hasEntries)
    {
        var settings = command.Settings;
        if (state.Settings == settings)
        {
            return Decision<CompanyEvent>.Nothing;
        }

        if (Register.CheckVersion(state.Version, command.IfMatch) is { } moved)
        {
            return moved;
        }

        if (Check(settings, state) is { } refusal)
        {
            return refusal;
        }

        if (settings.RetainedEarnings is { } code && chart.Find(code) is { Details.Type: not AccountType.Equity })
        {
            return CompanyRefusals.RetainedEarningsNotEquity(code);
        }

        if (hasEntries && settings.Currency != state.Currency)
        {
            return CompanyRefusals.CurrencyFixed(state.Currency, settings.Currency);
        }

        var start = settings.FiscalYearStart ?? FirstOfJanuary;
        if (hasEntries && start != state.FiscalYearStart)
        {
            return CompanyRefusals.FiscalYearStartFixed(state.FiscalYearStart, start);
        }

        var timeZone = settings.TimeZone ?? Countries.DefaultTimeZone(settings.Country)!;
        return state.Exists
            ? new CompanyChanged(settings, timeZone, start)
            : new CompanyRegistered(settings, timeZone, start);
    }

    private static Refusal? Check(CompanySettings settings, Company state)
    {
        if (Texts.CheckNeeded("name", settings.Name, Texts.NameLengthMax) is { } text)
        {
            return text;
        }

        if (Iso4217.Find(settings.Currency) is null)
        {
            return CompanyRefusals.CurrencyUnknown(settings.Currency);
        }

        if (!Countries.IsKnown(settings.Country))
        {
            return CompanyRefusals.CountryUnknown(settings.Country);
        }

        if (settings.TimeZone is null && Countries.DefaultTimeZone(settings.Country) is null)
        {
            return CompanyRefusals.TimeZoneNeeded(settings.Country, Countries.SomeTimeZones(settings.Country));
        }

        if (settings.TimeZone is { } zone && !Countries.IsTimeZone(zone))
        {
            return CompanyRefusals.TimeZoneUnknown(zone);
        }

        if (settings.FiscalYearStart is { Day: not 1 } start)
        {
            return CompanyRefusals.FiscalYearStartWithinMonth(start);
        }

        if (settings.BooksFrom > settings.BooksTo)
        {
            return CompanyRefusals.BooksEndBeforeTheyBegin(settings.BooksFrom.Value, settings.BooksTo.Value);
        }

        foreach (var (purpose, _) in settings.Retention ?? ValueMap<int>.Empty)
        {
            if (!Retention.Settable.Contains(purpose))
            {
                return CompanyRefusals.RetentionPurposeUnknown(purpose, Retention.Settable);
            }
        }

        if (settings.RetainedEarnings is { } account && !AccountCode.IsValid(account.Value))
        {
            return AccountRefusals.CodeInvalid("retainedEarnings", account.Value);
        }

        return CheckDigits(settings.Digits ?? ValueMap<int>.Empty, state);
    }

    /// <summary>Digits are only ever raised, from ISO 4217's on, because stored amounts carry them.</summary>
    private static Refusal? CheckDigits(ValueMap<int> declared, Company state)
    {
        if (declared.Count > UnitsMax)
        {
            return CompanyRefusals.TooManyUnits(declared.Count, UnitsMax);
        }

        foreach (var (name, digits) in declared)
        {
            var unit = new UnitCode(name);
            if (!UnitCode.IsValid(name))
            {
                return CompanyRefusals.UnitInvalid(name);
            }

            if (digits is < 0 or > DigitsMax)
            {
                return CompanyRefusals.DigitsOutOfRange(unit, digits, DigitsMax);
            }

            if (state.TryGetDigits(unit, out var before) && digits < before)
            {
                return CompanyRefusals.DigitsLowered(unit, digits, before);
            }
        }

        foreach (var (name, before) in state.Settings?.Digits ?? ValueMap<int>.Empty)
        {
            if (!declared.ContainsKey(name))
            {
                return CompanyRefusals.UnitWithdrawn(new UnitCode(name), before);
            }
        }

        return null;
    }
}
