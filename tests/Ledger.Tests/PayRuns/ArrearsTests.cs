using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;

namespace Ledger.Tests.PayRuns;

public sealed class ArrearsTests
{
    private static Payee Raised() => Payee.Of("bg").Paid(3_000);

    [Fact]
    public void A_raise_of_before_is_paid_for_each_month_by_the_next_run()
    {
        var payee = Raised();
        payee.Run("2026-01");
        var february = payee.Run("2026-02");
        payee.Paid(4_000);
        var march = payee.Run("2026-03");

        Assert.Equal("salary 3000.00", february.Pay());
        Assert.Equal("salary 4000.00, salary 2026-01 1000.00, salary 2026-02 1000.00", march.Pay());
        Assert.All(march!.Lines.Where(line => line.Kind == LineKind.Earning), line => Assert.Equal([4L], line.Causes!));
    }

    [Fact]
    public void A_raise_that_is_recorded_before_the_run_was_approved_is_in_it()
    {
        var payee = Raised();
        payee.Run("2026-01");
        payee.Paid(4_000);
        Assert.Equal("salary 4000.00, salary 2026-01 1000.00", payee.Run("2026-02").Pay());
    }

    [Fact]
    public void A_raise_of_one_month_is_paid_for_that_one()
    {
        var payee = Raised();
        payee.Run("2026-01");
        payee.Run("2026-02");
        payee.Paid(4_000).Paid(3_000, "2026-02-01");
        Assert.Equal("salary 3000.00, salary 2026-01 1000.00", payee.Run("2026-03").Pay());
    }

    [Fact]
    public void An_old_payslip_is_made_again_as_it_was_from_what_was_known_then()
    {
        var payee = Raised();
        payee.Run("2026-01");
        var then = payee.Request("2026-02");
        var february = payee.Run("2026-02");
        payee.Paid(4_000);
        payee.Run("2026-03");

        Assert.Null(new PayslipMaker().Make(then, out var again));
        Assert.Equal(february, again);
    }

    [Fact]
    public void A_joiner_after_the_cut_off_is_paid_the_days_before_by_the_next_run()
    {
        var payee = Payee.Of("bg", "2026-01-19").RunsSince("2026-01").Paid(2_200, "2026-01-19");
        var february = payee.Run("2026-02");
        Assert.Equal("salary 2200.00, salary 2026-01 1000.00", february.Pay());
        Assert.Equal([1L, 3L], february!.Lines.Single(
            line => line.Kind == LineKind.Earning && line.EarnedThrough is not null).Causes!);
    }

    [Fact]
    public void A_correction_of_a_correction_pays_the_difference_to_what_was_paid_in_all()
    {
        var payee = Raised();
        payee.Run("2026-01");
        payee.Paid(4_000);
        payee.Run("2026-02");
        payee.Paid(3_700);
        Assert.Equal("salary 3700.00, salary 2026-01 -300.00, salary 2026-02 -300.00", payee.Run("2026-03").Pay());
    }

    [Fact]
    public void A_raise_that_is_taken_back_is_taken_back_for_each_month()
    {
        var payee = Raised();
        payee.Paid(4_000, "2026-01-16");
        payee.Run("2026-01");
        payee.Run("2026-02");
        payee.Paid(3_000, "2026-01-16");
        var march = payee.Run("2026-03")!;
        Assert.Equal("salary 3000.00, salary 2026-01 -500.00, salary 2026-02 -1000.00", march.Pay());
        Assert.Equal(3 * Payee.Of("bg").Paid(3_000).Run("2026-01")!.Sum("health"),
            payee.Given.Sum(each => each.Slip.Sum("health")));
    }

    [Fact]
    public void A_leaver_is_paid_what_is_owed_by_a_later_run_and_nothing_more()
    {
        var payee = Raised().Left("2026-02-13");
        payee.Run("2026-01");
        Assert.Equal("salary 1500.00", payee.Run("2026-02").Pay());
        payee.Paid(3_600, "2026-02-01");
        Assert.Equal("salary 2026-02 300.00", payee.Run("2026-03").Pay());
        Assert.Null(payee.Run("2026-04"));
    }

