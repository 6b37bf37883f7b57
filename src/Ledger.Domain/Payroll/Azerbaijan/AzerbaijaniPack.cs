using NodaTime;
using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.Azerbaijan;

/// <summary>
/// Azerbaijan. Each levy is on gross pay of the month, in bands; contributions do not reduce what is taxed. What is due
/// is that of the whole month less that of its earlier payslips. Amounts are rounded to the qəpik, a half away from
/// zero, which no source confirms.
/// </summary>
/// <remarks>Tax Code, art. 101 and 102; Law on Social Insurance, art. 14; Law on Unemployment Insurance; Law on Medical
/// Insurance.</remarks>
public sealed class AzerbaijaniPack : Pack<AzerbaijaniFigures, AzerbaijaniFacts, AzerbaijaniToDate>
{
    private static readonly UnitCode Manat = new("AZN");

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

    private AzerbaijaniPack()
        : base("az", "AZ", 1, static set => new(set))
    {
    }

    public static AzerbaijaniPack Instance { get; } = new();

    public override string Description =>
        "Azerbaijan: income tax, social, unemployment and medical insurance in bands, by sector.";

    public override IReadOnlyList<PayElement> Elements { get; } =
    [
        new("salary", Treatments.Ordinary, "Wages for the time worked"),
        new("overtime", Treatments.Ordinary, "Pay for overtime and for work on holidays"),
        new("bonus", Treatments.Ordinary, "Bonuses and other additional pay"),
        new("allowance", Treatments.Ordinary, "Allowances that are taxed as wages"),
        new("leavePay", Treatments.Ordinary, "Pay for leave, taxed with each month's wages"),
        new("employerSickPay", Treatments.Ordinary, "Sick pay from the employer, for the first 14 days"),
        new("benefitInKind", Treatments.Insured | Treatments.Taxed, "Pay in kind: insured and taxed, not paid out"),
    ];

    public override IReadOnlyList<Fact> Facts => AzerbaijaniFacts.Declared;

    public override IReadOnlyList<Fact> ToDate => AzerbaijaniToDate.Declared;

    public override UnitCode CurrencyOn(LocalDate day) => Manat;

    public override IEnumerable<decimal> TurningPoints(PayCalculation pay, FactSheet toDate)
    {
        ArgumentNullException.ThrowIfNull(pay);
        ArgumentNullException.ThrowIfNull(toDate);
        return FiguresOn(pay.EarnedOn, pay.LawKnownOn, out var law) is null
            ? [law.ReliefIncomeMax - toDate.Amount(AzerbaijaniToDate.TaxedPayFact)] : [];
    }

    public override Refusal? Read(FactSheet sheet, out AzerbaijaniFacts facts)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        facts = AzerbaijaniFacts.Of(sheet);
        return null;
    }

    public override AzerbaijaniToDate ReadToDate(FactSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        return AzerbaijaniToDate.Of(sheet);
    }

    public override Refusal? Levy(SlipPay pay, PayslipLines lines) =>
        throw new NotSupportedException("Payslips of this pack are not made yet.");

    protected override LocalDate LawOf(PayCalculation pay) => pay.EarnedOn;

    protected override bool Covers(PayFrequency frequency, AzerbaijaniFigures law) => frequency == PayFrequency.Monthly;

    protected override Refusal? Calculate(
        PayCalculation pay, AzerbaijaniFigures law, AzerbaijaniFacts facts, AzerbaijaniToDate toDate,
        PayslipLines lines)
    {
        var bases = PayBases.Of(pay.Earnings.Span, lines);
        var rates = facts.Sector == AzerbaijaniSector.PrivateNonOil ? law.Private : law.State;
        var (before, insured) = (toDate.InsuredPay, toDate.InsuredPay + bases.Insured);
        Tax(rates.IncomeTax, facts, law, toDate.TaxedPay, toDate.TaxedPay + bases.Taxed, lines);
        Levy(SocialInsurance, rates.SocialInsurance, before, insured, lines);
        Levy(Unemployment, law.Unemployment, before, insured, lines);
        Levy(Medical, rates.Medical, before, insured, lines);
        Levy(SocialInsuranceEmployer, rates.SocialInsuranceEmployer, before, insured, lines);
        Levy(UnemploymentEmployer, law.UnemploymentEmployer, before, insured, lines);
        Levy(MedicalEmployer, rates.Medical, before, insured, lines);
        return null;
    }

    private static void Tax(
        Bands bands, AzerbaijaniFacts facts, AzerbaijaniFigures law, decimal before, decimal taxed, PayslipLines lines)
    {
        var relief = ReliefOn(taxed);
        var due = ToCents(bands.Owed(taxed - relief, out var rate));
        lines.Step("taxed pay of the month", taxed);
        lines.Step("reliefs", relief, law.Relief.Figure);
        if (before != 0)
        {
            var withheld = ToCents(bands.Owed(before - ReliefOn(before), out _));
            lines.Step("tax of earlier payslips of the month", withheld);
            due -= withheld;
        }

        lines.Add(IncomeTax, due, Math.Max(taxed - relief, 0), new(rate, bands.Figure));

        decimal ReliefOn(decimal income) => facts.FurtherRelief
            + (facts.IsMainWorkplace && income <= law.ReliefIncomeMax ? law.Relief.Value : 0);
    }

    private static void Levy(LineType type, Bands bands, decimal before, decimal insured, PayslipLines lines)
    {
        var due = ToCents(bands.Owed(insured, out var rate));
        lines.Step("insured pay of the month", insured);
        if (before != 0)
        {
            var withheld = ToCents(bands.Owed(before, out _));
            lines.Step("due on earlier payslips of the month", withheld);
            due -= withheld;
        }

        lines.Add(type, due, insured, new(rate, bands.Figure));
    }

    private static void Levy(LineType type, Known rate, decimal before, decimal insured, PayslipLines lines)
    {
        lines.Step("insured pay of the month", insured);
        lines.Add(type, ToCents(insured * rate) - (before == 0 ? 0 : ToCents(before * rate)), insured, rate);
    }
}
