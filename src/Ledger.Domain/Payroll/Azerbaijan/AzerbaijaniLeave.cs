using NodaTime;
using static System.FormattableString;
using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.Azerbaijan;

/// <summary>Pay for days not worked. Division comes last, because a quotient that was cut off makes a half round
/// down.</summary>
public static class AzerbaijaniLeave
{
    internal static readonly Fact SickPayUnder8Years = new(
        "sickPayPercentUnder8Years", FactKind.Percent, "Sick pay of whoever was insured for less than 8 years.")
    { Example = "60" };

    internal static readonly Fact SickPayOver12Years = new(
        "sickPayPercentOver12Years", FactKind.Percent, "Sick pay of whoever was insured for more than 12 years.")
    { Example = "100" };

    /// <summary>Average calendar days of a month.</summary>
    public const decimal DaysOfMonth = 30.4m;

    /// <summary>Years of insurance for which the part of earnings is confirmed.</summary>
    private const int RecordLowest = 8;
    private const int RecordHighest = 12;

    /// <summary>For calendar days of leave, from the earnings of the twelve calendar months before.</summary>
    /// <remarks>Labour Code, art. 140.</remarks>
    public static decimal LeavePay(decimal earningsOfYear, int calendarDays) =>
        ToCents(earningsOfYear * calendarDays / (12 * DaysOfMonth));

    /// <summary>For working days missed through illness, from the earnings of the twelve months before.</summary>
    /// <param name="part">0.8 for an insurance record of 8 to 12 years. The parts below and above are not confirmed by
    /// a source, so whoever calls says which.</param>
    /// <remarks>Law on Social Insurance, sick pay.</remarks>
    public static decimal SickPay(decimal earningsOfYear, int workingDaysOfYear, int workingDaysMissed, decimal part) =>
        workingDaysOfYear == 0 ? 0 : ToCents(earningsOfYear * workingDaysMissed * part / workingDaysOfYear);

    /// <summary>For the days of leave in a period: that of all days so far less that of those before, so that parts of
    /// a leave lose no qəpik. Fewer months than twelve count as many as they are.</summary>
    internal static decimal PayOf(AbsentDays days)
    {
        var before = Period.DaysBetween(days.From, days.First);
        return Pay(before + Period.DaysBetween(days.First, days.Last) + 1) - Pay(before);

        decimal Pay(int calendarDays) => ToCents(days.Earnings * calendarDays / (days.Months * DaysOfMonth));
    }

    /// <summary>For the working days of illness in a period, of those in its first calendar days.</summary>
    internal static decimal SickPayOf(AbsentDays days, AzerbaijaniFigures law, decimal part)
    {
        var last = LocalDate.Min(days.Last, days.From.PlusDays(law.SickDays - 1));
        var before = LocalDate.Min(days.First.PlusDays(-1), last);
        return Pay(WorkingDays.Count(days.From, last)) - Pay(WorkingDays.Count(days.From, before));

        decimal Pay(int workingDays) => SickPay(days.Earnings, days.WorkingDaysOfMonths, workingDays, part);
    }

    /// <summary>Null, and which part of earnings sick pay is; or what must be known.</summary>
    internal static Refusal? SickPart(
        AzerbaijaniFacts facts, AzerbaijaniFigures law, ValueMap<string> settings, out decimal part)
    {
        part = law.SickPart;
        if (facts.InsuranceRecord is not { } years)
        {
            return PayrollRefusals.FactMissing(AzerbaijaniFacts.InsuranceRecordFact);
        }

        if (years is >= RecordLowest and <= RecordHighest)
        {
            return null;
        }

        var setting = years < RecordLowest ? SickPayUnder8Years : SickPayOver12Years;
        if (!settings.TryGetValue(setting.Name, out var text) || !AmountText.TryParse(text, out var percent)
            || percent is < 0 or > 100)
        {
            return PayrollRefusals.SettingMissing(
                setting.Name, Invariant($"how much sick pay is for {years} years of insurance"), "percent such as 60");
        }

        part = percent / 100;
        return null;
    }
}
