using Ledger.Domain.Payroll;
using Ledger.Domain.Payroll.UnitedKingdom;

namespace Ledger.Tests.Payroll;

public sealed class BritishPackTests
{
    [Fact]
    public void A_payment_has_its_levies_in_order() => Assert.Equal(
        "incomeTax 390.20, nationalInsurance 156.16, nationalInsuranceEmployer 387.45",
        Slips.Calculate(Slips.Of("gb", 3_000) with { PayDate = new(2026, 4, 30) }).Levies());

    [Theory]
    [InlineData("2022-06-30", 288.45)]
    [InlineData("2022-07-31", 258.64)]
    [InlineData("2022-11-30", 234.24)]
    [InlineData("2023-12-31", 234.24)]
    [InlineData("2024-01-31", 195.20)]
    [InlineData("2024-04-30", 156.16)]
    public void National_insurance_follows_the_day_of_payment(string day, decimal employee) => Assert.Equal(
        employee,
        Slips.Calculate(Slips.Of("gb", 3_000) with { PayDate = Slips.Day(day) }).Sum("nationalInsurance"));

    [Fact]
    public void A_further_payment_of_an_earnings_period_is_insured_together_with_the_first()
    {
        var first = Slips.Calculate(Slips.Of("gb", 3_000));
        var second = Slips.Calculate(Slips.Of("gb", 2_000).After(
            ("periodPay", "3000.00"), ("periodContributions", Text(first.Sum("nationalInsurance"))),
            ("periodEmployerContributions", Text(first.Sum("nationalInsuranceEmployer")))));
        var whole = Slips.Calculate(Slips.Of("gb", 5_000));

        Assert.Equal(
            whole.Sum("nationalInsurance"), first.Sum("nationalInsurance") + second.Sum("nationalInsurance"));
        Assert.Equal(
            whole.Sum("nationalInsuranceEmployer"),
            first.Sum("nationalInsuranceEmployer") + second.Sum("nationalInsuranceEmployer"));
    }

    [Fact]
    public void Tax_never_takes_more_than_half_of_the_pay()
    {
        Assert.Equal(500m, Tax(Slips.Of("gb").With("taxCode", "K5000")));
        Assert.Equal(500m, Tax(Slips.Of("gb").With("taxCode", "K5000 M1")));
    }

    /// <summary>Half of 1,000 in each case but the last: half of 1,000 less 5 % of pension.</summary>
    [Theory]
    [InlineData("expenses", "none", 500)]
    [InlineData("benefitInKind", "none", 500)]
    [InlineData("expenses", "atSource", 500)]
    [InlineData("expenses", "netPay", 475)]
    public void What_is_not_taxed_pay_in_cash_does_not_raise_the_most_that_tax_takes(
        string element, string pension, decimal tax) => Assert.Equal(
        tax,
        Tax(Slips.Of("gb").With("taxCode", "K5000").With("pension", pension).With("pensionRate", "5")
            .With("pensionOnAllPay", Slips.Flag(true))
            .Paying(new PayLine("salary", 1_000), new PayLine(element, 600))));

    [Fact]
    public void Too_much_tax_is_paid_back_by_a_cumulative_code_and_not_by_one_of_month_1()
    {
        var taxed = Slips.Of("gb").After(("taxablePay", "10000.00"), ("tax", "4000.00"));
        Assert.Equal(-2_429m, Tax(taxed));
        Assert.Equal(0, Tax(taxed.With("taxCode", "1257L M1")));
        Assert.Equal(-4_000m, Tax(taxed.With("taxCode", "NT")));
        Assert.Equal(0, Tax(taxed.With("taxCode", "NT M1")));
    }

