using Ledger.Domain.Companies;
using NodaTime;

namespace Ledger.Domain.Periods;

public static class PeriodDecider
{
    /// <param name="earliestOpenMonthWithEntries">
    /// As a projection knows it: a courtesy to the caller, no invariant rests on it.
    /// </param>
    /// <param name="today">In the company's time zone.</param>
    public static Decision<PeriodEvent> Decide(
        ClosePeriod command,
        FiscalCalendar calendar,
        Company company,
        YearMonth? earliestOpenMonthWithEntries,
        LocalDate today)
    {
        var period = command.Period;
        if (calendar.IsClosed(period))
        {
            return Decision<PeriodEvent>.Nothing;
        }

        if (!company.Exists)
        {
            return CompanyRefusals.Unknown();
        }

        var (first, last) = company.BookableDates(today);
        if (period < first.ToYearMonth() || period > last.ToYearMonth())
        {
            return PeriodRefusals.OutsideBooks(period, first.ToYearMonth(), last.ToYearMonth());
        }

        if (!command.Through && calendar.FirstReopened < period)
        {
            return PeriodRefusals.EarlierPeriodOpen(period, calendar.FirstReopened.Value);
        }

        if (!command.Through && earliestOpenMonthWithEntries < period)
        {
            return PeriodRefusals.EarlierPeriodOpen(period, earliestOpenMonthWithEntries.Value);
        }

        return new PeriodClosed(period);
    }

    public static Decision<PeriodEvent> Decide(ReopenPeriod command, FiscalCalendar calendar, Company company)
    {
        var period = command.Period;
        if (!company.Exists)
        {
            return CompanyRefusals.Unknown();
        }

        if (!calendar.IsClosed(period))
        {
            return Decision<PeriodEvent>.Nothing;
        }

        if (Texts.CheckNeeded("reason", command.Reason, Texts.DescriptionLengthMax) is { } reason)
        {
            return reason;
        }

        if (calendar.IsFinal(period))
        {
            return PeriodRefusals.Final(period, calendar.FinalThrough!.Value);
        }

        return new PeriodReopened(period, command.Reason);
    }

    public static Decision<PeriodEvent> Decide(FinalizeFiscalYear command, FiscalCalendar calendar, Company company)
    {
        var last = command.LastPeriod;
        if (calendar.FinalThrough == last)
        {
            return Decision<PeriodEvent>.Nothing;
        }

        if (!company.Exists)
        {
            return CompanyRefusals.Unknown();
        }

        var year = company.FiscalYearOf(last.OnDayOfMonth(1));
        if (year.LastMonth != last)
        {
            return PeriodRefusals.NotFiscalYearEnd(last, year.LastMonth);
        }

        if (calendar.IsFinal(last))
        {
            return Decision<PeriodEvent>.Nothing;
        }

        if (!calendar.IsClosed(last))
        {
            var firstOpen = calendar.ClosedThrough?.PlusMonths(1) ?? year.First.ToYearMonth();
            return PeriodRefusals.FiscalYearNotClosed(last, firstOpen);
        }

        return new FiscalYearFinalized(last);
    }
}
