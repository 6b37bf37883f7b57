using Ledger.Domain.Payroll;
using Ledger.Domain.Payroll.Bulgaria;

namespace Ledger.Tests.Payroll;

/// <summary>Expected amounts are worked out by hand from the figures in <c>docs/payroll/bg.md</c>.</summary>
public sealed class BulgarianPackTests
{
    [Fact]
    public void Each_fund_is_rounded_by_itself()
    {
        var lines = Slips.Calculate(Slips.Of("bg", 1_077) with { PayDate = new(2025, 5, 31) });

        Assert.Equal(
            "pensions 70.87, universalPensionFund 23.69, sicknessAndMaternity 15.08, unemployment 4.31, health 34.46, "
            + "pensionsEmployer 88.53, universalPensionFundEmployer 30.16, sicknessAndMaternityEmployer 22.62, "
            + "unemploymentEmployer 6.46, healthEmployer 51.70, workAccidentEmployer 4.31, incomeTax 92.86",
            lines.Levies());
        Assert.Equal(835.73m, lines.Net);
    }

    [Fact]
    public void Whoever_was_born_before_1960_pays_into_no_universal_fund()
    {
        var lines = Slips.Calculate(Slips.Of("bg").With("bornBefore1960", Slips.Flag(true)));

        Assert.Equal(0, lines.Sum("universalPensionFund") + lines.Sum("universalPensionFundEmployer"));
        Assert.Equal((87.80m, 110.20m), (lines.Sum("pensions"), lines.Sum("pensionsEmployer")));
        Assert.Equal(137.80m, lines.Contributions);
    }

    [Theory]
    [InlineData("2026-07-31", 2111.64)]
    [InlineData("2026-08-31", 2300.00)]
    public void Insurable_income_ends_at_the_ceiling_of_the_month(string day, decimal ceiling) =>
        Assert.Equal(ceiling, Insurable(Slips.Of("bg", 5_000) with { PayDate = Slips.Day(day) }));

    [Fact]
    public void The_month_in_which_it_was_earned_decides_on_the_ceiling_not_the_day_of_payment() => Assert.Equal(
        2_111.64m,
        Insurable(Slips.Of("bg", 5_000) with { PayDate = new(2026, 8, 5), EarnedThrough = new(2026, 7, 31) }));

    [Fact]
    public void What_was_not_yet_gazetted_is_not_applied_when_asked_as_known_then() => Assert.Equal(
        2_111.64m,
        Insurable(Slips.Of("bg", 5_000) with { PayDate = new(2026, 8, 31), LawKnownOn = new(2026, 7, 27) }));

    [Fact]
    public void The_floor_of_the_post_holds_where_pay_is_lower_and_nothing_is_insured_without_pay()
    {
        Assert.Equal(620.20m, Insurable(Slips.Of("bg", 400).With("minimumInsurableIncome", "620.20")));
        Assert.Equal(0, Insurable(Slips.Of("bg").With("minimumInsurableIncome", "620.20")
            .Paying(new PayLine("severance", 1_000))));
    }

    [Fact]
    public void Other_employers_leave_less_room_below_the_ceiling()
    {
        Assert.Equal(111.64m, Insurable(Slips.Of("bg").With("otherInsurableIncome", "2000.00")));
        Assert.Equal(0, Insurable(Slips.Of("bg").With("otherInsurableIncome", "2500.00")));
    }

    [Fact]
    public void Sick_pay_is_insured_and_not_taxed_and_compensation_the_reverse()
    {
        var sick = Slips.Calculate(Slips.Of("bg").Paying(new PayLine("employerSickPay", 100)));
        Assert.Equal((13.78m, 0m), (sick.Contributions, sick.Sum("incomeTax")));

        var leave = Slips.Calculate(Slips.Of("bg").Paying(new PayLine("leaveCompensation", 100)));
        Assert.Equal((0m, 10m), (leave.Contributions, leave.Sum("incomeTax")));

        var severance = Slips.Calculate(Slips.Of("bg").Paying(new PayLine("severance", 100)));
        Assert.Equal(100m, severance.Net);
    }

    [Fact]
    public void A_second_payslip_of_a_month_takes_what_the_whole_month_owes_less_what_the_first_took()
    {
        var first = Slips.Calculate(Slips.Of("bg", 2_000));
        var second = Slips.Calculate(Slips.Of("bg", 500).After(
            ("insuredPay", "2000.00"), ("taxedPay", "2000.00"),
            ("contributions", Text(first.Contributions)), ("tax", Text(first.Sum("incomeTax")))));
        var whole = Slips.Calculate(Slips.Of("bg", 2_500));

        Assert.Equal(whole.Contributions, first.Contributions + second.Contributions);
        Assert.Equal(whole.EmployerContributions, first.EmployerContributions + second.EmployerContributions);
        Assert.Equal(whole.Net, first.Net + second.Net);
    }

