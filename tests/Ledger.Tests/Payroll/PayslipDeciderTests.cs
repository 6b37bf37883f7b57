using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain;
using Ledger.Domain.Payroll;
using Ledger.Domain.Payroll.UnitedKingdom;

namespace Ledger.Tests.Payroll;

public sealed class PayslipDeciderTests
{
    internal static readonly FaultTable<CalculatePayslip> Faults = new(
        new CalculatePayslip(
            "fr", new(2031, 6, 30), PayFrequency.Weekly,
            [.. Enumerable.Repeat(new PayLine("wage", -1), PayslipDecider.ElementsMax + 1)],
            ValueMap<FactValue>.From([new("shoeSize", new("44"))]), ValueMap<FactValue>.Empty),
        Slips.Refusal,
        new("pack-not-found", slip => slip with { Pack = "us" }),
        new("pay-elements-too-many", slip => slip.Paying(new PayLine("wage", -1))),
        new("pay-element-unknown", slip => slip.Paying(new PayLine("salary", -1))),
        new("pay-element-negative", slip => slip.Paying(new PayLine("salary", 1_000.005m))),
        new("pay-element-digits", slip => slip.Paying(new PayLine("salary", 1_000))),
        new("fact-unknown", slip => slip with
        {
            Facts = ValueMap<FactValue>.From([new("filingStatus", new("divorced"))]),
        }),
        new("fact-invalid", slip => slip.With("filingStatus", "headOfHousehold")),
        new("fact-missing", slip => slip.With("workState", "TX").With("formW4", "before2020")),
        new("facts-contradict", slip => slip.With("filingStatus", "single")),
        new("figure-unknown", slip => Slips.Of("bg") with { Frequency = PayFrequency.Weekly }),
        new("pay-frequency-not-covered", slip => slip with
        {
            Frequency = PayFrequency.Monthly,
            NetTarget = new("salary", 999_999_999_999),
        }),
        new("net-not-reached", slip => slip with { NetTarget = null }));

    private static readonly string[] PackNames = [.. Packs.All.Select(pack => pack.Name)];

    public static TheoryData<int, string> Rows => Faults.Rows;

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    [Theory]
    [InlineData("accidentRate", "-0.4")]
    [InlineData("accidentRate", "0,4")]
    [InlineData("accidentRate", "4e-1")]
    [InlineData("minimumInsurableIncome", "")]
    public void A_fact_is_of_its_kind(string fact, string value) =>
        Assert.Equal("fact-invalid", Slips.Refusal(Slips.Of("bg").With(fact, value))!.Code);

    [Fact]
    public void Net_pay_is_wished_for_in_cents() => Assert.Equal(
        PayrollRefusals.ElementDigits("salary", 1_000.001m),
        Slips.Refusal(Slips.Of("bg") with { NetTarget = new("salary", 1_000.001m) }));

    [Fact]
    public void What_was_paid_before_is_read_as_strictly_as_facts_are()
    {
        Assert.Equal("fact-unknown", Slips.Refusal(Slips.Of("bg").After(("taxes", "1.00")))!.Code);
        Assert.Equal("fact-invalid", Slips.Refusal(Slips.Of("bg").After(("tax", "much")))!.Code);
    }

    [Fact]
    public void Net_is_gross_less_what_is_taken_and_sums_are_those_of_the_lines() => Prop.ForAll(
        Drawn(0, 2_000_000),
        drawn =>
        {
            var lines = Slips.Calculate(Slips.Of(drawn.Pack, drawn.Gross));
            var all = lines.AsSpan().ToArray();
            decimal Of(params LineKind[] kinds) => all.Where(each => kinds.Contains(each.Type.Kind)).Sum(
                each => each.Amount);

            Assert.All(all, each => Assert.Equal(each.Amount, Math.Round(each.Amount, 2)));
            Assert.Equal(Of(LineKind.Earning, LineKind.Benefit), lines.Gross);
            Assert.Equal(Of(LineKind.Contribution, LineKind.Tax, LineKind.Deduction), lines.Deductions);
            Assert.Equal(Of(LineKind.EmployerContribution), lines.EmployerContributions);
            Assert.Equal(lines.Gross - lines.Deductions, lines.Net);
            Assert.InRange(lines.Net, 0, lines.Gross);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Net_pay_is_reached_exactly_wherever_a_gross_comes_to_it() => Prop.ForAll(
        Drawn(1, 1_000_000),
        drawn =>
        {
            var slip = Slips.Of(drawn.Pack, drawn.Gross);
            var net = Slips.Calculate(slip).Net;
            var found = Slips.Calculate(slip.Paying() with { NetTarget = new("salary", net) });

            Assert.Equal(net, found.Net);
            Assert.InRange(found.Gross, 0, drawn.Gross);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Benefits_in_kind_are_taxed_and_not_paid_out() => Assert.All(PackNames, pack =>
    {
        var lines = Slips.Calculate(
            Slips.Of(pack).Paying(new PayLine("salary", 5_000), new PayLine("benefitInKind", 500)));
        Assert.Equal(5_500, lines.Gross);
        Assert.Equal(5_000 - lines.Deductions, lines.Net);
        Assert.True(lines.Deductions > Slips.Calculate(Slips.Of(pack, 5_000)).Deductions);
    });

    [Fact]
    public void Lines_that_are_used_again_hold_nothing_of_the_payslip_before()
    {
        var lines = new PayslipLines(explains: true);
        Assert.Null(PayslipDecider.Calculate(Slips.Of("bg", 5_000), lines));
        lines.Clear();
        Assert.Null(PayslipDecider.Calculate(Slips.Of("gb"), lines));

        Assert.Equal(Slips.Calculate(Slips.Of("gb")).Levies(), lines.Levies());
        Assert.Equal(Slips.Calculate(Slips.Of("gb")).Net, lines.Net);
    }

    [Fact]
    public void Calculating_many_payslips_costs_no_memory()
    {
        var pay = new PayCalculation
        {
            PayDate = new(2026, 6, 30),
            Frequency = PayFrequency.Monthly,
            Earnings = new[] { new Earning(BritishPack.Instance.Element("salary")!, 3_000) },
        };
        Assert.True(TaxCode.TryParse("1257L", out var code));
        var facts = new BritishFacts(code, NiCategory.A, StudentLoanPlan.Plan2);
        var lines = new PayslipLines();
        void Calculate(int times)
        {
            for (var i = 0; i < times; i++)
            {
                lines.Clear();
                BritishPack.Instance.Calculate(pay, facts, BritishToDate.None, lines);
            }
        }

        Calculate(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Calculate(1_000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    [Fact]
    public void Each_line_says_why_it_is_what_it_is()
    {
        var lines = Slips.Calculate(Slips.Of("gb", 3_000) with { PayDate = new(2026, 4, 30) });
        Assert.Equal(
            "Income tax by the tax code: tax on pay of the tax year to date less free pay, less tax taken before. "
            + "Here: taxable pay of the tax year to date 3,000.00; free by the code 1,048.26; tax on the rest 390.20; "
            + "1,951.00 in bands up to 20 %. Comes to 390.20. "
            + "Source: HM Revenue & Customs, Rates and thresholds for employers 2026 to 2027: income tax, "
            + "from 2026-04-06.",
            Explanation.Of(lines, 1));
    }

    private static Arbitrary<(string Pack, decimal Gross)> Drawn(int centsMin, int centsMax) => (
        from pack in Gen.Elements(PackNames)
        from cents in Gen.Choose(centsMin, centsMax)
        select (pack, cents / 100m)).ToArbitrary();
}
