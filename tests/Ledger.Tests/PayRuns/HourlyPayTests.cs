using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain.Employees;
using Ledger.Domain.PayRuns;
using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Tests.PayRuns;

/// <summary>Time that was worked, as it is paid.</summary>
public sealed class HourlyPayTests
{
    /// <summary>Somebody for the season: a long Monday, a night, a Saturday, and a day off that was worked.</summary>
    private static Payee Seasonal() => Payee.Of("bg").Paid(10, per: PayPer.Hour)
        .Worked("2026-06-01T08:00", "2026-06-01T17:30", "monday").Worked("2026-06-02T22:00", "2026-06-03T06:00")
        .Worked("2026-06-06T08:00", "2026-06-06T12:00", "saturday");

    [Fact]
    public void In_Bulgaria_hours_are_paid_by_kind_with_the_supplements_of_the_law()
    {
        var slip = Seasonal().Run("2026-06")!;

        // 16 normal hours; 1.5 of overtime at 15 and 4 on a day of rest at 17.50; 8 of the night at 0.9303.
        Assert.Equal("salary 160.00, overtime 92.50, nightWork 7.44", slip.Pay());
        Assert.Equal([new SheetCause("2026-06", [1, 2, 3])], slip.Lines[0].TimeEntries);
        Assert.Equal([3], slip.Lines[0].Causes!);
        Assert.Null(slip.Lines[^1].TimeEntries);
        Assert.Equal("2026-06 3", string.Join(' ', slip.TimeSheets!.Select(each => $"{each.Key} {each.Value}")));
    }

    /// <summary>Two hours of the last day, six of the next one, all of the night; nothing of what came later.</summary>
    [Fact]
    public void The_last_shift_of_a_contract_is_paid_to_its_end_and_nothing_after_it()
    {
        var payee = Payee.Of("bg").Paid(10, per: PayPer.Hour).Left("2026-06-30")
            .Worked("2026-06-30T22:00", "2026-07-01T06:00").Worked("2026-07-02T08:00", "2026-07-02T16:00");
        Assert.Equal("salary 20.00, nightWork 1.86", payee.Run("2026-06").Pay());
        Assert.Equal("salary 60.00, nightWork 5.58", payee.Run("2026-07").Pay());
    }

    [Fact]
    public void In_Bulgaria_work_on_a_public_holiday_is_paid_double() => Assert.Equal(
        "salary 80.00, overtime 100.00",
        Payee.Of("bg").Paid(10, per: PayPer.Hour).Worked("2026-05-05T08:00", "2026-05-05T16:00")
            .Worked("2026-05-06T08:00", "2026-05-06T13:00").Run("2026-05").Pay());

    [Fact]
    public void With_a_salary_only_what_it_does_not_cover_is_paid_by_the_hour()
    {
        // June has 22 working days of 8 hours: an hour of 1,600 is 9.0909, two of overtime are 27.27.
        var payee = Payee.Of("bg").Paid(1_600).Worked("2026-06-01T08:00", "2026-06-01T18:00");
        Assert.Equal("salary 1600.00, overtime 27.27", payee.Run("2026-06").Pay());
        Assert.Equal("salary 1600.00", payee.Run("2026-07").Pay());
    }

    [Fact]
    public void In_the_United_States_the_premium_goes_by_the_average_of_the_week()
    {
        var payee = Payee.Of("us").Paid(20, per: PayPer.Hour).Paid(30, "2026-06-04", per: PayPer.Hour);
        for (var day = 1; day <= 5; day++)
        {
            payee.Worked($"2026-06-0{day}T08:00", $"2026-06-0{day}T18:00", zone: "America/Chicago");
        }

        // 50 hours: 30 at 20 and 20 at 30, 24 on average, so 10 of overtime are worth 12 each beside.
        Assert.Equal("salary 1200.00, overtime 120.00", payee.Run("2026-06").Pay());
    }

