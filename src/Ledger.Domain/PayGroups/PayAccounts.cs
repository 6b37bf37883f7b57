namespace Ledger.Domain.PayGroups;

/// <summary>What of a payslip is booked on which account, as pay groups name it.</summary>
public static class PayAccounts
{
    /// <summary>Gross pay: an expense.</summary>
    public const string GrossPay = "grossPay";

    /// <summary>What the employer owes beside it: an expense.</summary>
    public const string EmployerContributions = "employerContributions";

    /// <summary>Net pay that is owed to employees, until it is paid.</summary>
    public const string NetPay = "netPay";

    /// <summary>Taxes that were withheld.</summary>
    public const string Taxes = "taxes";

    /// <summary>Contributions of employees and employer that are owed to funds.</summary>
    public const string Contributions = "contributions";

    /// <summary>What is taken from pay for others: garnishments, loans.</summary>
    public const string Deductions = "deductions";

    /// <summary>What employees owe because net pay would be below zero.</summary>
    public const string Receivables = "receivables";

    public static IReadOnlyList<string> All { get; } =
        [GrossPay, EmployerContributions, NetPay, Taxes, Contributions, Deductions, Receivables];
}
