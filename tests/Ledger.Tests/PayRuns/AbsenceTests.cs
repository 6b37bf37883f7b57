using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;

namespace Ledger.Tests.PayRuns;

public sealed class AbsenceTests
{
    /// <summary>January 2026 has 22 working days, December 23, by which the illness that began in it goes.</summary>
    [Theory]
    [InlineData(AbsenceKind.Unpaid, "2026-01-05", "2026-01-09", "salary 1700.00")]
    [InlineData(AbsenceKind.Unpaid, "2026-01-10", "2026-01-11", "salary 2200.00")]
    [InlineData(AbsenceKind.Leave, "2026-01-05", "2026-01-09", "salary 2200.00")]
    [InlineData(AbsenceKind.Maternity, "2025-12-05", "2026-02-09", "")]
    [InlineData(AbsenceKind.Sick, "2026-01-05", "2026-01-09", "salary 1700.00, employerSickPay 140.00")]
    [InlineData(AbsenceKind.WorkAccident, "2026-01-05", "2026-01-05", "salary 2100.00, employerSickPay 70.00")]
    [InlineData(AbsenceKind.Sick, "2025-12-31", "2026-01-02", "salary 2000.00, employerSickPay 66.96")]
    public void Salary_is_not_due_while_absent_and_Bulgarian_employers_pay_two_days_of_illness(
        AbsenceKind kind, string from, string to, string pay) =>
        Assert.Equal(
            pay, Payee.Of("bg", "2025-01-01").Paid(2_200, "2025-01-01").Absent(kind, from, to).Run("2026-01").Pay());

    /// <summary>26.43 a month for 20 of the 22 working days of January.</summary>
    [Fact]
    public void Bulgarian_employers_owe_a_health_contribution_for_days_that_the_fund_pays()
    {
        var payee = Payee.Of("bg").Paid(2_200).Absent(AbsenceKind.Sick, "2026-01-01", "2026-01-31");
        var slip = payee.Run("2026-01")!;
        Assert.Equal("employerSickPay 140.00", slip.Pay());
        Assert.Equal(24.03m, slip.Sum("healthWhileIncapacitatedEmployer"));
        payee.Absent(AbsenceKind.Sick, "2026-01-01", "2026-01-31", withdrawn: true);
        Assert.Equal(-24.03m, payee.Run("2026-02")!.Sum("healthWhileIncapacitatedEmployer"));
    }

    [Fact]
    public void An_absence_that_is_recorded_late_is_taken_back_and_one_that_did_not_happen_is_paid()
    {
        var payee = Payee.Of("bg").Paid(2_200);
        payee.Run("2026-01");
        payee.Absent(AbsenceKind.Unpaid, "2026-01-05", "2026-01-06");
        var february = payee.Run("2026-02")!;
        payee.Absent(AbsenceKind.Unpaid, "2026-01-05", "2026-01-06", withdrawn: true);
        var march = payee.Run("2026-03")!;

        Assert.Equal("salary 2200.00, salary 2026-01 -200.00", february.Pay());
        Assert.Equal("salary 2200.00, salary 2026-01 200.00", march.Pay());
        Assert.Equal([4L], february.Lines.First(line => line.EarnedThrough is not null).Causes!);
        Assert.Equal([5L], march.Lines.First(line => line.EarnedThrough is not null).Causes!);
    }

    /// <summary>6,000 of twelve months and 25 days of leave come to 411.18; 20 of 23 working days are left.</summary>
    [Fact]
    public void Azerbaijani_leave_is_paid_by_the_earnings_of_twelve_months()
    {
        var payee = Payee.Of("az", "2024-12-01").Paid(500, "2024-12-01").RunsSince("2025-01");
        for (var month = 1; month <= 12; month++)
        {
            payee.Run($"2025-{month:00}");
        }

        payee.Absent(AbsenceKind.Leave, "2026-01-12", "2026-02-05");
        var (january, february) = (payee.Run("2026-01")!, payee.Run("2026-02")!);
        Assert.Equal(411.18m, january.Sum("leavePay") + february.Sum("leavePay"));
        Assert.Equal(328.95m, january.Sum("leavePay"));
        Assert.Equal(159.09m, january.Sum("salary"));
    }

    [Fact]
    public void Earnings_before_the_first_run_are_opening_figures()
    {
        var payee = Payee.Of("az", "2020-01-01").Paid(500, "2020-01-01")
            .Record(new OpeningFiguresRecorded(2025, new(new(2025, 12, 31), EarningsOfTwelveMonths: 6_000)))
            .Absent(AbsenceKind.Leave, "2026-01-01", "2026-01-25");
        Assert.Equal(411.18m, payee.Run("2026-01")!.Sum("leavePay"));
    }

    /// <summary>12,000 of twelve months with 261 working days: 183.91 for 5 days at 80 %; from the fifteenth day on the
    /// fund pays.</summary>
    [Fact]
    public void Azerbaijani_sick_pay_goes_by_the_insurance_record()
    {
        Payee Sick(string to) => Payee.Of("az", "2020-01-01").Paid(1_000, "2020-01-01")
            .Record(new OpeningFiguresRecorded(2025, new(new(2025, 12, 31), EarningsOfTwelveMonths: 12_000)))
            .Absent(AbsenceKind.Sick, "2026-01-05", to);
        Payee Years(Payee payee, int years) => payee.With("insuranceRecord", new FactValue(null, Count: years));

        Assert.Contains("insuranceRecord", Sick("2026-01-09").Refusal("2026-01")!.Message, StringComparison.Ordinal);
        Assert.Equal(183.91m, Years(Sick("2026-01-09"), 9).Run("2026-01")!.Sum("employerSickPay"));
        Assert.Equal(367.82m, Years(Sick("2026-01-31"), 9).Run("2026-01")!.Sum("employerSickPay"));
        Assert.Equal("pay-group-setting-missing", Years(Sick("2026-01-09"), 13).Refusal("2026-01")!.Code);
        Assert.Equal(
            229.89m,
            Years(Sick("2026-01-09"), 13).Setting("sickPayPercentOver12Years", "100").Run("2026-01")!
                .Sum("employerSickPay"));
    }

    /// <summary>123.25 a week at most: 24.65 a day, from the first day on; before 6 April 118.75 from the fourth.
    /// </summary>
    [Fact]
    public void Statutory_sick_pay_follows_the_figures_of_each_day()
    {
        var april = Payee.Of("gb", "2026-01-01").Paid(2_000).Absent(AbsenceKind.Sick, "2026-04-13", "2026-04-17");
        Assert.Equal(123.25m, april.Run("2026-04")!.Sum("statutorySickPay"));

        var march = Payee.Of("gb", "2026-01-01").Paid(2_000).Absent(AbsenceKind.Sick, "2026-03-16", "2026-03-20");
        Assert.Equal(47.50m, march.Run("2026-03")!.Sum("statutorySickPay"));
    }

    [Fact]
    public void Leave_without_pay_and_illness_end_American_salary_for_these_days()
    {
        var payee = Payee.Of("us").Paid(2_200).Absent(AbsenceKind.Sick, "2026-01-05", "2026-01-06");
        Assert.Equal("salary 2000.00", payee.Run("2026-01").Pay());
    }
}