    [Fact]
    public void A_salary_in_the_United_States_pays_overtime_unless_it_is_exempt()
    {
        string Paid(decimal salary)
        {
            var payee = Payee.Of("us").Paid(salary, per: PayPer.Year);
            for (var day = 1; day <= 5; day++)
            {
                payee.Worked($"2026-06-0{day}T08:00", $"2026-06-0{day}T18:00", zone: "America/Chicago");
            }

            return payee.Run("2026-06").Pay();
        }

        // 31,200 a year is 600 a week and 15 an hour: ten at 22.50.
        Assert.Equal("salary 2600.00, overtime 225.00", Paid(31_200));
        Assert.Equal("salary 5200.00", Paid(62_400));
    }

    [Fact]
    public void In_the_United_Kingdom_all_hours_are_paid_alike() => Assert.Equal(
        "salary 125.00",
        Payee.Of("gb").Paid(12.50m, per: PayPer.Hour)
            .Worked("2026-05-31T08:00", "2026-05-31T18:00", zone: "Europe/London").Run("2026-05").Pay());

    [Fact]
    public void In_Azerbaijan_the_group_says_what_overtime_is_paid()
    {
        var payee = Payee.Of("az").Paid(5, per: PayPer.Hour)
            .Worked("2026-06-01T08:00", "2026-06-01T18:00", zone: "Asia/Baku");
        Assert.Equal("pay-group-setting-missing", payee.Refusal("2026-06")!.Code);
        Assert.Equal("salary 40.00, overtime 20.00", payee.Setting("overtimePremium", "100").Run("2026-06").Pay());
    }

    [Fact]
    public void A_year_without_a_calendar_pays_nobody_whose_hours_need_it() => Assert.Equal(
        "holidays-unknown",
        Payee.Of("az").Paid(5, per: PayPer.Hour).Worked("2027-02-01T08:00", "2027-02-01T12:00", zone: "Asia/Baku")
            .Refusal("2027-02")!.Code);

    [Fact]
    public void What_is_agreed_by_the_hour_beside_the_wage_is_paid_for_its_hours() => Assert.Equal(
        "salary 160.00, overtime 92.50, nightWork 15.44, allowance 10.75",
        Seasonal().Paid(1, element: "nightWork", per: PayPer.Hour).Paid(0.5m, element: "allowance", per: PayPer.Hour)
            .Run("2026-06").Pay());

    [Fact]
    public void A_shift_over_a_months_end_is_paid_by_both_months()
    {
        var payee = Payee.Of("bg").Paid(10, per: PayPer.Hour).Worked("2026-06-30T22:00", "2026-07-01T06:00");
        Assert.Equal("salary 20.00, nightWork 1.86", payee.Run("2026-06").Pay());
        Assert.Equal("salary 60.00, nightWork 5.58", payee.Run("2026-07").Pay());
    }

    [Fact]
    public void Time_that_is_recorded_late_corrected_or_withdrawn_makes_the_next_run_pay_the_difference()
    {
        var payee = Seasonal();
        var june = payee.Run("2026-06");
        payee.Worked("2026-06-01T08:00", "2026-06-01T18:30", "monday")
            .Worked("2026-06-06T08:00", "2026-06-06T12:00", "saturday", withdrawn: true)
            .Worked("2026-06-08T08:00", "2026-06-08T12:00", "late");

        var july = payee.Run("2026-07")!;

        Assert.Equal("salary 2026-06 40.00, overtime 2026-06 -55.00", july.Pay());
        Assert.Equal([new SheetCause("2026-06", [4, 5, 6])], july.Lines[0].TimeEntries);
        Assert.Null(july.Lines[0].Causes);
        Assert.Equal("salary 160.00, overtime 92.50, nightWork 7.44", june.Pay());
        Assert.Null(payee.Run("2026-08"));
    }

