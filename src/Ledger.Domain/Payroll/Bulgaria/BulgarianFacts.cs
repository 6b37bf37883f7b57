namespace Ledger.Domain.Payroll.Bulgaria;

/// <summary>What is known of an employee in Bulgaria.</summary>
/// <param name="AccidentRate">The employer's rate for work accidents, by its activity; a part of one.</param>
/// <param name="MinimumInsurableIncome">That of the activity and the occupation, a month.</param>
/// <param name="OtherInsurableIncome">What other employers insure in the month.</param>
/// <param name="HasIncapacity">50 % or more.</param>
/// <param name="IncapacityRelief">A month, where the law's amount is not known here.</param>
/// <param name="ChildRelief">A month, as declared to the employer.</param>
/// <param name="SupportsChildren">Creditors leave more.</param>
public sealed record BulgarianFacts(
    bool BornBefore1960,
    decimal AccidentRate,
    decimal MinimumInsurableIncome = 0,
    decimal OtherInsurableIncome = 0,
    bool HasIncapacity = false,
    decimal? IncapacityRelief = null,
    decimal ChildRelief = 0,
    bool SupportsChildren = false)
{
    internal static Fact BornBefore1960Fact { get; } = new(
        "bornBefore1960", FactKind.Flag,
        "Born before 1960: a higher pension contribution, and none to the universal fund.", true)
    { Example = "false" };

    internal static Fact AccidentRateFact { get; } = new(
        "accidentRate", FactKind.Percent,
        "The employer's rate for work accidents and occupational disease, by its activity: 0.4 to 1.1.", true)
    { Example = "0.4" };

    internal static Fact MinimumInsurableIncomeFact { get; } = new(
        "minimumInsurableIncome", FactKind.Amount,
        "The least insurable income of the activity and the occupation, a month.")
    { Example = "620.20" };

    internal static Fact OtherInsurableIncomeFact { get; } = new(
        "otherInsurableIncome", FactKind.Amount, "What other employers insure in the same month.")
    { Example = "0.00" };

    internal static Fact IncapacityFact { get; } = new(
        "incapacityHalfOrMore", FactKind.Flag, "Capacity for work reduced by 50 % or more: a monthly relief.")
    { Example = "false" };

    internal static Fact IncapacityReliefFact { get; } = new(
        "incapacityRelief", FactKind.Amount,
        "The monthly relief for reduced capacity, where the pack has no amount in the currency of the day.")
    { Example = "337.45" };

    internal static Fact ChildReliefFact { get; } = new(
        "childRelief", FactKind.Amount, "The relief for children that was declared to the employer, a month.")
    { Example = "0.00" };

    internal static Fact SupportsChildrenFact { get; } = new(
        "supportsChildren", FactKind.Flag, "Whether creditors leave more because there are children to support.")
    { Example = "false" };

    internal static IReadOnlyList<Fact> Declared { get; } =
    [
        BornBefore1960Fact, AccidentRateFact, MinimumInsurableIncomeFact, OtherInsurableIncomeFact, IncapacityFact,
        IncapacityReliefFact, ChildReliefFact, SupportsChildrenFact,
    ];

    internal static BulgarianFacts Of(FactSheet sheet) => new(
        sheet.Flag(BornBefore1960Fact),
        sheet.Amount(AccidentRateFact) / 100,
        sheet.Amount(MinimumInsurableIncomeFact),
        sheet.Amount(OtherInsurableIncomeFact),
        sheet.Flag(IncapacityFact),
        sheet.Number(IncapacityReliefFact),
        sheet.Amount(ChildReliefFact),
        sheet.Flag(SupportsChildrenFact));
}

/// <summary>What was paid and withheld earlier in the same month.</summary>
public sealed record BulgarianToDate(
    decimal InsuredPay = 0, decimal TaxedPay = 0, decimal Contributions = 0, decimal Tax = 0)
{
    public static BulgarianToDate None { get; } = new();

    internal static Fact InsuredPayFact { get; } = new(
        "insuredPay", FactKind.Amount, "Insured pay of earlier payslips of the month.")
    { Example = "0.00" };

    internal static Fact TaxedPayFact { get; } = new(
        "taxedPay", FactKind.Amount, "Taxed pay of earlier payslips of the month.")
    { Example = "0.00" };

    internal static Fact ContributionsFact { get; } = new(
        "contributions", FactKind.Amount, "The employee's contributions of earlier payslips of the month.")
    { Example = "0.00" };

    internal static Fact TaxFact { get; } = new(
        "tax", FactKind.Amount, "Income tax of earlier payslips of the month.")
    { Example = "0.00" };

    internal static IReadOnlyList<Fact> Declared { get; } = [InsuredPayFact, TaxedPayFact, ContributionsFact, TaxFact];

    internal static BulgarianToDate Of(FactSheet sheet) => new(
        sheet.Amount(InsuredPayFact), sheet.Amount(TaxedPayFact), sheet.Amount(ContributionsFact),
        sheet.Amount(TaxFact));
}