    [Theory]
    [InlineData(PayFrequency.Weekly, "2026-04-05", 53, true)]
    [InlineData(PayFrequency.Weekly, "2025-04-06", 1, false)]
    [InlineData(PayFrequency.Weekly, "2025-04-12", 1, false)]
    [InlineData(PayFrequency.Weekly, "2025-04-13", 2, false)]
    [InlineData(PayFrequency.TwoWeekly, "2025-04-13", 2, false)]
    [InlineData(PayFrequency.TwoWeekly, "2026-04-05", 54, true)]
    [InlineData(PayFrequency.FourWeekly, "2026-04-05", 56, true)]
    [InlineData(PayFrequency.Monthly, "2026-04-05", 12, false)]
    [InlineData(PayFrequency.Monthly, "2025-05-05", 1, false)]
    [InlineData(PayFrequency.Monthly, "2025-05-06", 2, false)]
    [InlineData(PayFrequency.Yearly, "2025-10-01", 12, false)]
    public void The_tax_year_is_counted_from_6_April(PayFrequency frequency, string day, int number, bool isBeyond)
    {
        var period = TaxPeriod.Of(frequency, Slips.Day(day), null)!.Value;
        Assert.Equal((number, isBeyond), (period.Number, period.IsBeyondTables));
    }

    [Fact]
    public void A_payment_of_week_53_is_taxed_by_itself()
    {
        var week53 = Slips.Of("gb", 500) with
        {
            PayDate = new(2026, 4, 5),
            Frequency = PayFrequency.Weekly,
        };
        Assert.Equal(51.60m, Tax(week53.After(("taxablePay", "26000.00"), ("tax", "9000.00"))));
        Assert.Equal(51.60m, Tax(week53.With("taxCode", "1257L W1")));
    }

    [Theory]
    [InlineData("2025-04-06", 0, 1_000, 0)]
    [InlineData("2025-04-06", 12_000, 1_000, 34.40)]
    [InlineData("2025-04-06", 50_000, 1_000, 36.20)]
    [InlineData("2025-10-05", 6_000, 1_000, 57.20)]
    public void A_director_is_insured_over_the_year(string from, decimal before, decimal pay, decimal due)
    {
        var director = Slips.Of("gb", pay).With("directorFrom", from) with { PayDate = new(2026, 1, 31) };
        var paid = before == 50_000 ? "2994.40" : "0.00";
        Assert.Equal(
            due,
            Slips.Calculate(director.After(("directorPay", Text(before)), ("directorContributions", paid)))
                .Sum("nationalInsurance"));
    }

    /// <summary>In whole pounds: the year's 6,396, 11,908 and 9,100 are 52 times 123, 229 and 175.</summary>
    [Fact]
    public void Thresholds_of_a_part_of_the_year_that_are_whole_pounds_stay_there()
    {
        Assert.Null(BritishPack.Instance.FiguresOn(new(2022, 12, 31), null, out var law));
        Assert.All(Enumerable.Range(1, 52), weeks =>
        {
            var part = law.Directors.For(weeks);
            Assert.Equal(
                (123m * weeks, 229m * weeks, 175m * weeks), (part.LowerEarningsLimit, part.Primary, part.Secondary));
        });
        Assert.Equal((481m, 967m), (law.Directors.For(1).Zone, law.Directors.For(1).UpperEarningsLimit));
    }

    [Fact]
    public void The_alternative_method_settles_with_the_last_payment()
    {
        var director = Slips.Of("gb", 1_000).With("directorFrom", "2025-04-06").With("directorMethod", "alternative")
            with
        { PayDate = new(2026, 3, 15), Frequency = PayFrequency.Weekly };
        var before = director.After(("directorPay", "51000.00"), ("directorContributions", "2991.66"));

        Assert.Equal(58.66m, Slips.Calculate(before).Sum("nationalInsurance"));
        Assert.Equal(58.94m, Slips.Calculate(before with { Period = 52 }).Sum("nationalInsurance"));
    }

    [Theory]
    [InlineData("plan1", "2025-06-30", 74)]
    [InlineData("plan2", "2025-06-30", 56)]
    [InlineData("plan4", "2025-06-30", 24)]
    [InlineData("plan5", "2026-06-30", 82)]
    public void Student_loans_take_whole_pounds_above_their_threshold(string plan, string day, decimal loan) =>
        Assert.Equal(
            loan,
            Slips.Calculate(Slips.Of("gb", 3_000).With("studentLoan", plan) with { PayDate = Slips.Day(day) })
                .Sum("studentLoan"));