    [Fact]
    public void A_leaver_who_was_paid_too_long_owes_it()
    {
        var payee = Raised();
        payee.Run("2026-01");
        payee.Left("2026-01-15");
        Assert.Equal("salary 2026-01 -1500.00", payee.Run("2026-02").Pay());
    }

    [Fact]
    public void A_reversed_payslip_is_paid_anew_and_not_counted_twice()
    {
        var payee = Raised();
        var january = payee.Run("2026-01");
        payee.Reverse("run-1");
        Assert.Equal(january, payee.Run("2026-01", PayRunKind.Supplementary));
        Assert.Null(payee.Run("2026-01", PayRunKind.Supplementary));
        Assert.Equal("salary 3000.00", payee.Run("2026-02").Pay());
    }

    [Fact]
    public void Nobody_is_paid_twice_by_the_same_run()
    {
        var payee = Raised();
        var request = payee.Request("2026-01");
        var maker = new PayslipMaker();
        Assert.Null(maker.Make(request, out var first));
        Assert.Null(maker.Make(request, out var second));
        Assert.Equal(first, second);
        payee.Run("2026-01");
        Assert.Null(payee.Run("2026-01"));
    }

    [Fact]
    public void What_the_regular_run_will_pay_is_left_to_it_by_a_supplementary_one_before_it()
    {
        var payee = Raised().Paid(250, "2026-01-10", "bonus", PayPer.Once)
            .Absent(AbsenceKind.Sick, "2026-01-05", "2026-01-07");
        payee.IsBeforeRegular = true;
        Assert.Equal("bonus 250.00", payee.Run("2026-01", PayRunKind.Supplementary).Pay());
        Assert.Null(payee.Run("2026-01", PayRunKind.Supplementary));
        payee.IsBeforeRegular = false;
        Assert.DoesNotContain("bonus", payee.Run("2026-01").Pay(), StringComparison.Ordinal);
        Assert.Equal("salary 3000.00", payee.Run("2026-02").Pay());
    }

    [Fact]
    public void Who_leaves_is_paid_all_before_the_regular_run_and_nothing_by_it()
    {
        var payee = Raised().Left("2026-01-15");
        payee.IsBeforeRegular = true;
        Assert.Equal("salary 1500.00", payee.Run("2026-01", PayRunKind.Supplementary).Pay());
        payee.IsBeforeRegular = false;
        Assert.Null(payee.Run("2026-01"));
    }

    /// <summary>Azerbaijan: leave is paid before it begins.</summary>
    [Fact]
    public void Leave_with_a_pay_of_its_own_is_paid_before_the_regular_run()
    {
        var payee = Payee.Of("az").Paid(1_000).Setting("lateTax", "earned");
        payee.Run("2026-01");
        payee.Absent(AbsenceKind.Leave, "2026-02-09", "2026-02-20");
        payee.IsBeforeRegular = true;
        Assert.StartsWith(
            "leavePay ", payee.Run("2026-02", PayRunKind.Supplementary).Pay(), StringComparison.Ordinal);
        payee.IsBeforeRegular = false;
        Assert.Equal("salary 500.00", payee.Run("2026-02").Pay());
    }

    [Fact]
    public void What_was_paid_of_a_period_is_not_taken_back_before_its_regular_run()
    {
        var payee = Raised();
        payee.Run("2026-01", PayRunKind.Supplementary);
        payee.IsBeforeRegular = true;
        Assert.Null(payee.Run("2026-01", PayRunKind.Supplementary));
    }

    [Fact]
    public void One_off_pay_belongs_to_the_period_of_its_date_and_ends_nothing()
    {
        var payee = Raised().Paid(500, "2026-01-20", "salary", PayPer.Once)
            .Paid(250, "2026-02-10", "bonus", PayPer.Once);
        Assert.Equal("salary 3500.00", payee.Run("2026-01").Pay());
        Assert.Equal("salary 3000.00, bonus 250.00", payee.Run("2026-02").Pay());
        payee.Paid(100, "2026-01-05", "bonus", PayPer.Once);
        Assert.Equal("salary 3000.00, bonus 2026-01 100.00", payee.Run("2026-03").Pay());
    }