    [Fact]
    public void The_relief_for_reduced_capacity_is_the_laws_in_lev_and_must_be_told_in_euro()
    {
        var reduced = Slips.Of("bg").With("incapacityHalfOrMore", Slips.Flag(true));
        Assert.Equal("fact-missing", Slips.Refusal(reduced)!.Code);
        Assert.Equal(52.48m, Slips.Calculate(reduced.With("incapacityRelief", "337.45")).Sum("incomeTax"));
        Assert.Equal(20.22m, Slips.Calculate(reduced with { PayDate = new(2025, 6, 30) }).Sum("incomeTax"));
    }

    [Fact]
    public void Children_reduce_what_is_taxed_month_by_month() =>
        Assert.Equal(61.22m, Slips.Calculate(Slips.Of("bg").With("childRelief", "250.00")).Sum("incomeTax"));

    [Theory]
    [InlineData("0.3")]
    [InlineData("1.2")]
    public void The_accident_rate_lies_between_those_of_the_law(string rate) =>
        Assert.Equal("fact-invalid", Slips.Refusal(Slips.Of("bg").With("accidentRate", rate))!.Code);

    [Theory]
    [InlineData(2_100, 2650.27)]
    [InlineData(500.07, 644.43)]
    [InlineData(1545.49, 1991.66)]
    public void Net_pay_leads_to_its_gross_by_calculating_forward(decimal net, decimal gross)
    {
        var lines = Slips.Calculate(Slips.Of("bg").Paying() with
        {
            PayDate = new(2026, 8, 31),
            NetTarget = new("salary", net),
        });
        Assert.Equal((gross, net), (lines.Gross, lines.Net));
    }

    [Fact]
    public void Supplements_follow_the_figures_of_the_day()
    {
        Assert.Null(BulgarianSupplements.On(new(2026, 5, 31), out var law));

        Assert.Equal(42.00m, law.Seniority(700, 10));
        Assert.Equal(5.58m, law.NightWork(6, isAveraged: false));
        Assert.Equal(7.44m, law.NightWork(7, isAveraged: true));
        Assert.Equal(150m, law.Overtime(10, 10, BulgarianOvertime.Workday));
        Assert.Equal(175m, law.Overtime(10, 10, BulgarianOvertime.RestDay));
        Assert.Equal(200m, law.Overtime(10, 10, BulgarianOvertime.PublicHoliday));
        Assert.Equal(160m, BulgarianSupplements.OnPublicHoliday(10, 8));
        Assert.Equal(70m, law.EmployerSickPay(50, 2));
        Assert.Equal(70m, law.EmployerSickPay(50, 9));
        Assert.Equal(26.43m, law.HealthWhileIncapacitated);
        Assert.Null(BulgarianSupplements.On(new(2026, 8, 31), out var august));
        Assert.Equal(29.77m, august.HealthWhileIncapacitated);
        Assert.True(law.IsBelowMinimumWage(610, 1));
        Assert.False(law.IsBelowMinimumWage(310.10m, 0.5m));
    }

    [Theory]
    [InlineData(620.20, false, 0)]
    [InlineData(723.53, false, 241.17)]
    [InlineData(723.53, true, 180.88)]
    [InlineData(2_000, false, 1_000)]
    [InlineData(2_000, true, 666.66)]
    public void Creditors_take_their_part_of_net_pay_at_most(decimal net, bool hasChildren, decimal attachable)
    {
        Assert.Null(BulgarianSupplements.On(new(2026, 5, 31), out var law));
        Assert.Equal(attachable, law.Attachable(net, hasChildren, keepsMinimumWage: false));
        Assert.Equal(
            Math.Min(attachable, Math.Max(net - 620.20m, 0)),
            law.Attachable(net, hasChildren, keepsMinimumWage: true));
    }

    private static string Text(decimal amount) => FactValue.Of(amount).Text!;

    private static decimal Insurable(CalculatePayslip slip)
    {
        foreach (var line in Slips.Calculate(slip).AsSpan())
        {
            if (line.Type == BulgarianLines.WorkAccident)
            {
                return line.Base;
            }
        }

        return -1;
    }
}
