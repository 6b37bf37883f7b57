using NodaTime;
using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.Bulgaria;

/// <summary>When overtime was worked.</summary>
public enum BulgarianOvertime
{
    Workday,
    RestDay,
    PublicHoliday,

    /// <summary>Under averaged working time, whichever day.</summary>
    Averaged,
}

/// <summary>What the law adds to basic pay, by the figures of a day.</summary>
public sealed class BulgarianSupplements
{
    private static readonly FigureCache<BulgarianSupplements> Cache =
        new("bg", BulgarianPack.Instance.Figures, static set => new(set));

    private readonly Known seniority;
    private readonly Known[] overtime;
    private readonly decimal nightHour;
    private readonly Figure? nightFigure;
    private readonly decimal sickDays;
    private readonly Known sickPart;
    private readonly decimal minimumWage;
    private readonly decimal healthWhileIncapacitated;

    private BulgarianSupplements(FigureSet figures)
    {
        seniority = figures.Number("seniority");
        overtime = [.. Enumerable.Range(0, 4).Select(place => figures.Number("overtime", place))];
        minimumWage = figures.Number("minimumWage");
        MinimumHourlyWage = figures.Optional("minimumHourlyWage")?.Value ?? 0;
        nightHour = Math.Max(
            figures.Number("nightHour") * minimumWage, figures.Optional("nightHourLeast")?.Value ?? 0);
        nightFigure = figures.Number("nightHour").Figure;
        healthWhileIncapacitated = ToCents(
            figures.Number("minimumInsurableIncomeSelfEmployed").Value * figures.Number("health.employer").Value);
        (sickDays, sickPart) = (figures.Number("employerSickPay"), figures.Number("employerSickPay", 1));
    }

    public static Refusal? On(LocalDate day, out BulgarianSupplements supplements) => On(day, null, out supplements);

    /// <param name="day">On which they hold.</param>
    /// <param name="known">Only what was known.</param>
    /// <param name="supplements">Those of the day.</param>
    public static Refusal? On(LocalDate day, LawKnown known, out BulgarianSupplements supplements) =>
        Cache.Find(day, known, out supplements);

    /// <summary>0 where it is not known.</summary>
    public decimal MinimumHourlyWage { get; }

    /// <summary>Working days of an incapacity that the employer pays.</summary>
    public int SickDays => (int)sickDays;

    /// <summary>A part of basic pay for each whole year.</summary>
    /// <remarks>Ordinance on the structure and organisation of the salary, art. 12.</remarks>
    public decimal Seniority(decimal basicPay, int years) => ToCents(basicPay * seniority * years);

    /// <summary>Pay for overtime, the ordinary hour included.</summary>
    /// <remarks>Labour Code, art. 262.</remarks>
    public decimal Overtime(decimal hourlyPay, decimal hours, BulgarianOvertime kind) =>
        ToCents(hourlyPay * hours * (1 + overtime[(int)kind]));

    /// <summary>Work on a public holiday, overtime or not, pays double.</summary>
    /// <remarks>Labour Code, art. 264.</remarks>
    public static decimal OnPublicHoliday(decimal hourlyPay, decimal hours) => ToCents(hourlyPay * hours * 2);

    /// <summary>A supplement for each hour; the sum of the month is rounded, not the rate.</summary>
    /// <param name="isAveraged">Night hours then count for eight sevenths.</param>
    /// <remarks>Ordinance on the structure and organisation of the salary, art. 8 and 9.</remarks>
    public decimal NightWork(decimal hours, bool isAveraged) =>
        ToCents((isAveraged ? hours * 8 / 7 : hours) * nightHour);

    /// <summary>Pay for the hours of a day that no salary covers, and the supplement of its night, each to be summed up
    /// before it is rounded.</summary>
    /// <param name="hours">Of the day.</param>
    /// <param name="ordinaryHour">Pay of an ordinary hour.</param>
    /// <param name="overtimePlace">The element that is paid for overtime and for work on days of rest and
    /// holidays.</param>
    /// <param name="nightPlace">The element of the supplement.</param>
    /// <param name="due">Where it is added.</param>
    /// <remarks>Labour Code, art. 262 and 264. A day off instead of a holiday counts as a day of rest.</remarks>
    public void PayHours(HoursToPay hours, decimal ordinaryHour, int overtimePlace, int nightPlace, HourPay due)
    {
        ArgumentNullException.ThrowIfNull(due);
        var minutes = hours.Minutes;
        Add(minutes.Overtime, BulgarianOvertime.Workday, "hours of overtime on working days");
        Add(minutes.RestDay, BulgarianOvertime.RestDay, "hours on days of rest");
        Add(minutes.PublicHoliday, BulgarianOvertime.PublicHoliday, "hours on public holidays");
        due.Add(nightPlace, minutes.Night, nightHour, "hours of the night", nightFigure);

        void Add(int worked, BulgarianOvertime kind, string what) => due.Add(
            overtimePlace, worked, ordinaryHour * (1 + overtime[(int)kind]), what, overtime[(int)kind].Figure);
    }

    /// <summary>From the employer, for the first working days of an incapacity.</summary>
    /// <param name="dailyPay">Average gross pay of a working day.</param>
    /// <remarks>Social Insurance Code, art. 40 (5).</remarks>
    public decimal EmployerSickPay(decimal dailyPay, int workingDays) =>
        ToCents(dailyPay * sickPart * Math.Min(workingDays, sickDays));

    /// <summary>The same, of a month's pay, for the days of an incapacity in one period.</summary>
    /// <param name="monthlyPay">Gross.</param>
    /// <param name="workingDaysOfMonth">By which it is divided.</param>
    /// <param name="daysBefore">Working days of the incapacity before the period.</param>
    /// <param name="days">Those within it.</param>
    public decimal EmployerSickPay(decimal monthlyPay, int workingDaysOfMonth, int daysBefore, int days)
    {
        var paid = Math.Clamp((int)sickDays - daysBefore, 0, days);
        return workingDaysOfMonth == 0 ? 0 : ToCents(monthlyPay * sickPart * paid / workingDaysOfMonth);
    }

    /// <summary>The employer's health contribution for a month of incapacity, on the least income of self-employed
    /// persons.</summary>
    /// <remarks>Health Insurance Act, art. 40 (1) 5.</remarks>
    public decimal HealthWhileIncapacitated => healthWhileIncapacitated;

    /// <summary>Whether monthly pay for full time is below the least that the law allows.</summary>
    /// <param name="partOfFullTime">1 for full time.</param>
    public bool IsBelowMinimumWage(decimal monthlyPay, decimal partOfFullTime) =>
        monthlyPay < ToCents(minimumWage * partOfFullTime);

    /// <summary>
    /// The most that creditors other than for maintenance may take of net pay: nothing up to one minimum wage, a third
    /// (with children a quarter) up to two, a half (a third) up to four, above that all but two (two and a half).
    /// </summary>
    /// <param name="keepsMinimumWage">Whether one whole minimum wage always stays, which is disputed: the company
    /// says.</param>
    /// <remarks>Civil Procedure Code, art. 446. The highest band is not confirmed by a source, so it takes no more than
    /// the one below until the company says otherwise.</remarks>
    public decimal Attachable(decimal net, bool hasChildren, bool keepsMinimumWage)
    {
        if (net <= minimumWage)
        {
            return 0;
        }

        var part = net <= 2 * minimumWage ? hasChildren ? 4m : 3m : hasChildren ? 3m : 2m;
        var attachable = DownToCents(net / part);
        return keepsMinimumWage ? Math.Min(attachable, net - minimumWage) : attachable;
    }
}