    [Fact]
    public void An_element_that_ends_is_paid_through_its_last_day()
    {
        var payee = Raised().Paid(220, element: "allowance", to: "2026-01-15");
        Assert.Equal("salary 3000.00, allowance 110.00", payee.Run("2026-01").Pay());
        Assert.Equal("salary 3000.00", payee.Run("2026-02").Pay());
    }

    [Theory]
    [InlineData(Proration.WorkingDays, "2026-01-16", 1_500.00)]
    [InlineData(Proration.CalendarDays, "2026-01-16", 1_548.39)]
    [InlineData(Proration.WorkingDays, "2026-01-31", 0)]
    public void Joiners_are_paid_by_the_days_that_the_group_counts(Proration proration, string from, decimal pay)
    {
        var payee = Payee.Of("bg", from).Paid(3_000);
        payee.Group = payee.Group with { Proration = proration };
        Assert.Equal(pay, payee.Run("2026-01")?.Gross() ?? 0);
    }

    /// <summary>1,000.01 for 11 of 22 days and 1,000.02 for the others: 1,000.015, rounded once.</summary>
    [Fact]
    public void Pay_that_changes_within_a_month_loses_no_cent()
    {
        Assert.Equal(1_000.02m, Payee.Of("bg").Paid(1_000.01m).Paid(1_000.02m, "2026-01-16").Run("2026-01")!.Gross());
        Assert.Equal(1_000.01m, Payee.Of("bg").Paid(1_000.01m).Paid(1_000.01m, "2026-01-07").Run("2026-01")!.Gross());
    }

    [Theory]
    [InlineData(PayFrequency.Weekly, "2026-01-05", PayPer.Year, 52_000, 1_000)]
    [InlineData(PayFrequency.Weekly, "2026-01-05", PayPer.Month, 5_200, 1_200)]
    [InlineData(PayFrequency.TwoWeekly, "2026-01-05", PayPer.Year, 52_000, 2_000)]
    [InlineData(PayFrequency.SemiMonthly, "2026-01-16", PayPer.Month, 4_000, 2_000)]
    [InlineData(PayFrequency.Monthly, "2026-01", PayPer.Year, 48_000, 4_000)]
    public void Pay_of_a_year_or_a_month_is_divided_by_the_periods_of_a_year(
        PayFrequency frequency, string period, PayPer per, decimal amount, decimal pay)
    {
        var payee = Payee.Of("us", frequency: frequency).Paid(amount, per: per);
        payee.Group = payee.Group with { WeekStart = new(2026, 1, 5) };
        Assert.Equal(pay, payee.Run(period)!.Gross());
    }

    [Fact]
    public void Pay_by_the_hour_needs_hours_and_follows_their_days()
    {
        var payee = Payee.Of("us").Paid(20, per: PayPer.Hour).Paid(22, "2026-01-16", per: PayPer.Hour);
        Assert.Equal("hours-unknown", payee.Refusal("2026-01")!.Code);
        payee.Worked("2026-01-15T08:00", "2026-01-15T16:00").Worked("2026-01-16T08:00", "2026-01-16T16:00");
        Assert.Equal(336m, payee.Run("2026-01")!.Gross());
        Assert.Null(payee.Preview("2026-01"));
    }

    [Fact]
    public void What_is_not_known_fails_the_payslip_by_name()
    {
        var payee = new Payee("bg").Hired("2026-01-01").Paid(1_000);
        Assert.Contains("bornBefore1960", payee.Refusal("2026-01")!.Message, StringComparison.Ordinal);
        Assert.Equal("pay-element-unknown", Payee.Of("bg").Paid(1, element: "tips").Refusal("2026-01")!.Code);
        Assert.Equal("figure-unknown", Payee.Of("bg").Paid(1_000).Refusal("2027-01")!.Code);
        Assert.Null(new Payee("bg").Run("2026-01"));
    }

    [Fact]
    public void Only_contracts_of_the_group_count()
    {
        var payee = Payee.Of("bg").Paid(3_000);
        var request = payee.Request("2026-01") with { PayGroup = "others" };
        Assert.Null(new PayslipMaker().Make(request, out var slip));
        Assert.Null(slip);
    }
}
