namespace Ledger.Domain.PayRuns;

/// <summary>Codes of the lines by which net pay is lowered for others, whatever the jurisdiction.</summary>
public static class DeductionCodes
{
    public const string Maintenance = "maintenance";

    public const string Garnishment = "garnishment";

    public const string Loan = "loan";

    public const string Voluntary = "voluntary";
}
