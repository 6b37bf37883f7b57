using Ledger.Domain.Leave;
using Ledger.Domain.Payroll;

namespace Ledger.Domain.PayRuns;

/// <summary>The leave of the year as at the end of a payslip's period, to two decimal places: <c>Balance</c> is
/// <c>Opening</c> and <c>Accrued</c> less <c>Taken</c>.</summary>
/// <param name="Entitlement">Of the whole year, as far as employment is known.</param>
/// <param name="Opening">From the year before, or from opening figures.</param>
public sealed record SlipLeave(
    LeaveUnit Unit, decimal Entitlement, decimal Opening, decimal Accrued, decimal Taken, decimal Balance)
{
    private const int Digits = 2;

    /// <summary>Null for somebody without leave.</summary>
    internal static SlipLeave? Of(SlipRequest request, Pack pack)
    {
        var balance = LeaveBalance.Of(
            request.Employee, pack, request.Period.Through, request.LawKnownOn, explains: false);
        return balance?.Years is not [.., var year] ? null : new(
            balance.Unit, Scaled(year.Entitlement), Scaled(year.Opening), Scaled(year.Accrued), Scaled(year.Taken),
            Scaled(year.Balance));
    }

    /// <summary>Always with two digits, so that the same leave is written the same.</summary>
    private static decimal Scaled(decimal days) => Money.TryScale(days, Digits, out var scaled) ? scaled : days;
}
