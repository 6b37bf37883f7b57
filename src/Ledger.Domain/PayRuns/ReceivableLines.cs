namespace Ledger.Domain.PayRuns;

/// <summary>Net pay is never below zero: the employee owes what is missing, until later pay makes it up.</summary>
public static class ReceivableLines
{
    /// <summary>A negative deduction, which raises net pay to zero.</summary>
    public const string Owed = "receivable";

    /// <summary>A deduction that makes it up.</summary>
    public const string Recovered = "receivableRecovered";
}
