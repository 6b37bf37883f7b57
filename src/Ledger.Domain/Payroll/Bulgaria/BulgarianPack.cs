using NodaTime;
using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.Bulgaria;

/// <summary>
/// Bulgaria, third category of labour. Contributions are due on insurable income: insured pay of the month, at least
/// that of the post, at most the ceiling less what other employers insure; each fund is rounded to the cent by itself,
/// a half away from zero. Income tax is due on taxable pay less these contributions.
/// </summary>
/// <remarks>Social Insurance Code, art. 6 and 157; Health Insurance Act, art. 40; Taxes on Income of Natural Persons
/// Act, art. 24, 25, 42 and 48.</remarks>
public sealed class BulgarianPack : Pack<BulgarianFacts, BulgarianToDate>
{
    private const Treatments Salary = Treatments.Ordinary;

    private static readonly LocalDate FirstOfEuro = new(2026, 1, 1);
    private static readonly UnitCode Lev = new("BGN");
    private static readonly UnitCode Euro = new("EUR");

    private readonly FigureCache<BulgarianFigures> figures;

    private BulgarianPack()
        : base("bg", "BG", 1) => figures = new(Name, Figures, static set => new(set));

    public static BulgarianPack Instance { get; } = new();

    public override string Description =>
        "Bulgaria: contributions by fund with floor and ceiling, flat income tax with reliefs; from 2025 on.";

    public override IReadOnlyList<PayElement> Elements { get; } =
    [
        new("salary", Salary, "Basic pay for the time worked, and paid leave"),
        new("seniority", Salary, "Supplement for seniority and experience (Labour Code, art. 66; 0.6 % a year)"),
        new("overtime", Salary, "Pay for overtime and for work on rest days and holidays (Labour Code, art. 262, 264)"),
        new("nightWork", Salary, "Supplement for night work (Ordinance on the structure of the salary, art. 8)"),
        new("bonus", Salary, "Bonuses and other additional pay"),
        new("allowance", Salary, "Allowances that are taxed as pay"),
        new("employerSickPay", Treatments.Insured | Treatments.PaidOut,
            "Sick pay from the employer: insured, not taxed (Social Insurance Code, art. 40 (5))"),
        new("noticeCompensation", Treatments.Taxed | Treatments.PaidOut,
            "Compensation instead of notice: taxed, not insured (Labour Code, art. 220)"),
        new("leaveCompensation", Treatments.Taxed | Treatments.PaidOut,
            "Compensation for leave not taken: taxed, not insured (Labour Code, art. 224)"),
        new("severance", Treatments.PaidOut,
            "Compensation at retirement or illness: neither (Labour Code, art. 222 (2) and (3))"),
        new("benefitInKind", Treatments.Insured | Treatments.Taxed, "Pay in kind: insured and taxed, not paid out"),
    ];

    public override IReadOnlyList<Fact> Facts => BulgarianFacts.Declared;

    public override IReadOnlyList<Fact> ToDate => BulgarianToDate.Declared;

    /// <summary>The currency of a month is that of the month in which it was earned.</summary>
    public override UnitCode CurrencyOn(LocalDate day) => day < FirstOfEuro ? Lev : Euro;

    public override IEnumerable<decimal> TurningPoints(PayCalculation pay, FactSheet toDate)
    {
        ArgumentNullException.ThrowIfNull(pay);
        ArgumentNullException.ThrowIfNull(toDate);
        return figures.Find(pay.EarnedOn, pay.LawKnownOn, out var law) is null
            ? [law.MaximumInsurableIncome - toDate.Amount(BulgarianToDate.InsuredPayFact)] : [];
    }

