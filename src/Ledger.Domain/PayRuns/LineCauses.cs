using Ledger.Domain.Payroll;

namespace Ledger.Domain.PayRuns;

/// <summary>Events because of which a payslip has a line.</summary>
/// <param name="Own">Versions of the employee's stream; null is none.</param>
/// <param name="Sheets">Those of time sheets; null is none.</param>
internal readonly record struct LineCauses(ValueList<long>? Own, ValueList<SheetCause>? Sheets)
{
    /// <summary>Of pay of the payslip's own period, or of an earlier one.</summary>
    public static LineCauses OfPay(SlipRequest request, DuePay due, PayPeriod period, int element, bool isLate)
    {
        var sheets = SheetCauses.Of(request, due, period, element, isLate);
        return new(
            OrNull(isLate ? SlipCauses.OfLate(request, due, period, element, sheets is not null)
                : SlipCauses.OfOwn(due, period, element)),
            sheets);
    }

    /// <summary>Of a levy, which changes with all that is known of its earlier period.</summary>
    public static LineCauses OfLevy(SlipRequest request, DuePay due, PayWindow window, in PayslipLine line)
    {
        if (line.EarnedThrough is not { } end || window.PlaceOf(end) is not (>= 0 and var place))
        {
            return default;
        }

        var sheets = SheetCauses.Of(request, due, window.Periods[place], null, isLate: true);
        return new(
            OrNull(SlipCauses.OfLate(request, due, window.Periods[place], null, sheets is not null)), sheets);
    }

    private static ValueList<long>? OrNull(ValueList<long> found) => found.Count == 0 ? null : found;
}
