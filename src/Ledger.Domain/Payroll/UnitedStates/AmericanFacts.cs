namespace Ledger.Domain.Payroll.UnitedStates;

/// <summary>Which Form W-4 was given.</summary>
public enum FormW4
{
    /// <summary>From 2020 or later.</summary>
    Since2020,

    /// <summary>From 2019 or before, with allowances.</summary>
    Before2020,
}

/// <summary>What is known of an employee in the United States.</summary>
/// <param name="Step2">The box of Step 2 (c): two jobs, or a spouse who works.</param>
/// <param name="Step3">Credits a year.</param>
/// <param name="Step4a">Other income a year.</param>
/// <param name="Step4b">Deductions a year.</param>
/// <param name="Step4c">More to withhold from each payment; of a form before 2020 the additional amount.</param>
/// <param name="WorkState">Two letters.</param>
/// <param name="StateTax">State income tax of the payment; needed where the state has one.</param>
/// <param name="CreditReduction">By how much the state's credit against FUTA is reduced; a part of one.</param>
public sealed record AmericanFacts(
    FilingStatus FilingStatus,
    string WorkState,
    FormW4 Form = FormW4.Since2020,
    bool Step2 = false,
    decimal Step3 = 0,
    decimal Step4a = 0,
    decimal Step4b = 0,
    decimal Step4c = 0,
    int Allowances = 0,
    bool IsExemptFromIncomeTax = false,
    bool IsExemptFromFica = false,
    decimal? StateTax = null,
    decimal LocalTax = 0,
    decimal StateInsurance = 0,
    decimal StateUnemployment = 0,
    decimal CreditReduction = 0)
{
    internal static Fact FilingStatusFact { get; } = new(
        "filingStatus", FactKind.Choice, "The filing status of Form W-4, Step 1 (c).", true)
    { Choices = FactSheet.WordsOf<FilingStatus>(), Example = "single" };

    internal static Fact WorkStateFact { get; } = new(
        "workState", FactKind.Text, "The state of work, two letters.", true)
    { Example = "TX" };

    internal static Fact FormFact { get; } = new(
        "formW4", FactKind.Choice, "Which Form W-4 was given.", true)
    { Choices = FactSheet.WordsOf<FormW4>(), Example = "since2020" };

    internal static Fact Step2Fact { get; } = new(
        "step2", FactKind.Flag, "The box of Step 2 (c).")
    { Example = "false" };

    internal static Fact Step3Fact { get; } = Amount("step3", "Step 3: credits a year.");

    internal static Fact Step4aFact { get; } = Amount("step4a", "Step 4 (a): other income a year.");

    internal static Fact Step4bFact { get; } = Amount("step4b", "Step 4 (b): deductions a year.");

    internal static Fact Step4cFact { get; } = Amount("step4c", "Step 4 (c): more to withhold from each payment.");

    internal static Fact AllowancesFact { get; } = new(
        "allowances", FactKind.Count, "Allowances of a form from before 2020.")
    { Example = "0" };

    internal static Fact ExemptFact { get; } = new(
        "exemptFromIncomeTax", FactKind.Flag, "Exempt from withholding of federal income tax.")
    { Example = "false" };

    internal static Fact ExemptFicaFact { get; } = new(
        "exemptFromFica", FactKind.Flag, "Exempt from social security and Medicare, as some students are.")
    { Example = "false" };

    internal static Fact StateTaxFact { get; } = Amount(
        "stateTax", "State income tax of the payment; needed where the state of work has one.");

    internal static Fact LocalTaxFact { get; } = Amount("localTax", "Local income tax of the payment.");

    internal static Fact StateInsuranceFact { get; } = Amount(
        "stateInsurance", "State insurances that are taken from the payment.");

    internal static Fact StateUnemploymentFact { get; } = Amount(
        "stateUnemployment", "State unemployment tax of the employer on the payment.");

    internal static Fact CreditReductionFact { get; } = new(
        "creditReduction", FactKind.Percent, "By how much the state's credit against FUTA is reduced.")
    { Example = "0" };

    internal static IReadOnlyList<Fact> Declared { get; } =
    [
        FilingStatusFact, WorkStateFact, FormFact, Step2Fact, Step3Fact, Step4aFact, Step4bFact, Step4cFact,
        AllowancesFact, ExemptFact, ExemptFicaFact, StateTaxFact, LocalTaxFact, StateInsuranceFact,
        StateUnemploymentFact, CreditReductionFact,
    ];

    internal static AmericanFacts Of(FactSheet sheet) => new(
        sheet.Choice<FilingStatus>(FilingStatusFact),
        sheet.Text(WorkStateFact)!,
        sheet.Choice<FormW4>(FormFact),
        sheet.Flag(Step2Fact),
        sheet.Amount(Step3Fact),
        sheet.Amount(Step4aFact),
        sheet.Amount(Step4bFact),
        sheet.Amount(Step4cFact),
        sheet.Count(AllowancesFact),
        sheet.Flag(ExemptFact),
        sheet.Flag(ExemptFicaFact),
        sheet.Number(StateTaxFact),
        sheet.Amount(LocalTaxFact),
        sheet.Amount(StateInsuranceFact),
        sheet.Amount(StateUnemploymentFact),
        sheet.Amount(CreditReductionFact) / 100);

    private static Fact Amount(string name, string description) =>
        new(name, FactKind.Amount, description) { Example = "0.00" };
}

/// <summary>What the employer has paid in the calendar year before.</summary>
public sealed record AmericanToDate(
    decimal SocialSecurityWages = 0,
    decimal MedicareWages = 0,
    decimal UnemploymentWages = 0,
    decimal SupplementalWages = 0)
{
    private static readonly Fact SocialSecurityFact = Amount(
        "socialSecurityWages", "Wages of the calendar year that social security counts.");

    private static readonly Fact MedicareFact = Amount(
        "medicareWages", "Wages of the calendar year that Medicare counts.");

    private static readonly Fact UnemploymentFact = Amount(
        "unemploymentWages", "Wages of the calendar year that FUTA counts.");

    private static readonly Fact SupplementalFact = Amount(
        "supplementalWages", "Supplemental wages of the calendar year.");

    public static AmericanToDate None { get; } = new();

    internal static IReadOnlyList<Fact> Declared { get; } =
        [SocialSecurityFact, MedicareFact, UnemploymentFact, SupplementalFact];

    internal static AmericanToDate Of(FactSheet sheet) => new(
        sheet.Amount(SocialSecurityFact), sheet.Amount(MedicareFact), sheet.Amount(UnemploymentFact),
        sheet.Amount(SupplementalFact));

    private static Fact Amount(string name, string description) =>
        new(name, FactKind.Amount, description) { Example = "0.00" };
}