    [Fact]
    public void A_postgraduate_loan_comes_on_top()
    {
        var lines = Slips.Calculate(
            Slips.Of("gb", 3_000).With("studentLoan", "plan2").With("postgraduateLoan", Slips.Flag(true)));
        Assert.Equal((49m, 75m), (lines.Sum("studentLoan"), lines.Sum("postgraduateLoan")));
    }

    [Theory]
    [InlineData("netPay", 124.00, 365.40)]
    [InlineData("atSource", 99.20, 390.20)]
    public void Pensions_are_relieved_before_tax_or_at_the_source(string relief, decimal pension, decimal tax)
    {
        var lines = Slips.Calculate(Slips.Of("gb", 3_000).With("pension", relief).With("pensionRate", "5")
            .With("pensionEmployerRate", "3") with
        { PayDate = new(2025, 4, 30) });
        Assert.Equal((pension, tax, 74.40m), (
            lines.Sum(relief == "netPay" ? "pensionBeforeTax" : "pension"), lines.Sum("incomeTax"),
            lines.Sum("pensionEmployer")));
    }

    /// <summary>5 % and 3 % of what is above 520 in the month, whichever payslip reaches it: 2,500 - 520 = 1,980 in the
    /// first row, of which the first payslip had 1,480.</summary>
    [Theory]
    [InlineData("2000.00", 500, 25.00, 15.00)]
    [InlineData("300.00", 500, 14.00, 8.40)]
    [InlineData("0.00", 2_000, 74.00, 44.40)]
    [InlineData("4000.00", 500, 9.45, 5.67)]
    public void Qualifying_earnings_are_those_of_the_earnings_period_together(
        string before, decimal pay, decimal employee, decimal employer)
    {
        var lines = Slips.Calculate(Slips.Of("gb", pay).With("pension", "netPay").With("pensionRate", "5")
            .With("pensionEmployerRate", "3").After(("periodPay", before)) with
        { PayDate = new(2025, 4, 30) });
        Assert.Equal((employee, employer), (lines.Sum("pensionBeforeTax"), lines.Sum("pensionEmployer")));
    }

    /// <summary>5 % of 1,000, of which the scheme claims 20 % back.</summary>
    [Fact]
    public void A_pension_on_all_pay_needs_no_limits_of_qualifying_earnings() => Assert.Equal(
        40m,
        Slips.Calculate(Slips.Of("gb").With("pension", "atSource").With("pensionRate", "5")
            .With("pensionOnAllPay", Slips.Flag(true))).Sum("pension"));

    [Fact]
    public void Qualifying_earnings_of_a_year_without_figures_are_refused() => Assert.Equal(
        "figure-unknown", Slips.Refusal(Slips.Of("gb").With("pension", "netPay").With("pensionRate", "5"))!.Code);

