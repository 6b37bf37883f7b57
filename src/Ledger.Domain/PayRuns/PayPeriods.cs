using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Domain.PayRuns;

/// <summary>
/// The periods of a pay group. A monthly one is named by its month, which is that of its last day, so that periods from
/// the 26th to the 25th are twelve a year; any other by its first day.
/// </summary>
public static class PayPeriods
{
    /// <summary>A Monday, from which weeks are counted where the group does not say.</summary>
    private static readonly LocalDate AnyMonday = new(2001, 1, 1);

    /// <summary>Null, and the period; or what to send instead.</summary>
    /// <param name="group">Whose period it is.</param>
    /// <param name="period">A month like <c>2026-03</c>; for other frequencies a first day like <c>2026-03-02</c>.
    /// </param>
    /// <param name="result">The period, where there is one.</param>
    public static Refusal? Parse(PayGroupDetails group, string period, out PayPeriod result)
    {
        ArgumentNullException.ThrowIfNull(group);
        result = default;
        if (group.Frequency == PayFrequency.Monthly)
        {
            if (YearMonthPattern.Iso.Parse(period ?? "") is not { Success: true, Value: var month })
            {
                return PayslipRefusals.PeriodInvalid(period, "a month like 2026-03");
            }

            result = OfMonth(group, month);
            return null;
        }

        if (LocalDatePattern.Iso.Parse(period ?? "") is not { Success: true, Value: var day })
        {
            return PayslipRefusals.PeriodInvalid(period, "its first day, like 2026-03-02");
        }

        result = Of(group, day);
        return result.From == day
            ? null : PayslipRefusals.PeriodInvalid(period, $"the first day of one, such as {Texts.Shown(result.From)}");
    }

    /// <summary>The period that holds a day.</summary>
    public static PayPeriod Of(PayGroupDetails group, LocalDate day)
    {
        ArgumentNullException.ThrowIfNull(group);
        switch (group.Frequency)
        {
            case PayFrequency.Daily:
                return new(day, day);
            case PayFrequency.Weekly:
                return OfDays(group, day, 7);
            case PayFrequency.TwoWeekly:
                return OfDays(group, day, 14);
            case PayFrequency.FourWeekly:
                return OfDays(group, day, 28);
            case PayFrequency.SemiMonthly:
                return day.Day <= 15
                    ? new(new(day.Year, day.Month, 1), new(day.Year, day.Month, 15))
                    : new(new(day.Year, day.Month, 16), EndOf(day.ToYearMonth(), 31));
            case PayFrequency.Monthly:
                var month = OfMonth(group, day.ToYearMonth());
                return day <= month.Through ? month : OfMonth(group, day.ToYearMonth().PlusMonths(1));
            default:
                var months = 12 / group.Frequency.PerYear();
                var first = new YearMonth(day.Year, ((day.Month - 1) / months * months) + 1);
                return new(first.OnDayOfMonth(1), EndOf(first.PlusMonths(months - 1), 31));
        }
    }

    /// <summary>All periods in order, the first and the last included.</summary>
    public static IEnumerable<PayPeriod> Between(PayGroupDetails group, PayPeriod first, PayPeriod last)
    {
        for (var period = first; period.From <= last.From; period = Of(group, period.Through.PlusDays(1)))
        {
            yield return period;
        }
    }

    private static PayPeriod OfMonth(PayGroupDetails group, YearMonth month)
    {
        var end = group.PeriodEndDay ?? 31;
        return new(EndOf(month.PlusMonths(-1), end).PlusDays(1), EndOf(month, end));
    }

    private static LocalDate EndOf(YearMonth month, int day) =>
        month.OnDayOfMonth(Math.Min(day, CalendarSystem.Iso.GetDaysInMonth(month.Year, month.Month)));

    private static PayPeriod OfDays(PayGroupDetails group, LocalDate day, int days)
    {
        var since = Period.DaysBetween(group.WeekStart ?? AnyMonday, day) % days;
        var from = day.PlusDays(since < 0 ? -since - days : -since);
        return new(from, from.PlusDays(days - 1));
    }
}
