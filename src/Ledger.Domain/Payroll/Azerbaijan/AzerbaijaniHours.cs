namespace Ledger.Domain.Payroll.Azerbaijan;

/// <summary>
/// Pay for hours. No source that was read confirms what overtime and work on days of rest and holidays are paid beyond
/// the ordinary hour, so the pay group says it, as a percentage, and without that nobody with such hours is paid.
/// </summary>
public static class AzerbaijaniHours
{
    internal static readonly Fact OvertimePremium = new(
        "overtimePremium", FactKind.Percent, "What overtime is paid beyond the ordinary hour.")
    { Example = "100" };

    internal static readonly Fact RestDayPremium = new(
        "restDayPremium", FactKind.Percent, "What work on a day of rest is paid beyond the ordinary hour.")
    { Example = "100" };

    internal static readonly Fact HolidayPremium = new(
        "holidayPremium", FactKind.Percent, "What work on a public holiday is paid beyond the ordinary hour.")
    { Example = "100" };

    /// <summary>Null, and what hours of a day are paid; or which setting is missing.</summary>
    /// <param name="pay">With the settings of the group.</param>
    /// <param name="hours">Of the day.</param>
    /// <param name="ordinaryHour">Pay of an ordinary hour.</param>
    /// <param name="salaryPlace">The element that pays ordinary hours.</param>
    /// <param name="overtimePlace">The element that pays the others, the ordinary hour included.</param>
    /// <param name="due">Where it is added.</param>
    public static Refusal? Pay(
        SlipPay pay, HoursToPay hours, decimal ordinaryHour, int salaryPlace, int overtimePlace, HourPay due)
    {
        ArgumentNullException.ThrowIfNull(pay);
        ArgumentNullException.ThrowIfNull(due);
        due.Add(salaryPlace, hours.Minutes.Normal, hours.HourlyWage ?? 0, "normal hours");
        return Add(hours.Minutes.Overtime, OvertimePremium, "hours of overtime", "overtime is paid")
            ?? Add(hours.Minutes.RestDay, RestDayPremium, "hours on days of rest", "work on a day of rest is paid")
            ?? Add(
                hours.Minutes.PublicHoliday, HolidayPremium, "hours on public holidays",
                "work on a public holiday is paid");

        Refusal? Add(int minutes, Fact setting, string what, string name)
        {
            if (minutes == 0)
            {
                return null;
            }

            if (!pay.Settings.TryGetValue(setting.Name, out var said) || !AmountText.TryParse(said, out var percent)
                || percent < 0)
            {
                return PayrollRefusals.SettingMissing(
                    setting.Name, $"how many per cent more than an ordinary hour {name}", "a percentage such as 100");
            }

            due.Add(overtimePlace, minutes, ordinaryHour * (1 + (percent / 100)), what);
            return null;
        }
    }
}
