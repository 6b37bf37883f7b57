using System.Collections.Frozen;
using Ledger.Domain.TimeSheets;
using NodaTime;
using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.UnitedStates;

/// <summary>
/// United States, federal law. Everything goes by the day of payment and the calendar year: social security up to the
/// wage base, Medicare with its addition, federal income tax by Form W-4, supplemental wages at their flat rate.
/// What states and localities take is told by whoever calculates; where a state has an income tax, it must be.
/// </summary>
/// <remarks>Internal Revenue Code, sec. 3101, 3102, 3111, 3121, 3301, 3306 and 3402.</remarks>
public sealed class AmericanPack : Pack<AmericanFigures, AmericanFacts, AmericanToDate>
{
    private static readonly UnitCode Dollar = new("USD");

    /// <summary>States and districts, and whether wages are taxed there.</summary>
    private static readonly FrozenDictionary<string, bool> States =
        "AL AR AZ CA CO CT DC DE GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NJ NM NY OH OK OR PA RI SC"
            .Split(' ').Select(state => (state, true))
            .Concat("UT VA VT WI WV".Split(' ').Select(state => (state, true)))
            .Concat("AK FL NH NV SD TN TX WA WY".Split(' ').Select(state => (state, false)))
            .ToFrozenDictionary(each => each.state, each => each.Item2, StringComparer.Ordinal);

    private static readonly LineType SocialSecurity = new(
        "socialSecurity", LineKind.Contribution, "Social security: wages up to the year's wage base × the rate");

    private static readonly LineType Medicare = new("medicare", LineKind.Contribution, "Medicare: wages × the rate");

    private static readonly LineType AdditionalMedicare = new(
        "additionalMedicare", LineKind.Contribution,
        "Additional Medicare: wages of the year above the limit × the rate");

    private static readonly LineType SupplementalTax = new(
        "supplementalIncomeTax", LineKind.Tax,
        "Federal income tax on supplemental wages: a flat rate, and another above a million a year");

    private static readonly LineType StateTax = new("stateTax", LineKind.Tax, "State income tax, as it was told");

    private static readonly LineType LocalTax = new("localTax", LineKind.Tax, "Local income tax, as it was told");

    private static readonly LineType StateInsurance = new(
        "stateInsurance", LineKind.Contribution, "State insurances, as they were told");

    private static readonly LineType SocialSecurityEmployer = new(
        "socialSecurityEmployer", LineKind.EmployerContribution,
        "Employer's social security: wages up to the year's wage base × the rate");

    private static readonly LineType MedicareEmployer = new(
        "medicareEmployer", LineKind.EmployerContribution, "Employer's Medicare: wages × the rate");

    private static readonly LineType Unemployment = new(
        "unemploymentEmployer", LineKind.EmployerContribution,
        "FUTA: wages up to the year's limit × the rate after credit, with the state's reduction of it");

    private static readonly LineType StateUnemployment = new(
        "stateUnemploymentEmployer", LineKind.EmployerContribution, "State unemployment tax, as it was told");

    private AmericanPack()
        : base("us", "US", 1, static set => new(set))
    {
    }

    public static AmericanPack Instance { get; } = new();

    public override string Description =>
        "United States, federal: FICA, FUTA, income tax withholding by Form W-4; what states take is told, not found.";

    public override IReadOnlyList<PayElement> Elements { get; } =
    [
        new("salary", Treatments.Ordinary, "Salary or wages"),
        new("overtime", Treatments.Ordinary, "Pay for overtime (Fair Labor Standards Act, sec. 7)"),
        new("tips", Treatments.Ordinary, "Tips that were reported"),
        new("bonus", Treatments.Ordinary | Treatments.Supplemental, "Bonuses and other supplemental wages"),
        new("arrears", Treatments.Ordinary | Treatments.Supplemental, "Pay of earlier periods, paid late"),
        new("paidLeave", Treatments.Ordinary, "Pay for leave"),
        new("benefitInKind", Treatments.Insured | Treatments.Taxed, "Fringe benefits that are wages"),
        new("expenses", Treatments.PaidOut, "Expenses paid back under an accountable plan"),
    ];

    public override IReadOnlyList<Fact> Facts => AmericanFacts.Declared;

    public override IReadOnlyList<Fact> ToDate => AmericanToDate.Declared;

    public override UnitCode CurrencyOn(LocalDate day) => Dollar;

