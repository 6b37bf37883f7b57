using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.Bulgaria;

/// <summary>The formulas of contributions and of income tax.</summary>
internal static class BulgarianLevies
{
    /// <summary>How many lines of contributions there are: places as in <see cref="BulgarianLines"/>.</summary>
    public const int Contributions = 12;

    private const int FirstOfEmployer = 5;
    private const int Accident = 10;

    /// <summary>The place of the health contribution while incapacitated.</summary>
    public const int Incapacity = 11;

    /// <summary>Null, and the monthly reliefs; or which fact is missing or out of the law's range.</summary>
    public static Refusal? Check(BulgarianFacts facts, BulgarianFigures law, out decimal reliefs)
    {
        reliefs = 0;
        if (facts.AccidentRate < law.AccidentRateLowest || facts.AccidentRate > law.AccidentRateHighest)
        {
            return PayrollRefusals.FactInvalid(
                BulgarianFacts.AccidentRateFact, FactValue.Of(facts.AccidentRate * 100));
        }

        if ((facts.HasIncapacity ? facts.IncapacityRelief ?? law.IncapacityRelief?.Value : 0) is not { } incapacity)
        {
            return PayrollRefusals.FactMissing(BulgarianFacts.IncapacityReliefFact);
        }

        reliefs = incapacity + (law.ChildReliefEachMonth ? facts.ChildRelief : 0);
        return null;
    }

    /// <summary>Whoever has no insured pay in the month has no insurable income, whatever the floor.</summary>
    public static decimal Insurable(decimal insuredPay, decimal floor, BulgarianFacts facts, BulgarianFigures law)
    {
        if (insuredPay <= 0)
        {
            return 0;
        }

        var ceiling = Math.Max(law.MaximumInsurableIncome - facts.OtherInsurableIncome, 0);
        return Math.Min(Math.Max(insuredPay, floor), ceiling);
    }

    /// <summary>Adds what is due on an insurable income, as payslips that are not known must have taken it.</summary>
    public static void Taken(decimal insurable, BulgarianFacts facts, BulgarianFigures law, Span<decimal> taken)
    {
        if (insurable == 0)
        {
            return;
        }

        foreach (var fund in facts.BornBefore1960 ? law.FundsBornBefore1960 : law.Funds)
        {
            taken[fund.Place] += ToCents(insurable * fund.EmployeeRate);
            taken[FirstOfEmployer + fund.Place] += ToCents(insurable * fund.EmployerRate);
        }

        taken[Accident] += ToCents(insurable * facts.AccidentRate);
    }

    /// <param name="facts">Of the month.</param>
    /// <param name="law">Of the month.</param>
    /// <param name="insurable">Of the whole month.</param>
    /// <param name="before">What earlier payslips of the month have insured.</param>
    /// <param name="taken">What they have taken, by line.</param>
    /// <param name="lines">Where the differences are added.</param>
    public static void Contribute(
        BulgarianFacts facts, BulgarianFigures law, decimal insurable, decimal before, ReadOnlySpan<decimal> taken,
        PayslipLines lines)
    {
        var funds = facts.BornBefore1960 ? law.FundsBornBefore1960 : law.Funds;
        foreach (var fund in funds)
        {
            Add(fund.Employee, fund.EmployeeRate, taken[fund.Place]);
        }

        GiveBack(funds, 0, taken, lines);
        foreach (var fund in funds)
        {
            Add(fund.Employer, fund.EmployerRate, taken[FirstOfEmployer + fund.Place]);
        }

        GiveBack(funds, FirstOfEmployer, taken, lines);
        Add(BulgarianLines.WorkAccident, new(facts.AccidentRate, law.AccidentRateLowest.Figure), taken[Accident]);

        void Add(LineType line, Known rate, decimal takenOfLine)
        {
            lines.Step("insurable income of the month", insurable, law.MaximumInsurableIncome.Figure);
            if (before != 0)
            {
                lines.Step("insured by earlier payslips of the month", before);
            }

            lines.Add(line, ToCents(insurable * rate) - takenOfLine, insurable, rate);
        }
    }

    /// <summary>What was taken for a fund that is none of the employee's, as is known now.</summary>
    private static void GiveBack(BulgarianFund[] funds, int first, ReadOnlySpan<decimal> taken, PayslipLines lines)
    {
        for (var place = 0; place < FirstOfEmployer; place++)
        {
            if (taken[first + place] != 0 && !Array.Exists(funds, fund => fund.Place == place))
            {
                lines.Step("taken by earlier payslips of the month", taken[first + place]);
                lines.Add(BulgarianLines.Contributions[first + place], -taken[first + place]);
            }
        }
    }

    /// <param name="law">Of the month.</param>
    /// <param name="before">What earlier payslips of the month have taken.</param>
    /// <param name="taxable">Taxed pay of the month, these payslips included.</param>
    /// <param name="reliefs">A month.</param>
    /// <param name="lines">Contributions of this payslip, and where the tax is added.</param>
    public static void Tax(
        BulgarianFigures law, BulgarianToDate before, decimal taxable, decimal reliefs, PayslipLines lines)
    {
        var contributions = before.Contributions + lines.Contributions;
        var taxBase = Math.Max(taxable - contributions - reliefs, 0);
        lines.Step("taxable pay of the month", taxable);
        lines.Step("the employee's contributions of the month", contributions);
        if (reliefs != 0)
        {
            lines.Step("reliefs", reliefs, law.IncapacityRelief?.Figure);
        }

        if (before.Tax != 0)
        {
            lines.Step("tax of earlier payslips of the month", before.Tax);
        }

        lines.Add(BulgarianLines.IncomeTax, ToCents(taxBase * law.IncomeTax) - before.Tax, taxBase, law.IncomeTax);
    }
}
