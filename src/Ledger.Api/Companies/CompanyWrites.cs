using Ledger.Domain.Companies;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.Companies;

/// <summary>On which streams commands of companies are decided, and what they write.</summary>
public static class CompanyWrites
{
    public static async ValueTask<Verdict<Written>> PutAsync(PutCompany command, Reading reading, PostingFacts facts)
    {
        var company = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
        var chart = await reading.StateAsync(Streams.Chart, Streams.ChartFold);
        var hasEntries = MayNeedNoEntries(command, company.State) && await facts.HasEntriesAsync(reading);
        var decision = CompanyDecider.Decide(command, company.State, chart.State, hasEntries);
        if (decision.Refusal is { } refusal)
        {
            return refusal;
        }

        return decision.Events.Count == 0
            ? Verdict.Nothing(new Written(company.Version, company.Last))
            : Verdict.Append(new Written(company.Version + 1), (Streams.Company, decision.Events));
    }

    /// <summary>The date in the company's time zone; in UTC while there is no company.</summary>
    public static LocalDate TodayOf(Company company, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(company);
        ArgumentNullException.ThrowIfNull(clock);
        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(company.TimeZone) ?? DateTimeZone.Utc;
        return clock.GetCurrentInstant().InZone(zone).Date;
    }

    private static bool MayNeedNoEntries(PutCompany command, Company company) =>
        company.Settings is { } settings && settings != command.Settings
        && (settings.Currency != command.Settings.Currency
            || settings.FiscalYearStart != command.Settings.FiscalYearStart);
}
