using NodaTime;

namespace Ledger.Domain.Payroll.UnitedKingdom;

/// <summary>How National Insurance of a director is found.</summary>
public enum DirectorMethod
{
    /// <summary>Each payment: that of the year so far, less what was taken.</summary>
    Annual,

    /// <summary>As for other employees, and that of the year with the last payment.</summary>
    Alternative,
}

public enum StudentLoanPlan
{
    None,
    Plan1,
    Plan2,
    Plan4,
    Plan5,
}

/// <summary>How contributions to a pension scheme are relieved from tax.</summary>
public enum PensionRelief
{
    /// <summary>There is no scheme.</summary>
    None,

    /// <summary>Net pay arrangement: taken before tax.</summary>
    NetPay,

    /// <summary>Taken after tax, less the basic rate that the scheme claims back.</summary>
    AtSource,
}

/// <summary>What is known of an employee in the United Kingdom.</summary>
/// <param name="DirectorFrom">Null for who is none.</param>
/// <param name="PensionOnAllPay">On all pensionable pay, instead of on qualifying earnings.</param>
public sealed record BritishFacts(
    TaxCode TaxCode,
    NiCategory Category,
    StudentLoanPlan StudentLoan = StudentLoanPlan.None,
    bool HasPostgraduateLoan = false,
    LocalDate? DirectorFrom = null,
    DirectorMethod DirectorMethod = DirectorMethod.Annual,
    PensionRelief Pension = PensionRelief.None,
    decimal PensionRate = 0,
    decimal PensionEmployerRate = 0,
    bool PensionOnAllPay = false)
{
    internal static Fact TaxCodeFact { get; } = new(
        "taxCode", FactKind.Text, "The tax code of the latest notice, with W1, M1 or X where not cumulative.", true)
    { Example = "1257L" };

    internal static Fact CategoryFact { get; } = new(
        "nationalInsuranceCategory", FactKind.Choice, "The category letter of National Insurance.", true)
    { Choices = Enum.GetNames<NiCategory>().ToValueList(), Example = "A" };

    internal static Fact StudentLoanFact { get; } = new(
        "studentLoan", FactKind.Choice, "The plan of the student loan, or none.", true)
    { Choices = FactSheet.WordsOf<StudentLoanPlan>(), Example = "none" };

    internal static Fact PostgraduateLoanFact { get; } = new(
        "postgraduateLoan", FactKind.Flag, "Whether there is a postgraduate loan as well.")
    { Example = "false" };

    internal static Fact DirectorFromFact { get; } = new(
        "directorFrom", FactKind.Date, "Since when a director of the company; leave it out for who is none.")
    { Example = "2025-04-06" };

    internal static Fact DirectorMethodFact { get; } = new(
        "directorMethod", FactKind.Choice, "How National Insurance of a director is found.")
    { Choices = FactSheet.WordsOf<DirectorMethod>(), Example = "annual" };

    internal static Fact PensionFact { get; } = new(
        "pension", FactKind.Choice, "How contributions to the pension scheme are relieved from tax, or none.", true)
    { Choices = FactSheet.WordsOf<PensionRelief>(), Example = "none" };

    internal static Fact PensionRateFact { get; } = new(
        "pensionRate", FactKind.Percent, "The employee's part of pensionable pay, tax relief included.")
    { Example = "5" };

    internal static Fact PensionEmployerRateFact { get; } = new(
        "pensionEmployerRate", FactKind.Percent, "The employer's part of pensionable pay.")
    { Example = "3" };

    internal static Fact PensionOnAllPayFact { get; } = new(
        "pensionOnAllPay", FactKind.Flag, "Whether pensions go by all pensionable pay, not by qualifying earnings.")
    { Example = "false" };

    internal static IReadOnlyList<Fact> Declared { get; } =
    [
        TaxCodeFact, CategoryFact, StudentLoanFact, PostgraduateLoanFact, DirectorFromFact, DirectorMethodFact,
        PensionFact, PensionRateFact, PensionEmployerRateFact, PensionOnAllPayFact,
    ];

    internal static BritishFacts? Of(FactSheet sheet) => !TaxCode.TryParse(sheet.Text(TaxCodeFact), out var code)
        ? null
        : new(
            code,
            sheet.Choice<NiCategory>(CategoryFact),
            sheet.Choice<StudentLoanPlan>(StudentLoanFact),
            sheet.Flag(PostgraduateLoanFact),
            sheet.Date(DirectorFromFact),
            sheet.Choice<DirectorMethod>(DirectorMethodFact),
            sheet.Choice<PensionRelief>(PensionFact),
            sheet.Amount(PensionRateFact) / 100,
            sheet.Amount(PensionEmployerRateFact) / 100,
            sheet.Flag(PensionOnAllPayFact));
}

