using Ledger.Domain.TimeSheets;
using NodaTime;
using static System.FormattableString;

namespace Ledger.Domain.Payroll;

/// <summary>Hours of one day, and by what they are paid.</summary>
/// <param name="HourlyWage">Of an ordinary hour; null for somebody with a salary, which pays ordinary hours.</param>
/// <param name="AverageWage">Of an hour of the week, over all that were worked in it.</param>
/// <param name="YearlySalary">0 for somebody who is paid by the hour.</param>
/// <param name="WeeklyHours">Of the contract.</param>
public readonly record struct HoursToPay(
    DayMinutes Minutes, decimal? HourlyWage, decimal AverageWage, decimal YearlySalary, decimal WeeklyHours)
{
    public LocalDate Day => Minutes.Day;

    /// <summary>An ordinary hour: the wage, or the salary of the month by its working days without public
    /// holidays.</summary>
    /// <param name="calendar">With the holidays of the month.</param>
    /// <param name="known">Only those that were known.</param>
    public decimal OrdinaryHour(HolidayCalendar calendar, LawKnown known)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        if (HourlyWage is { } wage)
        {
            return wage;
        }

        var days = 0;
        var month = Day.ToYearMonth();
        for (var day = month.OnDayOfMonth(1); day.ToYearMonth() == month; day = day.PlusDays(1))
        {
            days += HourRules.IsRestDay(day) || calendar.On(day, known: known) is not null ? 0 : 1;
        }

        return days == 0 || WeeklyHours == 0 ? 0 : YearlySalary / 12 / (days * WeeklyHours / 5);
    }
}

/// <summary>What hours of a period come to by element. Nothing is rounded here, so that a sum of many days loses no
/// cent.</summary>
public sealed class HourPay
{
    private readonly List<(int Element, int Minutes, decimal PerHour, string What, Figure? Figure)> steps = [];

    public void Clear() => steps.Clear();

    /// <param name="element">Its place in the pack.</param>
    /// <param name="minutes">Nothing is added without any.</param>
    /// <param name="perHour">Pay of an hour.</param>
    /// <param name="what">Which hours these are.</param>
    /// <param name="figure">Of the law behind it.</param>
    public void Add(int element, int minutes, decimal perHour, string what, Figure? figure = null)
    {
        if (minutes == 0 || perHour == 0)
        {
            return;
        }

        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Element == element && steps[i].PerHour == perHour && steps[i].What == what)
            {
                steps[i] = steps[i] with { Minutes = steps[i].Minutes + minutes };
                return;
            }
        }

        steps.Add((element, minutes, perHour, what, figure));
    }

    /// <summary>The sum of an element.</summary>
    public decimal Of(int element)
    {
        var sum = 0m;
        foreach (var step in steps)
        {
            sum += step.Element == element ? step.Minutes * step.PerHour : 0;
        }

        return sum / 60;
    }

    /// <summary>How it comes about; parts are shown rounded.</summary>
    public IEnumerable<PayslipStep> StepsOf(int element) => steps.Where(step => step.Element == element)
        .Select(step => new PayslipStep(
            Invariant($"{step.PerHour:#,0.00##} an hour for {step.Minutes / 60m:0.##} {step.What}"),
            Rounding.ToCents(step.Minutes * step.PerHour / 60), step.Figure));
}
