using Ledger.Domain.PayRuns;
using Ledger.Domain.Payroll;

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
}