    public override Refusal? Read(FactSheet sheet, out BulgarianFacts facts)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        facts = BulgarianFacts.Of(sheet);
        return null;
    }

    public override BulgarianToDate ReadToDate(FactSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        return BulgarianToDate.Of(sheet);
    }

    public override Refusal? Calculate(
        PayCalculation pay, BulgarianFacts facts, BulgarianToDate toDate, PayslipLines lines)
    {
        ArgumentNullException.ThrowIfNull(pay);
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(toDate);
        ArgumentNullException.ThrowIfNull(lines);
        if (figures.Find(pay.EarnedOn, pay.LawKnownOn, out var law) is { } unknown)
        {
            return unknown;
        }

        if (pay.Frequency != PayFrequency.Monthly)
        {
            return PayrollRefusals.FrequencyNotCovered(Name, pay.Frequency);
        }

        if (facts.AccidentRate < law.AccidentRateLowest || facts.AccidentRate > law.AccidentRateHighest)
        {
            return PayrollRefusals.FactInvalid(
                BulgarianFacts.AccidentRateFact, FactValue.Of(facts.AccidentRate * 100));
        }

        var incapacityRelief = facts.HasIncapacity ? facts.IncapacityRelief ?? law.IncapacityRelief?.Value : 0;
        if (incapacityRelief is null)
        {
            return PayrollRefusals.FactMissing(BulgarianFacts.IncapacityReliefFact);
        }

        var bases = PayBases.Of(pay.Earnings.Span, lines);
        var before = Insurable(toDate.InsuredPay, facts, law);
        var insurable = Insurable(toDate.InsuredPay + bases.Insured, facts, law);
        Contribute(facts, law, insurable, before, lines);
        Tax(law, toDate, bases, lines, incapacityRelief.Value + (law.ChildReliefEachMonth ? facts.ChildRelief : 0));
        return null;
    }

    /// <summary>Whoever has no insured pay in the month has no insurable income, whatever the floor.</summary>
    private static decimal Insurable(decimal insuredPay, BulgarianFacts facts, BulgarianFigures law)
    {
        if (insuredPay <= 0)
        {
            return 0;
        }

        var ceiling = Math.Max(law.MaximumInsurableIncome - facts.OtherInsurableIncome, 0);
        return Math.Min(Math.Max(insuredPay, facts.MinimumInsurableIncome), ceiling);
    }

    /// <param name="before">What earlier payslips of the month have insured.</param>
    private static void Contribute(
        BulgarianFacts facts, BulgarianFigures law, decimal insurable, decimal before, PayslipLines lines)
    {
        var funds = facts.BornBefore1960 ? law.FundsBornBefore1960 : law.Funds;
        foreach (var fund in funds)
        {
            Working(law, insurable, before, lines);
            lines.Add(fund.Employee, Due(fund.EmployeeRate), insurable, fund.EmployeeRate);
        }

        foreach (var fund in funds)
        {
            Working(law, insurable, before, lines);
            lines.Add(fund.Employer, Due(fund.EmployerRate), insurable, fund.EmployerRate);
        }

        Working(law, insurable, before, lines);
        lines.Add(
            BulgarianLines.WorkAccident, Due(facts.AccidentRate), insurable,
            new(facts.AccidentRate, law.AccidentRateLowest.Figure));

        decimal Due(decimal rate) => ToCents(insurable * rate) - (before == 0 ? 0 : ToCents(before * rate));
    }

    private static void Working(BulgarianFigures law, decimal insurable, decimal before, PayslipLines lines)
    {
        lines.Step("insurable income of the month", insurable, law.MaximumInsurableIncome.Figure);
        if (before != 0)
        {
            lines.Step("insured by earlier payslips of the month", before);
        }
    }

    private static void Tax(
        BulgarianFigures law, BulgarianToDate toDate, PayBases bases, PayslipLines lines, decimal reliefs)
    {
        var taxable = toDate.TaxedPay + bases.Taxed;
        var contributions = toDate.Contributions + lines.Contributions;
        var taxBase = Math.Max(taxable - contributions - reliefs, 0);
        lines.Step("taxable pay of the month", taxable);
        lines.Step("the employee's contributions of the month", contributions);
        if (reliefs != 0)
        {
            lines.Step("reliefs", reliefs, law.IncapacityRelief?.Figure);
        }

        if (toDate.Tax != 0)
        {
            lines.Step("tax of earlier payslips of the month", toDate.Tax);
        }

        lines.Add(BulgarianLines.IncomeTax, ToCents(taxBase * law.IncomeTax) - toDate.Tax, taxBase, law.IncomeTax);
    }
}
