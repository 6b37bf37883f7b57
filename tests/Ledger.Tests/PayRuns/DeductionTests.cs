using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;

namespace Ledger.Tests.PayRuns;

public sealed class DeductionTests
{
    /// <summary>3,000 in Azerbaijan: 125 tax, 286 + 15 + 52.50 insurance, 2,521.50 net.</summary>
    private static Payee Paid(decimal salary = 3_000) =>
        Payee.Of("az").Paid(salary).Setting("lateTax", "earned");

    [Fact]
    public void Support_orders_come_first_then_garnishments_loans_and_what_was_agreed() => Assert.Equal(
        "maintenance 700.00, garnishment 1000.00, garnishment 500.00, loan 200.00, voluntary 121.50",
        Paid().Owing("v", DeductionKind.Voluntary, 300).Owing("l", DeductionKind.Loan, 200, total: 5_000)
            .Owing("g2", DeductionKind.Garnishment, 500, from: "2025-03-01")
            .Owing("g1", DeductionKind.Garnishment, 1_000, from: "2024-03-01")
            .Owing("m", DeductionKind.Maintenance, 700)
            .Run("2026-01").Shown(LineKind.Deduction));

    [Fact]
    public void Each_line_names_its_deduction_and_the_event_behind_it()
    {
        var line = Paid().Owing("loan-7", DeductionKind.Loan, 200).Run("2026-01")!.Lines[^1];
        Assert.Equal(("loan", "loan-7"), (line.Code, line.Deduction));
        Assert.Equal([4L], line.Causes!);
    }

    [Fact]
    public void A_loan_is_taken_until_it_is_paid()
    {
        var payee = Paid().Owing("l", DeductionKind.Loan, 200, total: 450);
        Assert.Equal("loan 200.00", payee.Run("2026-01").Shown(LineKind.Deduction));
        Assert.Equal("loan 200.00", payee.Run("2026-02").Shown(LineKind.Deduction));
        Assert.Equal("loan 50.00", payee.Run("2026-03").Shown(LineKind.Deduction));
        Assert.Equal("", payee.Run("2026-04").Shown(LineKind.Deduction));
        payee.Reverse("run-3");
        Assert.Equal("loan 50.00", payee.Run("2026-05").Shown(LineKind.Deduction));
    }

    [Fact]
    public void A_supplementary_slip_takes_what_the_first_one_could_not()
    {
        var payee = Paid(1_000).Owing("m", DeductionKind.Maintenance, 1_000);
        var first = payee.Run("2026-01")!;
        payee.Paid(3_000);
        var second = payee.Run("2026-01", PayRunKind.Supplementary)!;
        Assert.Equal(0, first.Net());
        Assert.Equal(1_000, first.Sum("maintenance") + second.Sum("maintenance"));
    }

    [Fact]
    public void A_deduction_holds_from_its_first_day_to_its_last()
    {
        var payee = Paid().Owing("v", DeductionKind.Voluntary, 10, from: "2026-02-10", to: "2026-03-05");
        Assert.Equal("", payee.Run("2026-01").Shown(LineKind.Deduction));
        Assert.Equal("voluntary 10.00", payee.Run("2026-02").Shown(LineKind.Deduction));
        Assert.Equal("voluntary 10.00", payee.Run("2026-03").Shown(LineKind.Deduction));
        Assert.Equal("", payee.Run("2026-04").Shown(LineKind.Deduction));
    }

    /// <summary>1,000 in Bulgaria: 775.98 net, of which a third is 258.66, with children a quarter; 620.20 always stay
    /// where the company says so.</summary>
    [Theory]
    [InlineData("no", false, 258.66)]
    [InlineData("no", true, 193.99)]
    [InlineData("yes", false, 155.78)]
    public void Bulgarian_creditors_take_their_part_of_net_pay(string keeps, bool hasChildren, decimal taken) =>
        Assert.Equal(
            taken,
            Payee.Of("bg").With("supportsChildren", Payroll.Slips.Flag(hasChildren)).Paid(1_000)
                .Setting("garnishmentKeepsMinimumWage", keeps).Owing("g", DeductionKind.Garnishment, 500)
                .Run("2026-01")!.Sum("garnishment"));

    [Fact]
    public void What_the_law_leaves_to_companies_must_be_said_before_a_garnishment_is_taken()
    {
        var payee = Payee.Of("bg").Paid(1_000).Owing("g", DeductionKind.Garnishment, 500);
        Assert.Equal("pay-group-setting-missing", payee.Refusal("2026-01")!.Code);
    }

    /// <summary>Disposable are 500 less 31, 7.25 and 19.04 of taxes a week: a quarter is 110.67; support orders leave
    /// less.</summary>
    [Theory]
    [InlineData(0, 110.67)]
    [InlineData(60, 50.67)]
    [InlineData(200, 0)]
    public void American_creditors_take_a_quarter_less_what_support_orders_take(decimal support, decimal taken)
    {
        var payee = Payee.Of("us", frequency: PayFrequency.Weekly).Paid(26_000, per: PayPer.Year)
            .Owing("g", DeductionKind.Garnishment, 500).Owing("m", DeductionKind.Maintenance, support);
        var slip = payee.Run("2026-01-05")!;
        Assert.Equal(442.71m, slip.Gross() - slip.Lines.Where(
            line => line.Kind is LineKind.Contribution or LineKind.Tax).Sum(line => line.Amount));
        Assert.Equal(taken, slip.Sum("garnishment"));
    }

    [Fact]
    public void Net_pay_is_never_below_zero_and_what_is_owed_is_made_up_later()
    {
        var payee = Paid();
        payee.Run("2026-01");
        payee.Run("2026-02");
        payee.Paid(800);
        var march = payee.Run("2026-03")!;
        var april = payee.Run("2026-04")!;

        Assert.Equal(0, march.Net());
        Assert.True(march.Sum("receivable") < 0);
        Assert.Equal(0, april.Net());
        Assert.True(april.Sum("receivableRecovered") > 0);
        for (var month = 5; month <= 8; month++)
        {
            payee.Run($"2026-0{month}");
        }

        Assert.Equal(0, payee.Given.Sum(each => each.Slip.Sum("receivable") + each.Slip.Sum("receivableRecovered")));
        Assert.Equal(
            8 * Paid(800).Run("2026-01")!.Net(), payee.Given.Sum(each => each.Slip.Net()));
    }

    [Fact]
    public void A_leaver_who_owes_all_of_it_is_paid_nothing_and_owes_it()
    {
        var payee = Payee.Of("bg").Paid(1_000);
        payee.Run("2026-01");
        payee.Left("2026-01-15");
        var slip = payee.Run("2026-02")!;
        Assert.Equal(0, slip.Net());
        Assert.Equal(slip.Sum("receivable"), slip.Gross() - (slip.Deductions() - slip.Sum("receivable")));
        Assert.Null(payee.Run("2026-03"));
    }
}
