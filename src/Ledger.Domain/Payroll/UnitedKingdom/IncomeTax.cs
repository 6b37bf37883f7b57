using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.UnitedKingdom;

/// <summary>Pay and tax of a tax year before a payment, and the payment.</summary>
/// <param name="Pay">Taxable pay of this payment.</param>
/// <param name="LimitedTo">The pay of which tax may take a part at most: taxed pay in cash, less pension contributions
/// that are taken before tax. Benefits in kind and expenses do not count.</param>
/// <param name="PayBefore">Taxable pay before, of earlier employments as well.</param>
public readonly record struct TaxedPay(decimal Pay, decimal LimitedTo, decimal PayBefore, decimal TaxBefore);

/// <summary>Pay as you earn: tax of a payment by its code.</summary>
/// <remarks>Income Tax (Pay As You Earn) Regulations 2003, part 3; HM Revenue &amp; Customs, specification for PAYE tax
/// table routines.</remarks>
public static class IncomeTax
{
    public static LineType Line { get; } = new(
        "incomeTax", LineKind.Tax,
        "Income tax by the tax code: tax on pay of the tax year to date less free pay, less tax taken before",
        IsBanded: true);

    /// <summary>Adds the line; a refund is negative. The band of a flat code must be in the table.</summary>
    public static void Add(
        TaxCode code, TaxTable table, TaxPeriod period, TaxedPay pay, decimal mostOfPay, PayslipLines lines)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(lines);
        var isAlone = code.IsWeek1 || period.IsBeyondTables;
        var number = isAlone ? period.Length : period.Number;
        var toDate = isAlone ? pay.Pay : pay.Pay + pay.PayBefore;
        var before = isAlone ? 0 : pay.TaxBefore;
        var free = (period.IsWeekly ? code.Week : code.Month) * number;
        var taxable = toDate + (code.Kind == TaxCodeKind.Addition ? free : -free);
        var tax = Tax(code, table, period.IsWeekly, number, taxable, out var rate);
        var limit = DownToCents(Math.Max(pay.LimitedTo, 0) * mostOfPay);
        var due = Math.Min(tax - before, limit);

        lines.Step(isAlone ? "taxable pay of the payment" : "taxable pay of the tax year to date", toDate);
        lines.Step(code.Kind == TaxCodeKind.Addition ? "added by the code" : "free by the code", free);
        lines.Step("tax on the rest", tax, table.Figure);
        if (before != 0)
        {
            lines.Step("tax taken before", before);
        }

        if (tax - before > limit)
        {
            lines.Step("the most that tax may take of pay", limit);
        }

        lines.Add(Line, due, Math.Max(decimal.Floor(taxable), 0), new(rate, table.Figure));
    }

    private static decimal Tax(
        TaxCode code, TaxTable table, bool isWeekly, int number, decimal taxable, out decimal rate)
    {
        rate = 0;
        switch (code.Kind)
        {
            case TaxCodeKind.None:
                return 0;
            case TaxCodeKind.Flat:
                rate = table.RateOf(code.Number);
                return DownToCents(Math.Max(decimal.Floor(taxable), 0) * rate);
            default:
                return taxable <= 0 ? 0 : table.Tax(isWeekly, number, taxable, out rate);
        }
    }
}
