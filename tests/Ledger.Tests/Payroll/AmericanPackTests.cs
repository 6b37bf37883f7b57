using Ledger.Domain.Payroll;
using Ledger.Domain.Payroll.UnitedStates;

namespace Ledger.Tests.Payroll;

public sealed class AmericanPackTests
{
    [Fact]
    public void A_payment_has_its_levies_in_order() => Assert.Equal(
        "socialSecurity 248.00, medicare 58.00, federalIncomeTax 298.33, socialSecurityEmployer 248.00, "
        + "medicareEmployer 58.00, unemploymentEmployer 24.00",
        Slips.Calculate(Slips.Of("us", 4_000)).Levies());

    [Theory]
    [InlineData("184000.00", 31.00)]
    [InlineData("184500.00", 0)]
    [InlineData("190000.00", 0)]
    public void Social_security_ends_at_the_wage_base_of_the_year(string before, decimal tax) => Assert.Equal(
        tax, Slips.Calculate(Slips.Of("us", 8_000).After(("socialSecurityWages", before))).Sum("socialSecurity"));

    [Theory]
    [InlineData("195000.00", 27.00)]
    [InlineData("200000.00", 72.00)]
    [InlineData("150000.00", 0)]
    public void Medicare_rises_above_200000_a_year_whatever_the_filing_status(string before, decimal addition) =>
        Assert.Equal(
            addition,
            Slips.Calculate(Slips.Of("us", 8_000).With("filingStatus", "marriedJointly")
                .After(("medicareWages", before))).Sum("additionalMedicare"));

    [Theory]
    [InlineData("0.00", 220_000)]
    [InlineData("600000.00", 310_000)]
    [InlineData("2000000.00", 370_000)]
    public void Supplemental_wages_have_a_flat_rate_and_another_above_a_million(string before, decimal tax)
    {
        var lines = Slips.Calculate(
            Slips.Of("us").Paying(new PayLine("bonus", 1_000_000)).After(("supplementalWages", before)));
        Assert.Equal(tax, lines.Sum("supplementalIncomeTax"));
        Assert.Equal(0, lines.Sum("federalIncomeTax"));
    }

    /// <summary>22 % of 1,000, and nothing by Step 4, which is about regular wages: Publication 15, section 7.
    /// </summary>
    [Theory]
    [InlineData("step4c", "25.00")]
    [InlineData("step4a", "60000.00")]
    public void A_bonus_alone_is_not_withheld_from_by_the_form(string step, string amount)
    {
        var lines = Slips.Calculate(Slips.Of("us").With(step, amount).Paying(
            new PayLine("bonus", 1_000), new PayLine("expenses", 50)));
        Assert.Equal((220m, 0m), (lines.Sum("supplementalIncomeTax"), lines.Sum("federalIncomeTax")));
    }

    [Fact]
    public void FUTA_ends_at_7000_a_year_and_grows_with_the_states_credit_reduction()
    {
        var lines = Slips.Calculate(
            Slips.Of("us", 4_000).With("creditReduction", "0.9").After(("unemploymentWages", "5000.00")));
        Assert.Equal(30m, lines.Sum("unemploymentEmployer"));
    }

    [Theory]
    [InlineData("CA", "fact-missing")]
    [InlineData("XX", "fact-invalid")]
    public void What_a_state_takes_is_never_guessed(string state, string code) =>
        Assert.Equal(code, Slips.Refusal(Slips.Of("us").With("workState", state))!.Code);

    [Fact]
    public void What_states_take_is_taken_as_told()
    {
        var lines = Slips.Calculate(Slips.Of("us").With("workState", "CA").With("stateTax", "31.20")
            .With("stateInsurance", "13.00").With("localTax", "1.50").With("stateUnemployment", "34.00"));
        Assert.Equal((31.20m, 13m, 1.50m), (lines.Sum("stateTax"), lines.Sum("stateInsurance"), lines.Sum("localTax")));
        Assert.Equal(34m, lines.Sum("stateUnemploymentEmployer"));
    }

