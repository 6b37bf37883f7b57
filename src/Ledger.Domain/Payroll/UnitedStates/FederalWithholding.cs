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
    public static bool TryAdd(
        AmericanFacts facts, AmericanFigures law, PayFrequency frequency, decimal wages, PayslipLines lines)
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
        var annual = Math.Max((wages * perYear) + (isOld ? 0 : facts.Step4a) - adjustment, 0);
        var owed = table.Owed(annual, out var rate);
        var credits = isOld ? 0 : facts.Step3;
        var tax = ToCents(Math.Max(owed - credits, 0) / perYear) + facts.Step4c;
        lines.Step("wages made annual", wages * perYear);
        lines.Step("adjusted annual wages", annual, law.AdjustmentOthers.Figure);
        lines.Step("tax of the year by the table", owed, table.Figure);
        lines.Step("credits of the year", credits);
        lines.Step("more to withhold from each payment", facts.Step4c);
        lines.Add(Line, tax, annual, new(rate, table.Figure));
        return true;
    }
}
