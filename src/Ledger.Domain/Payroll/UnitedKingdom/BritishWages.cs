using NodaTime;

namespace Ledger.Domain.Payroll.UnitedKingdom;

/// <summary>What the law says about wages before anything is taken from them, by the figures of a day.</summary>
public sealed class BritishWages
{
    private static readonly FigureCache<BritishWages> SickPays =
        new("gb", BritishPack.Instance.Figures, static set => new(set, isOfSickPay: true));

    private static readonly FigureCache<BritishWages> MinimumWages =
        new("gb", BritishPack.Instance.Figures, static set => new(set, isOfSickPay: false));

    private const int WaitingDays = 3;
    private const int AgeOfAdults = 23;

    private readonly decimal weeklySickPay;
    private readonly decimal earningsNeeded;
    private readonly decimal? partOfEarnings;
    private readonly decimal[] minimumWages = [];

    private BritishWages(FigureSet figures, bool isOfSickPay)
    {
        if (isOfSickPay)
        {
            (weeklySickPay, earningsNeeded) = (figures.Number("sickPay"), figures.Number("sickPay", 1));
            partOfEarnings = figures.Optional("sickPay.ofEarnings")?.Value;
        }
        else
        {
            minimumWages = figures.List("minimumWage").ToArray();
        }
    }

    /// <summary>Sick pay of a day.</summary>
    public static Refusal? SickPayOn(LocalDate day, out BritishWages wages) => SickPayOn(day, null, out wages);

    /// <param name="day">On which it holds.</param>
    /// <param name="known">Only what was known.</param>
    /// <param name="wages">The law of the day.</param>
    public static Refusal? SickPayOn(LocalDate day, LawKnown known, out BritishWages wages) =>
        SickPays.Find(day, known, out wages);

    /// <summary>Minimum wages of the first day of a pay reference period, which hold for all of it.</summary>
    /// <remarks>National Minimum Wage Regulations 2015, reg. 4A and 6.</remarks>
    public static Refusal? MinimumWageOn(LocalDate firstDay, out BritishWages wages) =>
        MinimumWageOn(firstDay, null, out wages);

    /// <param name="firstDay">Of the pay reference period.</param>
    /// <param name="known">Only what was known.</param>
    /// <param name="wages">The law of the day.</param>
    public static Refusal? MinimumWageOn(LocalDate firstDay, LawKnown known, out BritishWages wages) =>
        MinimumWages.Find(firstDay, known, out wages);

    /// <summary>An hour.</summary>
    /// <param name="age">On the first day of the pay reference period.</param>
    /// <param name="isApprentice">Under 19, or in the first year.</param>
    public decimal MinimumWage(int age, bool isApprentice) =>
        isApprentice ? minimumWages[4]
        : age >= AgeOfAdults ? minimumWages[0]
        : age >= 21 ? minimumWages[1]
        : age >= 18 ? minimumWages[2]
        : minimumWages[3];

    /// <summary>
    /// Statutory sick pay. Until 5 April 2026 a flat amount a week from the fourth day on, for earnings from the lower
    /// earnings limit; since then from the first day, and never more than a part of earnings. Up to a penny.
    /// </summary>
    /// <param name="weeklyEarnings">On average.</param>
    /// <param name="daysOfWeek">Qualifying days of a week.</param>
    /// <param name="daysBefore">Qualifying days of the same illness before these.</param>
    /// <param name="days">Qualifying days missed.</param>
    /// <remarks>Social Security Contributions and Benefits Act 1992, s. 151 to 157; Employment Rights Act 2025.
    /// </remarks>
    public decimal SickPay(decimal weeklyEarnings, int daysOfWeek, int daysBefore, int days)
    {
        if (weeklyEarnings < earningsNeeded)
        {
            return 0;
        }

        var perWeek = partOfEarnings is { } part ? Math.Min(weeklySickPay, weeklyEarnings * part) : weeklySickPay;
        var waiting = partOfEarnings is null ? Math.Clamp(WaitingDays - daysBefore, 0, days) : 0;
        return decimal.Ceiling(perWeek * (days - waiting) * 100 / daysOfWeek) / 100;
    }
}