/// <summary>What was paid and taken before, in the tax year and in the same earnings period.</summary>
/// <param name="DirectorPay">Earnings as a director in the tax year.</param>
/// <param name="IsLastDirectorPayment">The last one of the year, where the alternative method settles.</param>
public sealed record BritishToDate(
    decimal TaxablePay = 0,
    decimal Tax = 0,
    decimal PeriodPay = 0,
    decimal PeriodContributions = 0,
    decimal PeriodEmployerContributions = 0,
    decimal PeriodStudentLoan = 0,
    decimal PeriodPostgraduateLoan = 0,
    decimal DirectorPay = 0,
    decimal DirectorContributions = 0,
    decimal DirectorEmployerContributions = 0,
    bool? IsLastDirectorPayment = null)
{
    private static readonly Fact TaxablePayFact = Amount("taxablePay", "Taxable pay of the tax year, with a P45's.");
    private static readonly Fact TaxFact = Amount("tax", "Tax of the tax year, with a P45's.");
    private static readonly Fact PeriodPayFact = Amount(
        "periodPay", "Earnings already paid in the same earnings period.");

    private static readonly Fact PeriodContributionsFact = Amount(
        "periodContributions", "National Insurance taken from them.");

    private static readonly Fact PeriodEmployerFact = Amount(
        "periodEmployerContributions", "The employer's National Insurance on them.");

    private static readonly Fact PeriodStudentLoanFact = Amount("periodStudentLoan", "Student loan taken from them.");
    private static readonly Fact PeriodPostgraduateFact = Amount(
        "periodPostgraduateLoan", "Postgraduate loan taken from them.");

    private static readonly Fact DirectorPayFact = Amount(
        "directorPay", "Earnings as a director in the tax year.");

    private static readonly Fact DirectorContributionsFact = Amount(
        "directorContributions", "National Insurance taken from them.");

    private static readonly Fact DirectorEmployerFact = Amount(
        "directorEmployerContributions", "The employer's National Insurance on them.");

    private static readonly Fact IsLastFact = new(
        "lastDirectorPayment", FactKind.Flag,
        "Whether this is the director's last payment of the year; by default that of the last week or month.")
    { Example = "false" };

    public static BritishToDate None { get; } = new();

    internal static IReadOnlyList<Fact> Declared { get; } =
    [
        TaxablePayFact, TaxFact, PeriodPayFact, PeriodContributionsFact, PeriodEmployerFact, PeriodStudentLoanFact,
        PeriodPostgraduateFact, DirectorPayFact, DirectorContributionsFact, DirectorEmployerFact, IsLastFact,
    ];

    internal static BritishToDate Of(FactSheet sheet) => new(
        sheet.Amount(TaxablePayFact),
        sheet.Amount(TaxFact),
        sheet.Amount(PeriodPayFact),
        sheet.Amount(PeriodContributionsFact),
        sheet.Amount(PeriodEmployerFact),
        sheet.Amount(PeriodStudentLoanFact),
        sheet.Amount(PeriodPostgraduateFact),
        sheet.Amount(DirectorPayFact),
        sheet.Amount(DirectorContributionsFact),
        sheet.Amount(DirectorEmployerFact),
        sheet.Has(IsLastFact) ? sheet.Flag(IsLastFact) : null);

    private static Fact Amount(string name, string description) =>
        new(name, FactKind.Amount, description) { Example = "0.00" };
}