    [Fact]
    public void Forms_of_both_ages_are_not_mixed()
    {
        var old = Slips.Of("us").With("formW4", "before2020");
        Assert.Equal("facts-contradict", Slips.Refusal(old.With("filingStatus", "headOfHousehold"))!.Code);
        Assert.Equal(
            "facts-contradict", Slips.Refusal(Slips.Of("us").With("allowances", new FactValue(null, null, 2)))!.Code);
    }

    [Fact]
    public void A_table_that_the_year_does_not_have_is_refused() => Assert.Equal(
        "figure-unknown",
        Slips.Refusal(Slips.Of("us").With("step2", Slips.Flag(true)) with { PayDate = new(2024, 6, 30) })!.Code);

    [Fact]
    public void Exempt_pay_is_not_withheld_from()
    {
        var lines = Slips.Calculate(Slips.Of("us").With("exemptFromIncomeTax", Slips.Flag(true))
            .With("exemptFromFica", Slips.Flag(true)));
        Assert.Equal(0, lines.Deductions);
    }

    /// <summary>The 2025 rows are those of the instructions' own table; the others were worked out from the
    /// rates.</summary>
    [Theory]
    [InlineData("2025-12-31", 4.49, 0)]
    [InlineData("2025-12-31", 5, 1)]
    [InlineData("2025-12-31", 24.49, 2)]
    [InlineData("2025-12-31", 49.49, 4)]
    [InlineData("2025-12-31", 2999.49, 299)]
    [InlineData("2025-12-31", 3_000, 303)]
    [InlineData("2025-12-31", 20_000, 2_165)]
    [InlineData("2025-12-31", 57_050, 7_471)]
    [InlineData("2025-12-31", 105_351, 18_131)]
    [InlineData("2025-12-31", 700_000, 216_020)]
    [InlineData("2026-12-31", 6_686, 668)]
    [InlineData("2026-12-31", 0, 0)]
    public void Below_100000_the_tax_of_a_year_is_that_of_the_middle_of_a_row(string day, decimal income, decimal tax)
    {
        Assert.Null(AmericanPack.Instance.FiguresOn(Slips.Day(day), null, out var law));
        Assert.Equal(tax, AnnualTax.On(income, FilingStatus.Single, law));
    }

    [Fact]
    public void Overtime_counts_promised_bonuses_into_the_regular_rate()
    {
        Assert.Null(AmericanWages.On(new(2026, 6, 30), out var law));
        Assert.Equal(0, law.OvertimePremium(800, 0, 40));
        Assert.Equal(100m, law.OvertimePremium(1_000, 0, 50));
        Assert.Equal(105m, law.OvertimePremium(1_000, 50, 50));
        Assert.True(law.IsBelowMinimumWage(289.99m, 40));
        Assert.False(law.IsBelowMinimumWage(290, 40));
    }

    [Theory]
    [InlineData("2024-06-30", 684)]
    [InlineData("2024-07-01", 844)]
    [InlineData("2024-11-14", 844)]
    [InlineData("2024-11-15", 684)]
    [InlineData("2026-01-01", 684)]
    public void The_exempt_salary_was_higher_for_some_months(string day, decimal salary)
    {
        Assert.Null(AmericanWages.On(Slips.Day(day), out var law));
        Assert.True(law.IsExemptSalary(salary));
        Assert.False(law.IsExemptSalary(salary - 0.01m));
    }

    [Theory]
    [InlineData(PayFrequency.Weekly, 217.50, 0)]
    [InlineData(PayFrequency.Weekly, 260, 42.50)]
    [InlineData(PayFrequency.Weekly, 400, 100)]
    [InlineData(PayFrequency.TwoWeekly, 500, 65)]
    [InlineData(PayFrequency.SemiMonthly, 500, 28.75)]
    [InlineData(PayFrequency.Monthly, 1_000, 57.50)]
    public void Creditors_take_a_quarter_or_what_exceeds_thirty_hours_at_most(
        PayFrequency frequency, decimal disposable, decimal taken)
    {
        Assert.Null(AmericanWages.On(new(2026, 6, 30), out var law));
        Assert.Equal(taken, law.Garnishable(disposable, frequency));
    }
}
