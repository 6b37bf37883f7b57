using Ledger.Domain;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.PayRuns;

/// <summary>A run as it is.</summary>
/// <param name="Attempt">The last one that began; null before the first.</param>
/// <param name="KnownAtSequence">What its payslips know.</param>
/// <param name="Count">Payslips; null while they are being made.</param>
/// <param name="Failed">Employees without one: their reasons stand among the payslips.</param>
/// <param name="Sha256">Of the payslips: what is approved.</param>
/// <param name="Entry">The id of its journal entry.</param>
/// <param name="Files">Payment files.</param>
/// <param name="Progress">While they are being made by this process; null otherwise.</param>
public sealed record PayRunShown(
    string Run,
    PayRunStatus Status,
    string PayGroup,
    string Period,
    PayRunKind Kind,
    LocalDate From,
    LocalDate Through,
    LocalDate PayDate,
    ValueList<string>? Employees,
    int? Attempt,
    long? KnownAtSequence,
    int? Count,
    int? Failed,
    string? Sha256,
    string? Entry,
    LocalDate? BookedOn,
    IReadOnlyList<PaymentFileShown> Files,
    CalculationProgress? Progress)
{
    internal static PayRunShown Of(string id, PayRun run, CalculationProgress? progress) => new(
        id, run.Status, run.Details!.PayGroup, run.Details.Period, run.Details.Kind, run.From, run.Through,
        run.Details.PayDate, run.Details.Employees, run.Started?.Attempt, run.Started?.KnownAtSequence,
        run.Calculated?.Count, run.Calculated?.Failed, run.Calculated?.Sha256, run.Posted?.Entry,
        run.Posted?.BookedOn, [.. run.Files.Select(PaymentFileShown.Of)],
        run.Calculated is null && progress?.Attempt == run.Started?.Attempt ? progress : null);
}

/// <param name="File">Its number.</param>
/// <param name="Count">Payments in it.</param>
/// <param name="Sum">Of them.</param>
/// <param name="Confirmed">Employees who were paid by it, where they were named.</param>
/// <param name="AllConfirmed">All whose payments did not come back were paid.</param>
public sealed record PaymentFileShown(
    int File, int Count, Amount Sum, LocalDate ExecuteOn, ValueList<string> Returned, ValueList<string> Confirmed,
    bool AllConfirmed)
{
    internal static PaymentFileShown Of(PaymentFile file) => new(
        file.Issued.Number, file.Issued.Count, PayslipShown.Money(file.Issued.Sum), file.Issued.Order.ExecuteOn,
        file.Returned, file.Confirmed, file.AreOthersConfirmed);
}

/// <summary>All runs of a company.</summary>
public sealed record PayRunList(string Company, IReadOnlyList<PayRunShown> Rows);

/// <summary>A page of the payslips of a run.</summary>
public sealed record PayslipList(
    string Company, string Run, PayRunStatus Status, IReadOnlyList<PayslipRow> Rows, string? Next);

/// <summary>A payslip in short, or why there is none.</summary>
/// <param name="Gross">All pay, in kind as well.</param>
/// <param name="Deductions">All that is taken from pay.</param>
/// <param name="EmployerContributions">What the employer owes beside the pay.</param>
/// <param name="FailedCode">Of the refusal; null where there is a payslip.</param>
/// <param name="FailedBecause">What to do.</param>
public sealed record PayslipRow(
    string Employee,
    UnitCode? Currency,
    Amount? Gross,
    Amount? Deductions,
    Amount? Net,
    Amount? EmployerContributions,
    string? FailedCode,
    string? FailedBecause)
{
    internal static PayslipRow Of(string employee, Payslip? slip, Refusal? refusal) => slip is null
        ? new(employee, null, null, null, null, null, refusal?.Code, refusal?.Message)
        : new(
            employee, slip.Currency, PayslipShown.Money(slip.Gross()), PayslipShown.Money(slip.Deductions()),
            PayslipShown.Money(slip.Net()), PayslipShown.Money(slip.EmployerContributions()), null, null);
}

/// <summary>What a run would come to.</summary>
/// <param name="Count">Payslips.</param>
/// <param name="Failed">Employees without one.</param>
/// <param name="Gross">Of all.</param>
/// <param name="Rows">The first of them.</param>
public sealed record PayRunPreview(
    string Company,
    int Count,
    int Failed,
    Amount Gross,
    Amount Net,
    Amount EmployerContributions,
    IReadOnlyList<PayslipRow> Rows);

/// <summary>A whole payslip. Its totals are the sums of its lines.</summary>
/// <param name="Status">How far its run is.</param>
/// <param name="Dimensions">Where its cost belongs.</param>
/// <param name="Leave">As at the end of the period; null for somebody without leave.</param>
public sealed record PayslipShown(
    string Employee,
    string Run,
    PayRunStatus Status,
    string Contract,
    string Pack,
    int EngineVersion,
    UnitCode Currency,
    LocalDate From,
    LocalDate Through,
    LocalDate PayDate,
    Amount Gross,
    Amount Deductions,
    Amount Net,
    Amount EmployerContributions,
    ValueMap<string>? Dimensions,
    IReadOnlyList<PayslipLineShown> Lines,
    SlipLeave? Leave)
{
    private const int Digits = 2;

    internal static Amount Money(decimal amount) => new(amount, Digits);

    internal static PayslipShown Of(string employee, string run, PayRunStatus status, Payslip slip) => new(
        employee, run, status, slip.Contract, slip.Pack, slip.EngineVersion, slip.Currency, slip.From, slip.Through,
        slip.PayDate, Money(slip.Gross()), Money(slip.Deductions()), Money(slip.Net()),
        Money(slip.EmployerContributions()), slip.Dimensions,
        [.. slip.Lines.Select((line, index) => PayslipLineShown.Of(line, index + 1))], slip.Leave);
}

/// <summary>A line of a payslip.</summary>
/// <param name="Line">Its number, from 1: by it the line is explained.</param>
/// <param name="EarnedThrough">The last day of the earlier period that it is for; null is the payslip's own.</param>
/// <param name="Base">What the rate was applied to; null where the rule knows none.</param>
/// <param name="Rate">A part of one; null where the rule knows none.</param>
/// <param name="Figure">The name of the figure of the law behind it.</param>
/// <param name="Deduction">The deduction of the employee that it serves.</param>
public sealed record PayslipLineShown(
    int Line,
    string Code,
    LineKind Kind,
    Amount Amount,
    LocalDate? EarnedThrough,
    Amount? Base,
    decimal? Rate,
    string? Figure,
    string? Deduction)
{
    internal static PayslipLineShown Of(SlipLine line, int number) => new(
        number, line.Code, line.Kind, PayslipShown.Money(line.Amount), line.EarnedThrough,
        line.Base is { } @base ? PayslipShown.Money(@base) : null, line.Rate, line.Figure, line.Deduction);
}
