using System.Collections.Frozen;
using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.Azerbaijan;

/// <summary>The formulas of the levies of a month.</summary>
internal static class AzerbaijaniLevies
{
    public const int Count = 7;

    private static readonly LineType IncomeTax = new(
        "incomeTax", LineKind.Tax, "Income tax: taxed pay of the month less reliefs, by bands", IsBanded: true);

    private static readonly LineType SocialInsurance = new(
        "socialInsurance", LineKind.Contribution, "State social insurance: insured pay of the month, by bands",
        IsBanded: true);

    private static readonly LineType Unemployment = new(
        "unemployment", LineKind.Contribution, "Unemployment insurance: insured pay × the employee's rate");

    private static readonly LineType Medical = new(
        "medical", LineKind.Contribution, "Medical insurance: insured pay of the month, by bands", IsBanded: true);

    private static readonly LineType SocialInsuranceEmployer = new(
        "socialInsuranceEmployer", LineKind.EmployerContribution,
        "State social insurance: insured pay of the month, by the employer's bands", IsBanded: true);

    private static readonly LineType UnemploymentEmployer = new(
        "unemploymentEmployer", LineKind.EmployerContribution,
        "Unemployment insurance: insured pay × the employer's rate");

    private static readonly LineType MedicalEmployer = new(
        "medicalEmployer", LineKind.EmployerContribution, "Medical insurance: insured pay of the month, by bands",
        IsBanded: true);

    private static readonly LineType[] All =
    [
        IncomeTax, SocialInsurance, Unemployment, Medical, SocialInsuranceEmployer, UnemploymentEmployer,
        MedicalEmployer,
    ];

    /// <summary>The places of levies among those that are taken.</summary>
    public static FrozenDictionary<string, int> PlaceOfCode { get; } =
        All.Select((line, place) => (line.Code, place)).ToFrozenDictionary(each => each.Code, each => each.place);

    /// <summary>What is due on the pay of a month, by the places of levies.</summary>
    public static void Due(
        AzerbaijaniFacts facts, AzerbaijaniFigures law, decimal insured, decimal taxed, Span<decimal> due)
    {
        if (insured == 0 && taxed == 0)
        {
            return;
        }

        var rates = RatesOf(facts, law);
        due[0] = ToCents(rates.IncomeTax.Owed(taxed - Relief(facts, law, taxed), out _));
        due[1] = ToCents(rates.SocialInsurance.Owed(insured, out _));
        due[2] = ToCents(insured * law.Unemployment);
        due[3] = ToCents(rates.Medical.Owed(insured, out _));
        due[4] = ToCents(rates.SocialInsuranceEmployer.Owed(insured, out _));
        due[5] = ToCents(insured * law.UnemploymentEmployer);
        due[6] = due[3];
    }

    /// <param name="facts">Of the month.</param>
    /// <param name="law">Of the month.</param>
    /// <param name="insured">Insured pay of the whole month.</param>
    /// <param name="taxed">Taxed pay of the whole month.</param>
    /// <param name="taken">What earlier payslips have taken, by the places of levies.</param>
    /// <param name="lines">Where the differences are added.</param>
    public static void Add(
        AzerbaijaniFacts facts, AzerbaijaniFigures law, decimal insured, decimal taxed, ReadOnlySpan<decimal> taken,
        PayslipLines lines)
    {
        Span<decimal> due = stackalloc decimal[Count];
        Due(facts, law, insured, taxed, due);
        var rates = RatesOf(facts, law);
        var relief = Relief(facts, law, taxed);
        rates.IncomeTax.Owed(taxed - relief, out var taxRate);
        rates.SocialInsurance.Owed(insured, out var socialRate);
        rates.Medical.Owed(insured, out var medicalRate);
        rates.SocialInsuranceEmployer.Owed(insured, out var employerRate);
        lines.Step("taxed pay of the month", taxed);
        lines.Step("reliefs", relief, law.Relief.Figure);
        if (taken[0] != 0)
        {
            lines.Step("tax of earlier payslips of the month", taken[0]);
        }

        lines.Add(IncomeTax, due[0] - taken[0], Math.Max(taxed - relief, 0), new(taxRate, rates.IncomeTax.Figure));
        Levy(1, new(socialRate, rates.SocialInsurance.Figure), insured, due, taken, lines);
        Levy(2, law.Unemployment, insured, due, taken, lines);
        Levy(3, new(medicalRate, rates.Medical.Figure), insured, due, taken, lines);
        Levy(4, new(employerRate, rates.SocialInsuranceEmployer.Figure), insured, due, taken, lines);
        Levy(5, law.UnemploymentEmployer, insured, due, taken, lines);
        Levy(6, new(medicalRate, rates.Medical.Figure), insured, due, taken, lines);
    }

    private static void Levy(
        int place, Known rate, decimal insured, ReadOnlySpan<decimal> due, ReadOnlySpan<decimal> taken,
        PayslipLines lines)
    {
        lines.Step("insured pay of the month", insured);
        if (taken[place] != 0)
        {
            lines.Step("due on earlier payslips of the month", taken[place]);
        }

        lines.Add(All[place], due[place] - taken[place], insured, rate);
    }

    private static AzerbaijaniRates RatesOf(AzerbaijaniFacts facts, AzerbaijaniFigures law) =>
        facts.Sector == AzerbaijaniSector.PrivateNonOil ? law.Private : law.State;

    private static decimal Relief(AzerbaijaniFacts facts, AzerbaijaniFigures law, decimal income) =>
        facts.FurtherRelief + (facts.IsMainWorkplace && income <= law.ReliefIncomeMax ? law.Relief.Value : 0);
}
