using Ledger.Domain.Payroll;
using static Ledger.Domain.Texts;

namespace Ledger.Domain.PayGroups;

public static class PayGroupRefusals
{
    public static Refusal Unknown(string group) => new(
        "pay-group-unknown", $"There is no pay group '{Shown(group)}': add it first, or send another.");

    public static Refusal Archived(string group) => new(
        "pay-group-archived", $"The pay group '{Shown(group)}' is archived: send another, or change it back.");

    public static Refusal PackFixed(string pack, string sent) => new(
        "pay-group-pack-fixed",
        $"The group is paid by the pack {pack} and cannot change to '{Shown(sent)}': add another group.");

    public static Refusal CalendarFixed() => new(
        "pay-group-calendar-fixed",
        "Runs of the group were opened, so frequency, periodEndDay, weekStart and proration stay as they are: add "
        + "another group.");

    public static Refusal SettingUnknown(string setting, string pack, IReadOnlyCollection<string> known) => new(
        "pay-group-setting-unknown",
        $"settings names '{Shown(setting)}', which the pack {pack} does not read: "
        + (known.Count == 0 ? "send none." : $"send some of {string.Join(", ", known)}."));

    public static Refusal SettingInvalid(Fact setting, string value) => new(
        "pay-group-setting-invalid",
        $"The setting {setting.Name} is '{Shown(value)}': send {PayrollRefusals.Wanted(setting)}.");

    /// <param name="setting">Its name.</param>
    /// <param name="value">That payslips were made by.</param>
    public static Refusal SettingFixed(string setting, string value) => new(
        "pay-group-setting-fixed",
        $"Runs of the group were opened by the setting {setting} {value}, so it stays: send it, or add another group.");

    public static Refusal DayOutOfRange(string field, int day) => new(
        "day-out-of-range", $"{field} is {day}: send a day of the month from 1 to 31.");

    public static Refusal PeriodEndOfMonthly() => new(
        "period-end-not-monthly", "periodEndDay is for monthly pay only: leave it out, or send frequency monthly.");

    public static Refusal WeekStartNeeded(PayFrequency frequency) => new(
        "week-start-needed",
        $"Periods of {Camel(frequency)} pay begin on a day that only you know: send weekStart, the first day of any "
        + "of them.");

    public static Refusal AccountNameUnknown(string name, IEnumerable<string> names) => new(
        "pay-account-name-unknown",
        $"accounts names '{Shown(name)}', which nothing is booked by: send some of {string.Join(", ", names)}.");

    public static Refusal AccountMissing(string name) => new(
        "pay-account-missing", $"accounts has no {name}, and a run books on it: send one.");

    public static Refusal AccountUnusable(string name, AccountCode code) => new(
        "pay-account-unusable",
        $"The account {code} of {name} is not in the chart, is archived or takes no postings: open it, or send "
        + "another.");

    public static Refusal TooMany(int countMax) => new(
        "too-many-pay-groups",
        $"The company has {countMax} pay groups already, and may not have more: send another content for one of them.");
}
