namespace Ledger.Domain.Payroll.UnitedStates;

/// <summary>The figures of a day, as the formulas use them. A table that the year does not have is null.</summary>
public sealed class AmericanFigures
{
    private static readonly string[] TableNames = ["single", "marriedJointly", "headOfHousehold"];

    private readonly Bands?[] standard;
    private readonly Bands?[] step2;
    private readonly Bands?[] liability;

    public AmericanFigures(FigureSet figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        SocialSecurity = figures.Number("socialSecurity");
        SocialSecurityWageBase = figures.Number("socialSecurityWageBase");
        Medicare = figures.Number("medicare");
        AdditionalMedicare = figures.Number("additionalMedicare");
        AdditionalMedicareAbove = figures.Number("additionalMedicare", 1);
        Unemployment = figures.Number("unemployment");
        UnemploymentWageBase = figures.Number("unemployment", 1);
        Supplemental = figures.Number("supplemental");
        SupplementalAboveMillion = figures.Number("supplemental", 1);
        SupplementalMillion = figures.Number("supplemental", 2);
        AdjustmentMarriedJointly = figures.Number("adjustment");
        AdjustmentOthers = figures.Number("adjustment", 1);
        Allowance = figures.Number("allowance");
        standard = Array.ConvertAll(TableNames, name => Bands.Find(figures, $"withholding.{name}"));
        step2 = Array.ConvertAll(
            TableNames,
            name => Bands.Find(figures, $"withholdingStep2.{name}", $"withholdingStep2.{name}.owed"));
        liability = Array.ConvertAll(
            Enum.GetValues<FilingStatus>(),
            status => Bands.Find(figures, $"liability.{Texts.Camel(
                status == FilingStatus.QualifyingSurvivingSpouse ? FilingStatus.MarriedJointly : status)}"));
    }

    public Known SocialSecurity { get; }

    /// <summary>A year.</summary>
    public Known SocialSecurityWageBase { get; }

    public Known Medicare { get; }

    public Known AdditionalMedicare { get; }

    /// <summary>Wages of a year with one employer.</summary>
    public Known AdditionalMedicareAbove { get; }

    /// <summary>FUTA, after the full credit for state contributions.</summary>
    public Known Unemployment { get; }

    public Known UnemploymentWageBase { get; }

    public Known Supplemental { get; }

    public Known SupplementalAboveMillion { get; }

    public Known SupplementalMillion { get; }

    /// <summary>Worksheet 1A, step 1g.</summary>
    public Known AdjustmentMarriedJointly { get; }

    public Known AdjustmentOthers { get; }

    /// <summary>A year, for each allowance of a Form W-4 from before 2020.</summary>
    public Known Allowance { get; }

    internal Bands? Withholding(WithholdingTable table, bool isStep2) => (isStep2 ? step2 : standard)[(int)table];

    /// <summary>The rates of the tax return, which are not those of withholding.</summary>
    public Bands? Liability(FilingStatus status) => liability[(int)status];
}
