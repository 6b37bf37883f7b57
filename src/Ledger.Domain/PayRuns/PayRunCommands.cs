using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>Opens a run; it is calculated next.</summary>
public sealed record OpenPayRun(string Id, PayRunDetails Details);

/// <summary>Begins an attempt at its payslips.</summary>
/// <param name="KnownAtSequence">What was recorded until then counts.</param>
/// <param name="Today">In the company's time zone.</param>
public sealed record StartPayRunCalculation(string Id, long KnownAtSequence, LocalDate Today, string Holder);

/// <summary>Ends an attempt.</summary>
public sealed record FinishPayRunCalculation(string Id, int Attempt, int Count, int Failed, string Sha256);

/// <summary>Agrees to exactly the payslips that the hash is of.</summary>
public sealed record ApprovePayRun(string Id, string Sha256, string Holder);

/// <summary>Books what was approved.</summary>
public sealed record PostPayRun(string Id);

/// <summary>Makes a file of all payments that are still to be made.</summary>
public sealed record IssuePaymentFile(string Id, PaymentOrder Order);

/// <summary>Says what the bank carried out.</summary>
/// <param name="Employees">Null is all of the file that did not come back.</param>
public sealed record ConfirmPayments(string Id, int Number, LocalDate BookedOn, ValueList<string>? Employees = null);

/// <summary>Says what the bank sent back.</summary>
public sealed record ReturnPayments(
    string Id, int Number, ValueList<string> Employees, string Reason, LocalDate BookedOn);

/// <summary>Takes the whole run back.</summary>
public sealed record ReversePayRun(string Id, LocalDate BookedOn, string Reason);
