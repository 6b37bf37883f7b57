using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Payroll;

namespace Ledger.Domain.PayGroups;

public static class PayGroupDecider
{
    public const int GroupsMax = 1_000;

    /// <param name="command">What is asked for.</param>
    /// <param name="catalog">All groups as they are.</param>
    /// <param name="company">Whose they are.</param>
    /// <param name="chart">Which holds the accounts.</param>
    /// <param name="hasRuns">A run of the group was opened: its periods are what they are.</param>
    public static Decision<PayGroupEvent> Decide(
        PutPayGroup command, PayGroupCatalog catalog, Company company, Chart chart, bool hasRuns)
    {
        var (group, details) = (command.Group, command.Details);
        var known = catalog.Find(group);
        if (known?.Details == details)
        {
            return Decision<PayGroupEvent>.Nothing;
        }

        if (!company.Exists)
        {
            return CompanyRefusals.Unknown();
        }

        if (!Ids.IsValid(group))
        {
            return TextRefusals.IdInvalid("The pay group", group);
        }

        if (Register.CheckVersion(known?.Version ?? 0, command.IfMatch) is { } moved)
        {
            return moved;
        }

        if (Texts.Check("name", details.Name, Texts.NameLengthMax) is { } name)
        {
            return name;
        }

        if (Packs.Find(details.Pack) is not { } pack)
        {
            return PayrollRefusals.PackUnknown(details.Pack, Packs.All.Select(each => each.Name));
        }

        if (known is not null && known.Details.Pack != details.Pack)
        {
            return PayGroupRefusals.PackFixed(known.Details.Pack, details.Pack);
        }

        if (hasRuns && known is not null && !HasCalendarOf(known.Details, details))
        {
            return PayGroupRefusals.CalendarFixed();
        }

        if (CheckSettings(pack, details, hasRuns ? known?.Details : null) is { } setting)
        {
            return setting;
        }

        if ((CheckCalendar(details) ?? CheckAccounts(details, chart)) is { } refusal)
        {
            return refusal;
        }

        if (known is null && catalog.Count >= GroupsMax)
        {
            return PayGroupRefusals.TooMany(GroupsMax);
        }

        return known is null ? new PayGroupAdded(group, details) : new PayGroupChanged(group, details);
    }

    /// <summary>Whether what says which days are a period, and what a part of one is, stays as it is.</summary>
    private static bool HasCalendarOf(PayGroupDetails known, PayGroupDetails sent) =>
        known.Frequency == sent.Frequency && known.PeriodEndDay == sent.PeriodEndDay
        && known.WeekStart == sent.WeekStart && known.Proration == sent.Proration;

    /// <param name="pack">Which reads the settings.</param>
    /// <param name="sent">With all of them.</param>
    /// <param name="known">By which runs were opened; null when there is none.</param>
    private static Refusal? CheckSettings(Pack pack, PayGroupDetails sent, PayGroupDetails? known)
    {
        foreach (var (name, value) in sent.Settings ?? ValueMap<string>.Empty)
        {
            if (pack.Settings.FirstOrDefault(each => each.Name == name) is not { } setting)
            {
                return PayGroupRefusals.SettingUnknown(name, pack.Name, [.. pack.Settings.Select(each => each.Name)]);
            }

            if (!FactSheet.Holds(setting, new(value)))
            {
                return PayGroupRefusals.SettingInvalid(setting, value);
            }
        }

        foreach (var late in pack.LateSettings)
        {
            if (known?.Settings is { } before && before.TryGetValue(late.Name, out var kept)
                && sent.Settings?.GetValueOrDefault(late.Name) != kept)
            {
                return PayGroupRefusals.SettingFixed(late.Name, kept);
            }
        }

        return null;
    }

    private static Refusal? CheckCalendar(PayGroupDetails details)
    {
        if (details.PayDay is < 1 or > 31)
        {
            return PayGroupRefusals.DayOutOfRange("payDay", details.PayDay.Value);
        }

        if (details.PeriodEndDay is < 1 or > 31)
        {
            return PayGroupRefusals.DayOutOfRange("periodEndDay", details.PeriodEndDay.Value);
        }

        if (details.PeriodEndDay is not null && details.Frequency != PayFrequency.Monthly)
        {
            return PayGroupRefusals.PeriodEndOfMonthly();
        }

        var isOfWeeks = details.Frequency is PayFrequency.Weekly or PayFrequency.TwoWeekly or PayFrequency.FourWeekly;
        return isOfWeeks && details.WeekStart is null ? PayGroupRefusals.WeekStartNeeded(details.Frequency) : null;
    }

    private static Refusal? CheckAccounts(PayGroupDetails details, Chart chart)
    {
        if (details.Accounts.Keys.FirstOrDefault(name => !PayAccounts.All.Contains(name)) is { } unknown)
        {
            return PayGroupRefusals.AccountNameUnknown(unknown, PayAccounts.All);
        }

        if (PayAccounts.All.FirstOrDefault(name => !details.Accounts.ContainsKey(name)) is { } missing)
        {
            return PayGroupRefusals.AccountMissing(missing);
        }

        foreach (var (name, code) in details.Accounts)
        {
            if (chart.Find(code) is not { IsArchived: false, IsPostable: true })
            {
                return PayGroupRefusals.AccountUnusable(name, code);
            }
        }

        return null;
    }
}
