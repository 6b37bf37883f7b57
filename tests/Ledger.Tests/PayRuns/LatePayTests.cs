using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using Ledger.Tests.Payroll;
using NodaTime;

namespace Ledger.Tests.PayRuns;

/// <summary>Which levies late pay has, by jurisdiction.</summary>
public sealed class LatePayTests
{
    private static readonly string[] PackNames = [.. Packs.All.Select(pack => pack.Name)];

    public static TheoryData<string> Names => [.. PackNames];

    /// <summary>A raise from 1 January that is recorded before March's run.</summary>
    private static Payee RaisedLate(string pack, decimal before, decimal after, string? lateTax = null)
    {
        var payee = Payee.Of(pack, "2025-12-01").Paid(before, "2025-12-01");
        if (lateTax is not null)
        {
            payee.Setting("lateTax", lateTax);
        }

        payee.Run("2026-01");
        payee.Run("2026-02");
        payee.Paid(after);
        return payee;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Levies_of_a_supplementary_slip_are_those_of_the_whole_period_less_what_was_taken(string pack)
    {
        var payee = Payee.Of(pack).Paid(2_000);
        var first = payee.Run("2026-01")!;
        payee.Paid(3_000);
        var second = payee.Run("2026-01", PayRunKind.Supplementary)!;
        var whole = Payee.Of(pack).Paid(3_000).Run("2026-01")!;

        Assert.Equal("salary 1000.00", second.Pay());
        Assert.All(whole.Lines, line => Assert.Equal(line.Amount, first.Sum(line.Code) + second.Sum(line.Code)));
        Assert.Equal(whole.Net(), first.Net() + second.Net());
        Assert.Null(payee.Run("2026-01", PayRunKind.Supplementary));
    }

    /// <summary>2,111.64 is the ceiling of January: 1,000 more are insured only up to it.</summary>
    [Fact]
    public void Bulgarian_contributions_go_by_the_month_earned_and_tax_by_the_month_of_the_payslip()
    {
        var march = RaisedLate("bg", 1_500, 2_500).Run("2026-03")!;
        var whole = Payee.Of("bg", "2025-12-01").Paid(2_500, "2025-12-01").Run("2026-01")!;
        var had = Payee.Of("bg", "2025-12-01").Paid(1_500, "2025-12-01").Run("2026-01")!;

        Assert.Equal("salary 2500.00, salary 2026-01 1000.00, salary 2026-02 1000.00", march.Pay());
        Assert.Equal(
            whole.Sum("pensions") - had.Sum("pensions"),
            march.Lines.Single(line => (line.Code, line.EarnedThrough) == ("pensions", new LocalDate(2026, 1, 31)))
                .Amount);
        Assert.Equal(3 * whole.Sum("health"), (2 * had.Sum("health")) + march.Sum("health"));
        Assert.Equal(
            Rounding.ToCents((4_500 - march.Deductions() + march.Sum("incomeTax")) * 0.1m), march.Sum("incomeTax"));
        Assert.Null(march.Lines.Single(line => line.Code == "incomeTax").EarnedThrough);
    }

    /// <summary>The run of April was approved before one of March was found to lack a bonus.</summary>
    [Fact]
    public void British_tax_of_a_payment_leaves_out_what_is_paid_in_the_next_tax_year()
    {
        string Bonus(bool isAprilPaid)
        {
            var payee = Payee.Of("gb", "2025-04-06").Paid(3_000, "2025-04-06").RunsSince("2026-03");
            payee.Run("2026-03", payDate: "2026-03-28");
            if (isAprilPaid)
            {
                payee.Run("2026-04", payDate: "2026-04-28");
            }

            payee.Paid(400, "2026-03-20", "bonus", PayPer.Once);
            return payee.Run("2026-03", PayRunKind.Supplementary, "2026-04-02").Shown();
        }

        Assert.Equal(Bonus(isAprilPaid: false), Bonus(isAprilPaid: true));
    }

    [Fact]
    public void British_insurance_of_weeks_is_not_settled_anew_by_the_month_of_another_group()
    {
        var payee = new Payee("gb", PayFrequency.Weekly) { GroupId = "weekly" };
        payee.Group = payee.Group with { WeekStart = new(2026, 4, 6) };
        payee.Hired("2026-04-06", "2026-05-03", "c0").With(Payroll.Slips.Of("gb").Facts).Paid(2_500, "2026-04-06");
        foreach (var week in new[] { "2026-04-06", "2026-04-13", "2026-04-20", "2026-04-27" })
        {
            Assert.NotEqual(0, payee.Run(week)!.Sum("nationalInsurance"));
        }

        payee.Group = new("gb", PayFrequency.Monthly, ValueMap<AccountCode>.Empty);
        payee.GroupId = "monthly";
        payee.Hired("2026-05-04").RunsSince("2026-05");
        var may = payee.Run("2026-05")!;
        Assert.All(may.Lines, line => Assert.Null(line.EarnedThrough));
        Assert.NotEqual(0, may.Sum("nationalInsurance"));
    }

    [Fact]
    public void British_insurance_is_on_all_pay_of_the_earnings_period_and_tax_on_the_year_to_date()
    {
        var march = RaisedLate("gb", 3_000, 3_500).Run("2026-03")!;
        var once = Payee.Of("gb", "2026-03-01").Paid(4_500, "2026-03-01").Run("2026-03")!;
        var never = Payee.Of("gb", "2025-12-01").Paid(3_500, "2025-12-01");
        var tax = never.RunsSince("2026-01").Run("2026-01")!.Sum("incomeTax")
            + never.Run("2026-02")!.Sum("incomeTax") + never.Run("2026-03")!.Sum("incomeTax");
        var had = RaisedLate("gb", 3_000, 3_500).Given.Sum(each => each.Slip.Sum("incomeTax"));

        Assert.Equal(4_500, march.Gross());
        Assert.Equal(once.Sum("nationalInsurance"), march.Sum("nationalInsurance"));
        Assert.Equal(once.Sum("nationalInsuranceEmployer"), march.Sum("nationalInsuranceEmployer"));
        Assert.Equal(tax, had + march.Sum("incomeTax"));
    }

    [Fact]
    public void American_arrears_are_supplemental_wages_of_the_day_of_payment()
    {
        var march = RaisedLate("us", 4_000, 4_500).Run("2026-03")!;
        var plain = Payee.Of("us", "2026-03-01").Paid(4_500, "2026-03-01").Run("2026-03")!;

        Assert.Equal(220, march.Sum("supplementalIncomeTax"));
        Assert.Equal(plain.Sum("federalIncomeTax"), march.Sum("federalIncomeTax"));
        Assert.Equal(341, march.Sum("socialSecurity"));
    }

    [Fact]
    public void What_was_overpaid_in_an_earlier_year_gives_back_social_security_and_medicare_alone()
    {
        var payee = Payee.Of("us", "2025-11-01").Paid(5_000, "2025-11-01");
        payee.Run("2025-12");
        payee.Paid(4_000, "2025-12-01");
        var january = payee.Run("2026-01")!;

        Assert.Equal("salary 4000.00, salary 2025-12 -1000.00", january.Pay());
        Assert.Equal(0, january.Sum("supplementalIncomeTax"));
        Assert.Equal((186m, 43.50m), (january.Sum("socialSecurity"), january.Sum("medicare")));
    }

    [Fact]
    public void Azerbaijani_late_pay_is_levied_as_the_pay_group_says_and_refused_where_it_says_nothing()
    {
        var refusal = RaisedLate("az", 2_000, 3_000).Refusal("2026-03")!;
        Assert.Equal("pay-group-setting-missing", refusal.Code);
        Assert.Contains("lateTax", refusal.Message, StringComparison.Ordinal);

        var (had, whole) = (AzMonth(2_000), AzMonth(3_000));
        var earned = RaisedLate("az", 2_000, 3_000, "earned").Run("2026-03")!;
        var paid = RaisedLate("az", 2_000, 3_000, "paid").Run("2026-03")!;
        Assert.All(whole.Lines, line => Assert.Equal(
            3 * line.Amount, (2 * had.Sum(line.Code)) + earned.Sum(line.Code)));
        Assert.All(AzMonth(5_000).Lines.Where(line => line.Kind != LineKind.Earning), line => Assert.Equal(
            line.Amount, paid.Sum(line.Code)));
    }

    [Fact]
    public void Facts_of_contributions_act_backwards()
    {
        var payee = Payee.Of("bg").Paid(1_000);
        payee.Run("2026-01");
        payee.With("bornBefore1960", Slips.Flag(true));
        Assert.Equal(
            "pensions 87.80, sicknessAndMaternity 14.00, unemployment 4.00, health 32.00, "
            + "pensions 2026-01 22.00, universalPensionFund 2026-01 -22.00",
            payee.Run("2026-02").Shown(LineKind.Contribution));
        Assert.Equal([4L], payee.Given[^1].Slip.Lines.First(line => line.EarnedThrough is not null).Causes!);

        var insured = Payee.Of("gb").Paid(3_000);
        insured.Run("2026-04", payDate: "2026-04-30");
        insured.With("nationalInsuranceCategory", "C");
        var may = insured.Run("2026-05", payDate: "2026-05-29")!;
        Assert.Equal("nationalInsurance 2026-05 -156.16", may.Shown(LineKind.Contribution));
        Assert.Equal("nationalInsuranceEmployer 387.45", may.Shown(LineKind.EmployerContribution));
    }

    [Fact]
    public void A_tax_code_and_a_form_act_from_the_next_payment()
    {
        var coded = Payee.Of("gb").Paid(3_000).With("taxCode", "1257L M1");
        coded.Run("2026-04", payDate: "2026-04-30");
        coded.With("taxCode", "BR M1");
        Assert.Equal(600, coded.Run("2026-05", payDate: "2026-05-29")!.Sum("incomeTax"));

        var formed = Payee.Of("us").Paid(4_000);
        var january = formed.Run("2026-01")!;
        formed.With("filingStatus", "marriedJointly");
        var february = formed.Run("2026-02")!;
        Assert.Equal(298.33m, january.Sum("federalIncomeTax"));
        Assert.Equal(
            Payee.Of("us").Paid(4_000).With("filingStatus", "marriedJointly").Run("2026-01")!.Sum("federalIncomeTax"),
            february.Sum("federalIncomeTax"));
    }

    /// <summary>0T on month 1 basis: 20 % of 500.</summary>
    [Fact]
    public void Who_has_left_and_has_a_P45_is_taxed_without_allowance()
    {
        var payee = Payee.Of("gb").Paid(3_000).Left("2026-04-30");
        payee.Run("2026-04", payDate: "2026-04-30");
        payee.Paid(500, "2026-04-20", "bonus", Ledger.Domain.Employees.PayPer.Once);
        var bonus = payee.Run("2026-05", payDate: "2026-05-29")!;
        Assert.Equal("bonus 2026-04 500.00", bonus.Pay());
        Assert.Equal(100, bonus.Sum("incomeTax"));
        Assert.Null(payee.Run("2026-06", payDate: "2026-06-30"));
    }

    private static Payslip AzMonth(decimal salary) =>
        Payee.Of("az", "2025-12-01").Paid(salary, "2025-12-01").Run("2026-01")!;
}