    public override Refusal? Read(FactSheet sheet, out AmericanFacts facts)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        facts = AmericanFacts.Of(sheet);
        if (!States.TryGetValue(facts.WorkState, out var isTaxed))
        {
            return PayrollRefusals.FactInvalid(AmericanFacts.WorkStateFact, new(facts.WorkState));
        }

        if (isTaxed && facts.StateTax is null)
        {
            return PayrollRefusals.FactMissing(AmericanFacts.StateTaxFact);
        }

        if (facts.Form == FormW4.Before2020
            && facts.FilingStatus is not (FilingStatus.Single or FilingStatus.MarriedJointly))
        {
            return PayrollRefusals.FactsContradict(
                AmericanFacts.FormFact.Name, AmericanFacts.FilingStatusFact.Name,
                "as forms before 2020 know only single and married");
        }

        return facts is { Form: FormW4.Since2020, Allowances: > 0 }
            ? PayrollRefusals.FactsContradict(
                AmericanFacts.FormFact.Name, AmericanFacts.AllowancesFact.Name, "as forms since 2020 have none")
            : null;
    }

    public override AmericanToDate ReadToDate(FactSheet sheet)
    {
        ArgumentNullException.ThrowIfNull(sheet);
        return AmericanToDate.Of(sheet);
    }

    public override HourRules HourRules { get; } = new(OvertimeAfter.Week, ByContract: false, false, false);

    public override IReadOnlyList<string> HourElements { get; } = ["overtime"];

    /// <summary>Wages are paid for all hours, and for those above forty of a week the premium beside. A salary below
    /// the exempt one pays the contract's hours, and those above forty by themselves.</summary>
    /// <remarks>29 CFR 778.109, 778.113 and 541.600.</remarks>
    public override Refusal? PayHours(SlipPay pay, HoursToPay hours, HourPay due)
    {
        ArgumentNullException.ThrowIfNull(pay);
        ArgumentNullException.ThrowIfNull(due);
        if (AmericanWages.On(hours.Day, pay.LawKnownOn, out var law) is { } unknown)
        {
            return unknown;
        }

        due.Add(PlaceOf(SalaryElement), hours.Minutes.All, hours.HourlyWage ?? 0, "hours");
        law.PayOvertime(hours, PlaceOf("overtime"), due);
        return null;
    }

    public override bool IsBelowMinimumWage(WageTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return terms.PerHour is { } perHour
            && AmericanWages.On(terms.FirstDay, terms.LawKnownOn, out var law) is null
            && law.IsBelowMinimumWage(perHour, 1);
    }

    /// <summary>Support orders come first and leave less to ordinary creditors.</summary>
    /// <remarks>29 CFR 870.11.</remarks>
    public override Refusal? Attachable(
        SlipPay pay, decimal disposable, decimal supported, bool isOfEmployer, out decimal attachable)
    {
        ArgumentNullException.ThrowIfNull(pay);
        attachable = 0;
        if (AmericanWages.On(pay.PayDate, pay.LawKnownOn, out var law) is { } unknown)
        {
            return unknown;
        }

        attachable = Math.Max(law.Garnishable(disposable, pay.Frequency) - supported, 0);
        return null;
    }

    public override Refusal? Levy(SlipPay pay, PayslipLines lines)
    {
        ArgumentNullException.ThrowIfNull(pay);
        ArgumentNullException.ThrowIfNull(lines);
        return new AmericanPayment(this, pay, lines).Levy();
    }

    /// <summary>Null, and the law and the facts of a payment; or what is missing.</summary>
    internal Refusal? PaymentOf(SlipPay pay, LocalDate payDate, out AmericanFigures law, out AmericanFacts facts)
    {
        facts = null!;
        return Prepare(payDate, pay.LawKnownOn, pay.Frequency, out law) ?? FactsOn(pay, payDate, out facts);
    }

    protected override LocalDate LawOf(PayCalculation pay) => pay.PayDate;

    protected override bool Covers(PayFrequency frequency, AmericanFigures law) => true;

    protected override Refusal? Calculate(
        PayCalculation pay, AmericanFigures law, AmericanFacts facts, AmericanToDate toDate, PayslipLines lines)
    {
        return Levy(
            pay, law, facts, toDate, PayBases.Of(pay.Earnings.Span, lines), AmericanPeriod.None, lines);
    }

    /// <param name="pay">The payment.</param>
    /// <param name="law">Of its day.</param>
    /// <param name="facts">Of its day.</param>
    /// <param name="toDate">Paid before in the year.</param>
    /// <param name="bases">What is paid.</param>
    /// <param name="period">Paid and taken before in the same pay period.</param>
    /// <param name="lines">Where levies are added.</param>
    internal Refusal? Levy(
        PayCalculation pay, AmericanFigures law, AmericanFacts facts, AmericanToDate toDate, PayBases bases,
        AmericanPeriod period, PayslipLines lines)
    {
        var insured = facts.IsExemptFromFica ? 0 : bases.Insured;
        InsureEmployee(law, toDate, insured, lines);
        if (!facts.IsExemptFromIncomeTax && bases.Taxed != 0
            && !FederalWithholding.TryAdd(facts, law, pay.Frequency, bases.Taxed, period.Wages, lines))
        {
            return PayrollRefusals.FigureUnknown(
                Name, $"withholding table of {Texts.Camel(facts.FilingStatus)}{(facts.Step2 ? " with Step 2" : "")}",
                pay.PayDate);
        }

        WithholdSupplemental(facts, law, toDate, bases.Supplemental, lines);
        Told(StateTax, (facts.StateTax ?? 0) - period.StateTax, lines);
        Told(LocalTax, facts.LocalTax - period.LocalTax, lines);
        Told(StateInsurance, facts.StateInsurance - period.StateInsurance, lines);
        InsureEmployer(facts, law, toDate, insured, bases.Insured, lines);
        Told(StateUnemployment, facts.StateUnemployment - period.StateUnemployment, lines);
        return null;
    }

    /// <summary>Social security, Medicare, and the addition above the limit whatever the filing status.</summary>
    public static void InsureEmployee(AmericanFigures law, AmericanToDate toDate, decimal wages, PayslipLines lines)
    {
        ArgumentNullException.ThrowIfNull(law);
        ArgumentNullException.ThrowIfNull(toDate);
        ArgumentNullException.ThrowIfNull(lines);
        var below = Below(law.SocialSecurityWageBase, toDate.SocialSecurityWages, wages);
        lines.Step("wages of the year before", toDate.SocialSecurityWages);
        lines.Step("wage base of the year", law.SocialSecurityWageBase, law.SocialSecurityWageBase.Figure);
        lines.Add(SocialSecurity, ToCents(below * law.SocialSecurity), below, law.SocialSecurity);
        lines.Add(Medicare, ToCents(wages * law.Medicare), wages, law.Medicare);
        var above = wages - Below(law.AdditionalMedicareAbove, toDate.MedicareWages, wages);
        if (above != 0)
        {
            lines.Step("wages of the year before", toDate.MedicareWages);
            lines.Add(AdditionalMedicare, ToCents(above * law.AdditionalMedicare), above, law.AdditionalMedicare);
        }
    }

    private static void InsureEmployer(
        AmericanFacts facts, AmericanFigures law, AmericanToDate toDate, decimal insured, decimal wages,
        PayslipLines lines)
    {
        var below = Below(law.SocialSecurityWageBase, toDate.SocialSecurityWages, insured);
        lines.Add(SocialSecurityEmployer, ToCents(below * law.SocialSecurity), below, law.SocialSecurity);
        lines.Add(MedicareEmployer, ToCents(insured * law.Medicare), insured, law.Medicare);
        var unemployment = Below(law.UnemploymentWageBase, toDate.UnemploymentWages, wages);
        var rate = law.Unemployment.Value + facts.CreditReduction;
        lines.Add(Unemployment, ToCents(unemployment * rate), unemployment, new(rate, law.Unemployment.Figure));
    }

    private static void WithholdSupplemental(
        AmericanFacts facts, AmericanFigures law, AmericanToDate toDate, decimal wages, PayslipLines lines)
    {
        if (wages == 0 || facts.IsExemptFromIncomeTax)
        {
            return;
        }

        var flat = Below(law.SupplementalMillion, toDate.SupplementalWages, wages);
        lines.Step("supplemental wages of the year before", toDate.SupplementalWages);
        lines.Step("above a million, at the higher rate", wages - flat, law.SupplementalAboveMillion.Figure);
        lines.Add(
            SupplementalTax, ToCents((flat * law.Supplemental) + ((wages - flat) * law.SupplementalAboveMillion)),
            wages, law.Supplemental);
    }

    private static void Told(LineType type, decimal amount, PayslipLines lines)
    {
        if (amount != 0)
        {
            lines.Add(type, amount);
        }
    }

    /// <summary>The part of the amount that a limit of the year still takes. Of a negative one, pay that is given back,
    /// it is the part that was taken before.</summary>
    public static decimal Below(decimal limit, decimal before, decimal amount) =>
        Math.Min(limit, before + amount) - Math.Min(limit, before);
}
