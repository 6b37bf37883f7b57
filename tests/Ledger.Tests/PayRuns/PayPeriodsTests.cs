using Ledger.Domain;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using Ledger.Tests.Payroll;

namespace Ledger.Tests.PayRuns;

public sealed class PayPeriodsTests
{
    private static readonly PayGroupDetails Monthly = new("bg", PayFrequency.Monthly, ValueMap<AccountCode>.Empty);

    [Theory]
    [InlineData(null, "2026-02", "2026-02-01", "2026-02-28")]
    [InlineData(25, "2026-03", "2026-02-26", "2026-03-25")]
    [InlineData(30, "2026-03", "2026-03-01", "2026-03-30")]
    [InlineData(29, "2024-03", "2024-03-01", "2024-03-29")]
    [InlineData(5, "2026-01", "2025-12-06", "2026-01-05")]
    public void A_month_is_that_of_its_last_day(int? endDay, string month, string from, string through) =>
        AssertPeriod(Monthly with { PeriodEndDay = endDay }, month, from, through);

    [Theory]
    [InlineData(PayFrequency.Weekly, "2026-03-02", "2026-03-08")]
    [InlineData(PayFrequency.TwoWeekly, "2026-03-02", "2026-03-15")]
    [InlineData(PayFrequency.FourWeekly, "2026-02-16", "2026-03-15")]
    [InlineData(PayFrequency.SemiMonthly, "2026-02-16", "2026-02-28")]
    [InlineData(PayFrequency.SemiMonthly, "2026-03-01", "2026-03-15")]
    [InlineData(PayFrequency.Quarterly, "2026-04-01", "2026-06-30")]
    [InlineData(PayFrequency.HalfYearly, "2026-07-01", "2026-12-31")]
    [InlineData(PayFrequency.Yearly, "2026-01-01", "2026-12-31")]
    [InlineData(PayFrequency.Daily, "2026-03-03", "2026-03-03")]
    public void Any_other_period_is_named_by_its_first_day(PayFrequency frequency, string from, string through) =>
        AssertPeriod(
            Monthly with { Frequency = frequency, WeekStart = new(2026, 3, 16) }, from, from, through);

    [Theory]
    [InlineData(PayFrequency.Monthly, "2026-3", "send a month like 2026-03.")]
    [InlineData(PayFrequency.Monthly, "2026-03-01", "send a month like 2026-03.")]
    [InlineData(PayFrequency.Weekly, "2026-03", "send its first day, like 2026-03-02.")]
    [InlineData(PayFrequency.Weekly, "2026-03-04", "send the first day of one, such as 2026-03-02.")]
    public void What_is_no_period_is_refused_with_what_to_send(PayFrequency frequency, string period, string wanted)
    {
        var refusal = PayPeriods.Parse(Monthly with { Frequency = frequency }, period, out _)!;
        Assert.Equal("pay-period-invalid", refusal.Code);
        Assert.EndsWith(wanted, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, PayFrequency.Monthly, 12)]
    [InlineData(25, PayFrequency.Monthly, 12)]
    [InlineData(null, PayFrequency.SemiMonthly, 24)]
    public void A_year_has_as_many_periods_as_its_frequency_says(int? endDay, PayFrequency frequency, int count)
    {
        var group = Monthly with { PeriodEndDay = endDay, Frequency = frequency };
        var periods = PayPeriods.Between(
            group, PayPeriods.Of(group, new(2026, 1, 15)), PayPeriods.Of(group, new(2026, 12, 20))).ToList();
        Assert.Equal(count, periods.Count);
        Assert.All(
            periods.Zip(periods.Skip(1)), each => Assert.Equal(each.First.Through.PlusDays(1), each.Second.From));
    }

    private static void AssertPeriod(PayGroupDetails group, string period, string from, string through)
    {
        Assert.Null(PayPeriods.Parse(group, period, out var result));
        Assert.Equal(new PayPeriod(Slips.Day(from), Slips.Day(through)), result);
    }
}
