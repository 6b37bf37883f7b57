using NodaTime;
using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.UnitedStates;

/// <summary>What federal law says about wages before anything is taken from them, and about what creditors may take,
/// by the figures of a day.</summary>
public sealed class AmericanWages
{
    private static readonly FigureCache<AmericanWages> Cache =
        new("us", AmericanPack.Instance.Figures, static set => new(set));

    private readonly decimal hoursOfWeek;
    private readonly Known overtime;
    private readonly decimal minimumHourlyWage;
    private readonly decimal exemptSalary;
    private readonly decimal garnishable;
    private readonly decimal keptHours;

    private AmericanWages(FigureSet figures)
    {
        (hoursOfWeek, overtime) = (figures.Number("overtime"), figures.Number("overtime", 1));
        minimumHourlyWage = figures.Number("minimumHourlyWage");
        exemptSalary = figures.Number("exemptSalary");
        (garnishable, keptHours) = (figures.Number("garnishment"), figures.Number("garnishment", 1));
    }

    public static Refusal? On(LocalDate day, out AmericanWages wages) => On(day, null, out wages);

    /// <param name="day">On which they hold.</param>
    /// <param name="known">Only what was known.</param>
    /// <param name="wages">The law of the day.</param>
    public static Refusal? On(LocalDate day, LawKnown known, out AmericanWages wages) =>
        Cache.Find(day, known, out wages);

    /// <summary>What is due for overtime of a week beyond straight pay for all its hours: the premium part of the
    /// regular rate, into which bonuses count that were promised.</summary>
    /// <param name="straightPay">For all hours of the week, at their ordinary rates.</param>
    /// <param name="promisedBonuses">Non-discretionary, for the week.</param>
    /// <remarks>29 USC 207 (a) and (e); 29 CFR 778.109 and 778.208.</remarks>
    public decimal OvertimePremium(decimal straightPay, decimal promisedBonuses, decimal hours) =>
        hours <= hoursOfWeek
            ? 0
            : ToCents((straightPay + promisedBonuses) / hours * (overtime - 1) * (hours - hoursOfWeek));

    /// <summary>The same for the overtime of a day, to be summed up before it is rounded: of wages the premium part of
    /// the week's average, of a salary that is not exempt all of it.</summary>
    /// <param name="hours">Of the day.</param>
    /// <param name="place">The element that is paid for overtime.</param>
    /// <param name="due">Where it is added.</param>
    /// <remarks>Bonuses that were promised are not told apart from others, so they stay out of the regular
    /// rate.</remarks>
    public void PayOvertime(HoursToPay hours, int place, HourPay due)
    {
        ArgumentNullException.ThrowIfNull(due);
        var perWeek = hours.YearlySalary / 52;
        if (hours.HourlyWage is not null)
        {
            due.Add(
                place, hours.Minutes.Overtime, hours.AverageWage * (overtime - 1), "hours of overtime, the premium",
                overtime.Figure);
        }
        else if (!IsExemptSalary(perWeek) && hours.WeeklyHours > 0)
        {
            due.Add(
                place, hours.Minutes.Overtime, perWeek / hours.WeeklyHours * overtime, "hours of overtime",
                overtime.Figure);
        }
    }

    /// <remarks>29 USC 206.</remarks>
    public bool IsBelowMinimumWage(decimal pay, decimal hours) => pay < ToCents(minimumHourlyWage * hours);

    /// <summary>Whether a salary is high enough to be exempt from pay for overtime; the duties decide, too.</summary>
    /// <remarks>29 CFR 541.600.</remarks>
    public bool IsExemptSalary(decimal perWeek) => perWeek >= exemptSalary;

    /// <summary>The most that ordinary creditors may take of disposable pay: a quarter, or what exceeds thirty hours of
    /// the minimum wage a week, whichever is less. Support orders stand apart.</summary>
    /// <remarks>15 USC 1673 (a); 29 CFR 870.10 for periods other than a week.</remarks>
    public decimal Garnishable(decimal disposable, PayFrequency frequency)
    {
        var weeks = frequency switch
        {
            PayFrequency.Daily => 1 / 5m,
            PayFrequency.TwoWeekly => 2,
            PayFrequency.FourWeekly => 4,
            PayFrequency.SemiMonthly => 13 / 6m,
            PayFrequency.Monthly => 13 / 3m,
            PayFrequency.Quarterly => 13,
            PayFrequency.HalfYearly => 26,
            PayFrequency.Yearly => 52,
            _ => 1m,
        };
        var kept = ToCents(minimumHourlyWage * keptHours * weeks);
        return Math.Max(Math.Min(DownToCents(disposable * garnishable), disposable - kept), 0);
    }
}
