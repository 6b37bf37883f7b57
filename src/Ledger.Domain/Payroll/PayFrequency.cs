namespace Ledger.Domain.Payroll;

/// <summary>How often somebody is paid. The names are part of the API.</summary>
public enum PayFrequency
{
    Daily,
    Weekly,
    TwoWeekly,
    FourWeekly,
    SemiMonthly,
    Monthly,
    Quarterly,
    HalfYearly,
    Yearly,
}

public static class PayFrequencies
{
    /// <summary>Pay periods a year, as tables count them: 260 days, 52 weeks, 12 months.</summary>
    public static int PerYear(this PayFrequency frequency) => frequency switch
    {
        PayFrequency.Daily => 260,
        PayFrequency.Weekly => 52,
        PayFrequency.TwoWeekly => 26,
        PayFrequency.FourWeekly => 13,
        PayFrequency.SemiMonthly => 24,
        PayFrequency.Monthly => 12,
        PayFrequency.Quarterly => 4,
        PayFrequency.HalfYearly => 2,
        _ => 1,
    };
}