    [Theory]
    [InlineData("1257L", TaxRegime.Rest, TaxCodeKind.Allowance, 1257, false)]
    [InlineData("S1257L M1", TaxRegime.Scotland, TaxCodeKind.Allowance, 1257, true)]
    [InlineData("C0T", TaxRegime.Wales, TaxCodeKind.Allowance, 0, false)]
    [InlineData("K585X", TaxRegime.Rest, TaxCodeKind.Addition, 585, true)]
    [InlineData("BR", TaxRegime.Rest, TaxCodeKind.Flat, 0, false)]
    [InlineData("SBR", TaxRegime.Scotland, TaxCodeKind.Flat, 1, false)]
    [InlineData("D0", TaxRegime.Rest, TaxCodeKind.Flat, 1, false)]
    [InlineData("D1W1", TaxRegime.Rest, TaxCodeKind.Flat, 2, true)]
    [InlineData("SD3", TaxRegime.Scotland, TaxCodeKind.Flat, 5, false)]
    [InlineData("NT", TaxRegime.Rest, TaxCodeKind.None, 0, false)]
    public void A_tax_code_is_read(string text, TaxRegime regime, TaxCodeKind kind, int number, bool isWeek1)
    {
        Assert.True(TaxCode.TryParse(text, out var code));
        Assert.Equal((regime, kind, number, isWeek1), (code.Regime, code.Kind, code.Number, code.IsWeek1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("L")]
    [InlineData("1257")]
    [InlineData("1257LL")]
    [InlineData("X1257L")]
    [InlineData("SNT")]
    [InlineData("D4")]
    [InlineData("1257l")]
    public void What_is_no_tax_code_is_refused(string text) => Assert.Equal(
        "fact-invalid", Slips.Refusal(Slips.Of("gb").With("taxCode", text))!.Code);

    [Theory]
    [InlineData("taxCode", "D2", "2026-06-30")]
    [InlineData("taxCode", "SD3", "2023-06-30")]
    [InlineData("nationalInsuranceCategory", "N", "2024-04-05")]
    public void What_the_law_of_the_day_does_not_know_is_refused(string fact, string value, string day) =>
        Assert.Equal(
            "fact-invalid", Slips.Refusal(Slips.Of("gb").With(fact, value) with { PayDate = Slips.Day(day) })!.Code);

    [Theory]
    [InlineData("2026-03-31", 22, false, 12.21)]
    [InlineData("2026-04-01", 22, false, 12.71)]
    [InlineData("2026-04-01", 19, false, 10.85)]
    [InlineData("2026-04-01", 17, false, 8.00)]
    [InlineData("2026-04-01", 19, true, 8.00)]
    [InlineData("2023-06-01", 22, false, 10.18)]
    [InlineData("2023-06-01", 23, false, 10.42)]
    [InlineData("2023-03-31", 23, false, 9.50)]
    [InlineData("2022-04-01", 22, false, 9.18)]
    [InlineData("2022-06-01", 18, false, 6.83)]
    [InlineData("2022-06-01", 17, false, 4.81)]
    [InlineData("2022-06-01", 30, true, 4.81)]
    public void The_minimum_wage_changes_on_1_April(string day, int age, bool isApprentice, decimal hourly)
    {
        Assert.Null(BritishWages.MinimumWageOn(Slips.Day(day), out var law));
        Assert.Equal(hourly, law.MinimumWage(age, isApprentice));
    }

    [Theory]
    [InlineData("2025-06-01", 500, 0, 5, 47.50)]
    [InlineData("2025-06-01", 500, 5, 5, 118.75)]
    [InlineData("2025-06-01", 124.99, 0, 5, 0)]
    [InlineData("2026-06-01", 500, 0, 5, 123.25)]
    [InlineData("2026-06-01", 100, 0, 5, 80)]
    public void Sick_pay_has_waited_three_days_until_April_2026(
        string day, decimal earnings, int before, int days, decimal pay)
    {
        Assert.Null(BritishWages.SickPayOn(Slips.Day(day), out var law));
        Assert.Equal(pay, law.SickPay(earnings, 5, before, days));
    }

    /// <summary>80 % of 94.25 are 75.40 a week: 75.40 × 3 / 6 = 37.70, and all of them for a whole week.</summary>
    [Theory]
    [InlineData(3, 37.70)]
    [InlineData(6, 75.40)]
    public void Sick_pay_of_a_week_is_never_more_than_its_part_of_earnings(int days, decimal pay)
    {
        Assert.Null(BritishWages.SickPayOn(new(2026, 6, 1), out var law));
        Assert.Equal(pay, law.SickPay(94.25m, 6, 0, days));
    }

    private static decimal Tax(CalculatePayslip slip) => Slips.Calculate(slip).Sum("incomeTax");

    private static string Text(decimal amount) => FactValue.Of(amount).Text!;
}
