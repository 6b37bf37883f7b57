namespace Ledger.Domain.Payroll.Azerbaijan;

/// <summary>By which rates the employer pays.</summary>
public enum AzerbaijaniSector
{
    /// <summary>Neither state nor oil and gas.</summary>
    PrivateNonOil,

    OilAndGas,
    State,
}

/// <summary>What is known of an employee in Azerbaijan.</summary>
/// <param name="IsMainWorkplace">Where the relief for low incomes is given.</param>
/// <param name="FurtherRelief">A month: what the Tax Code gives to certain persons.</param>
/// <param name="InsuranceRecord">Whole years of insurance; null where sick pay was never asked for.</param>
public sealed record AzerbaijaniFacts(
    AzerbaijaniSector Sector, bool IsMainWorkplace, decimal FurtherRelief = 0, int? InsuranceRecord = null)
{
    internal static Fact SectorFact { get; } = new(
        "sector", FactKind.Choice, "By which rates the employer pays.", true)
    { Choices = FactSheet.WordsOf<AzerbaijaniSector>(), Example = "privateNonOil" };

    internal static Fact MainWorkplaceFact { get; } = new(
        "mainWorkplace", FactKind.Flag, "Whether this is the main workplace, which gives the relief of 200 AZN.", true)
    { Example = "true" };

    internal static Fact FurtherReliefFact { get; } = new(
        "furtherRelief", FactKind.Amount, "Reliefs of the Tax Code, art. 102.2 to 102.5, a month.")
    { Example = "0.00" };

    internal static Fact InsuranceRecordFact { get; } = new(
        "insuranceRecord", FactKind.Count, "Whole years of insurance, by which sick pay goes.")
    { Example = "9" };

    internal static IReadOnlyList<Fact> Declared { get; } =
        [SectorFact, MainWorkplaceFact, FurtherReliefFact, InsuranceRecordFact];

    internal static AzerbaijaniFacts Of(FactSheet sheet) => new(
        sheet.Choice<AzerbaijaniSector>(SectorFact), sheet.Flag(MainWorkplaceFact), sheet.Amount(FurtherReliefFact),
        sheet.Has(InsuranceRecordFact) ? sheet.Count(InsuranceRecordFact) : null);
}

/// <summary>What was paid earlier in the same month. Levies of the whole month less those on it are what is due
/// now.</summary>
public sealed record AzerbaijaniToDate(decimal InsuredPay = 0, decimal TaxedPay = 0)
{
    public static AzerbaijaniToDate None { get; } = new();

    internal static Fact InsuredPayFact { get; } = new(
        "insuredPay", FactKind.Amount, "Insured pay of earlier payslips of the month.")
    { Example = "0.00" };

    internal static Fact TaxedPayFact { get; } = new(
        "taxedPay", FactKind.Amount, "Taxed pay of earlier payslips of the month.")
    { Example = "0.00" };

    internal static IReadOnlyList<Fact> Declared { get; } = [InsuredPayFact, TaxedPayFact];

    internal static AzerbaijaniToDate Of(FactSheet sheet) =>
        new(sheet.Amount(InsuredPayFact), sheet.Amount(TaxedPayFact));
}
