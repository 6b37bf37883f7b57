using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.UnitedStates;

/// <summary>Federal income tax that is withheld from regular wages: the percentage method for automated payroll
/// systems. Nothing is rounded before the amount of the payment, to the cent.</summary>
/// <remarks>Internal Revenue Code, sec. 3402; Publication 15-T, Worksheet 1A.</remarks>
public static class FederalWithholding
{
    public static LineType Line { get; } = new(
        "federalIncomeTax", LineKind.Tax,
        "Federal income tax: wages made annual and adjusted by Form W-4, by the table of the year, and back",
        IsBanded: true);

    /// <summary>False, where the year has no table for the form.</summary>
    /// <param name="facts">The form.</param>
    /// <param name="law">Of the day of payment.</param>
    /// <param name="frequency">Of payments.</param>
    /// <param name="wages">Of the payment.</param>
    /// <param name="before">Of earlier payments of the same pay period: tax is on all of it, less what it is on these.
    /// </param>
    /// <param name="lines">Where the line is added.</param>
    public static bool TryAdd(
        AmericanFacts facts, AmericanFigures law, PayFrequency frequency, decimal wages, decimal before,
        PayslipLines lines)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(law);
        ArgumentNullException.ThrowIfNull(lines);
        var isOld = facts.Form == FormW4.Before2020;
        var status = facts.FilingStatus.Withholding();
        if (law.Withholding(status, !isOld && facts.Step2) is not { } table)
        {
            return false;
        }

        var perYear = frequency.PerYear();
        var adjustment = isOld
            ? law.Allowance * facts.Allowances
            : facts.Step4b + (facts.Step2 ? 0m
                : status == WithholdingTable.MarriedJointly
                ? law.AdjustmentMarriedJointly.Value : law.AdjustmentOthers.Value);
        var credits = isOld ? 0 : facts.Step3;
        var tax = Tax(before + wages, out var annual, out var owed, out var rate);
        lines.Step("wages made annual", (before + wages) * perYear);
        lines.Step("adjusted annual wages", annual, law.AdjustmentOthers.Figure);
        lines.Step("tax of the year by the table", owed, table.Figure);
        lines.Step("credits of the year", credits);
        lines.Step("more to withhold from each payment", facts.Step4c);
        if (before != 0)
        {
            var taken = Tax(before, out _, out _, out _);
            lines.Step("tax of earlier payments of the period", taken);
            tax -= taken;
        }

        lines.Add(Line, tax, annual, new(rate, table.Figure));
        return true;

        decimal Tax(decimal ofPeriod, out decimal annual, out decimal owed, out decimal rate)
        {
            annual = Math.Max((ofPeriod * perYear) + (isOld ? 0 : facts.Step4a) - adjustment, 0);
            owed = table.Owed(annual, out rate);
            return ToCents(Math.Max(owed - credits, 0) / perYear) + facts.Step4c;
        }
    }
}