    [Fact]
    public void An_entry_that_is_withdrawn_is_the_cause_of_what_it_takes_back()
    {
        var payee = Payee.Of("bg").Paid(10, per: PayPer.Hour).Worked("2026-06-01T08:00", "2026-06-01T12:00", "monday");
        payee.Run("2026-06");
        payee.Worked("2026-06-01T08:00", "2026-06-01T12:00", "monday", withdrawn: true);
        var july = payee.Run("2026-07")!;
        Assert.Equal("salary 2026-06 -40.00", july.Pay());
        Assert.Equal([new SheetCause("2026-06", [2])], july.Lines[0].TimeEntries);
    }

    [Fact]
    public void A_wage_that_is_raised_late_pays_the_same_hours_again_at_the_difference()
    {
        var payee = Seasonal();
        payee.Run("2026-06");
        var july = payee.Paid(11, per: PayPer.Hour).Run("2026-07")!;
        Assert.Equal("salary 2026-06 16.00, overtime 2026-06 9.25", july.Pay());
        Assert.Equal([4], july.Lines[0].Causes!);
        Assert.Null(july.Lines[0].TimeEntries);
    }

    [Fact]
    public void Each_line_says_how_its_hours_were_counted()
    {
        var sentences = new List<string>();
        Assert.Null(new PayslipMaker().Make(Seasonal().Request("2026-06"), sentences, out var slip));
        Assert.Equal("overtime", slip!.Lines[1].Code);
        Assert.Contains(
            "15.00 an hour for 1.5 hours of overtime on working days", sentences[1], StringComparison.Ordinal);
        Assert.Contains("17.50 an hour for 4 hours on days of rest", sentences[1], StringComparison.Ordinal);
    }

    /// <summary>Whenever it is recorded, time leaves the same pay of each month.</summary>
    [Fact]
    public void Time_that_comes_late_is_paid_as_if_it_had_been_known_at_once() => Prop.ForAll(
        Recorded.ArrayOf(8).ToArbitrary(),
        recorded =>
        {
            var inOrder = recorded.OrderBy(each => each.Before).ToArray();
            Assert.Equal(
                PaidByMonth(inOrder), PaidByMonth([.. inOrder.Select(each => each with { Before = 1 })]));
        }).QuickCheckThrowOnFailure();

    private sealed record Late(int Before, int Day, int Hour, int Length, bool IsWithdrawn);

    private static readonly Gen<Late> Recorded =
        from before in Gen.Choose(1, 6)
        from day in Gen.Choose(0, 150)
        from hour in Gen.Choose(0, 23)
        from length in Gen.Choose(30, 800)
        from withdrawn in Gen.Choose(0, 5)
        select new Late(before, day / 8 * 8, hour, length, withdrawn == 0);

    private static string PaidByMonth(Late[] recorded)
    {
        var payee = Payee.Of("bg").Paid(9.1234m, per: PayPer.Hour).RunsSince("2026-01");
        payee.Worked("2026-01-05T08:00", "2026-01-05T09:00");
        for (var month = 1; month <= 6; month++)
        {
            foreach (var each in recorded.Where(late => late.Before == month))
            {
                // One id a month: what comes again corrects and moves it.
                var from = new LocalDate(2026, 1, 6).PlusDays(each.Day).AtMidnight().PlusHours(each.Hour);
                payee.Worked(
                    WallTime.Of(from).Value, WallTime.Of(from.PlusMinutes(each.Length)).Value,
                    TimeSheet.NameOf(from.Date.ToYearMonth()), "UTC", each.IsWithdrawn ? true : null);
            }

            payee.Run($"2026-0{month}");
        }

        payee.Run("2026-06", PayRunKind.Supplementary);
        return string.Join(", ", payee.Given
            .SelectMany(each => each.Slip.Lines.Where(line => line.Kind == Domain.Payroll.LineKind.Earning)
                .Select(line => (line.Code, Earned: line.EarnedThrough ?? each.Slip.Through, line.Amount)))
            .GroupBy(line => (line.Code, line.Earned), line => line.Amount)
            .Where(sums => sums.Sum() != 0)
            .Select(sums => FormattableString.Invariant($"{sums.Key} {sums.Sum():0.00}"))
            .Order(StringComparer.Ordinal));
    }
}
