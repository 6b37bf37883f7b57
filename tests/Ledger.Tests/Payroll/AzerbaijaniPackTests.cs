using Ledger.Domain.Payroll;
using Ledger.Domain.Payroll.Azerbaijan;

namespace Ledger.Tests.Payroll;

public sealed class AzerbaijaniPackTests
{
    [Fact]
    public void Each_levy_is_on_gross_pay_in_bands() => Assert.Equal(
        "incomeTax 125.00, socialInsurance 286.00, unemployment 15.00, medical 52.50, socialInsuranceEmployer 464.00, "
        + "unemploymentEmployer 15.00, medicalEmployer 52.50",
        Slips.Calculate(Slips.Of("az", 3_000)).Levies());

    [Theory]
    [InlineData("2025-12-31", 9_000, 140)]
    [InlineData("2025-12-31", 8_000, 0)]
    [InlineData("2026-01-31", 9_000, 765)]
    [InlineData("2027-01-31", 9_000, 815)]
    [InlineData("2028-01-31", 9_000, 865)]
    [InlineData("2030-01-31", 2_500, 161)]
    public void Private_employers_lose_their_relief_from_2026_on_step_by_step(string day, decimal gross, decimal tax) =>
        Assert.Equal(tax, Tax(Slips.Of("az", gross) with { PayDate = Slips.Day(day) }));

    [Theory]
    [InlineData("state", 2_500, 322)]
    [InlineData("oilAndGas", 5_000, 975)]
    [InlineData("state", 9_000, 1_975)]
    public void State_and_oil_pay_14_and_25_percent(string sector, decimal gross, decimal tax) =>
        Assert.Equal(tax, Tax(Slips.Of("az", gross).With("sector", sector)));

    [Fact]
    public void The_relief_is_given_at_the_main_workplace_up_to_an_income_of_2500()
    {
        Assert.Equal(69, Tax(Slips.Of("az", 2_500)));
        Assert.Equal(75, Tax(Slips.Of("az", 2_500).With("mainWorkplace", Slips.Flag(false))));
        Assert.Equal(75, Tax(Slips.Of("az", 2_500.01m)));
        Assert.Equal(63, Tax(Slips.Of("az", 2_500).With("furtherRelief", "200.00")));
    }

    [Theory]
    [InlineData("2021-06-30", "privateNonOil", 8_500, 82.50)]
    [InlineData("2021-06-30", "state", 8_500, 162.50)]
    [InlineData("2022-01-31", "privateNonOil", 8_500, 162.50)]
    [InlineData("2026-01-31", "privateNonOil", 8_500, 80.00)]
    [InlineData("2026-01-31", "oilAndGas", 8_500, 162.50)]
    public void Medical_insurance_goes_by_day_and_sector(string day, string sector, decimal gross, decimal medical) =>
        Assert.Equal(
            medical,
            Slips.Calculate(Slips.Of("az", gross).With("sector", sector) with { PayDate = Slips.Day(day) })
                .Sum("medical"));

    [Fact]
    public void A_second_payslip_of_a_month_takes_what_the_whole_month_owes_less_what_the_first_took()
    {
        var first = Slips.Calculate(Slips.Of("az", 2_400));
        var second = Slips.Calculate(Slips.Of("az", 600).After(("insuredPay", "2400.00"), ("taxedPay", "2400.00")));
        var whole = Slips.Calculate(Slips.Of("az", 3_000));

        Assert.Equal(whole.Net, first.Net + second.Net);
        Assert.Equal(whole.EmployerContributions, first.EmployerContributions + second.EmployerContributions);
        Assert.Equal(59, second.Sum("incomeTax"));
    }

    [Theory]
    [InlineData(2_100, 2461.54)]
    [InlineData(2_270, 2681.64)]
    public void Net_pay_leads_to_the_lowest_gross_of_the_right_branch(decimal net, decimal gross)
    {
        var lines = Slips.Calculate(Slips.Of("az").Paying() with { NetTarget = new("salary", net) });
        Assert.Equal((net, gross), (lines.Net, lines.Gross));
    }

    /// <summary>In the month 2,498.81 lie below the limit of the relief: 68.96 tax, 235.88, 12.49 and 49.98 are taken,
    /// 2,131.50 stay, of which 1,710.00 are of the first payslip. Above the limit 2,506.33 would come to it.</summary>
    [Fact]
    public void An_earlier_payslip_of_the_month_leaves_less_room_in_the_branch_with_the_relief()
    {
        var lines = Slips.Calculate(Slips.Of("az").Paying()
            .After(("insuredPay", "2000.00"), ("taxedPay", "2000.00")) with
        { NetTarget = new("salary", 421.50m) });
        Assert.Equal((421.50m, 498.81m), (lines.Net, lines.Gross));
    }

    /// <summary>5,500 at 10 %, 125 below them and 1,000 at 14 % above: the amendment is of December 2025.</summary>
    [Fact]
    public void Rates_of_later_years_are_known_since_they_were_enacted() => Assert.Equal(
        815,
        Tax(Slips.Of("az", 9_000) with { PayDate = new(2027, 1, 31), LawKnownOn = new(2026, 6, 30) }));

    [Fact]
    public void Leave_and_sick_pay_come_from_the_earnings_of_twelve_months()
    {
        Assert.Equal(411.18m, AzerbaijaniLeave.LeavePay(6_000, 25));
        Assert.Equal(196.72m, AzerbaijaniLeave.SickPay(12_000, 244, 5, 0.8m));
        Assert.Equal(0, AzerbaijaniLeave.SickPay(0, 0, 5, 0.8m));
    }

    /// <summary>12,817.21 × 48 / 364.8 = 1,686.475; 17,584.90 × 39 × 0.8 / 208 = 2,637.735.</summary>
    [Fact]
    public void Exact_halves_of_leave_and_sick_pay_are_rounded_up()
    {
        Assert.Equal(1_686.48m, AzerbaijaniLeave.LeavePay(12_817.21m, 48));
        Assert.Equal(2_637.74m, AzerbaijaniLeave.SickPay(17_584.90m, 208, 39, 0.8m));
    }

    private static decimal Tax(CalculatePayslip slip) => Slips.Calculate(slip).Sum("incomeTax");
}
