using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>Whom a run pays.</summary>
public enum PayRunKind
{
    /// <summary>Everybody of the group, once a period.</summary>
    Regular,

    /// <summary>Those who are named, or whoever is still owed something: leavers, late joiners, bonuses.</summary>
    Supplementary,
}

/// <summary>A run as a caller asks for it.</summary>
/// <param name="Period">A month like 2026-03; for other frequencies the first day of the period.</param>
/// <param name="Employees">Only these; null is all of the group.</param>
public sealed record PayRunDetails(
    string PayGroup, string Period, LocalDate PayDate, PayRunKind Kind, ValueList<string>? Employees = null);

/// <summary>Stream <c>pay-run/{id}</c>: one run, from its opening until its money has arrived.</summary>
public abstract record PayRunEvent;

/// <param name="From">The first day of the period.</param>
/// <param name="Through">The last.</param>
[EventName("pay_run_opened")]
public sealed record PayRunOpened(PayRunDetails Details, LocalDate From, LocalDate Through) : PayRunEvent;

/// <summary>Payslips are being made. Until this attempt has ended or another has begun, the run has none.</summary>
/// <param name="KnownAtSequence">Nothing recorded after it counts.</param>
/// <param name="LawKnownOn">No law counts that was published after it.</param>
/// <param name="Holder">Who calculates; somebody else approves.</param>
[EventName("pay_run_calculation_started")]
public sealed record PayRunCalculationStarted(
    int Attempt, long KnownAtSequence, LocalDate LawKnownOn, string Holder) : PayRunEvent;

/// <summary>Every payslip stands in a stream of its own, as of what was known at the start.</summary>
/// <param name="Count">Payslips.</param>
/// <param name="Failed">Employees without one, each with the reason in its stream.</param>
/// <param name="Sha256">Over the payslips in the order of employees: 64 lower-case hexadecimal digits.</param>
[EventName("pay_run_calculated")]
public sealed record PayRunCalculated(int Attempt, int Count, int Failed, string Sha256) : PayRunEvent;

/// <summary>What was approved is exactly these payslips.</summary>
[EventName("pay_run_approved")]
public sealed record PayRunApproved(int Attempt, string Sha256) : PayRunEvent;

/// <summary>In the same request as its entry.</summary>
/// <param name="Entry">The id of the journal entry.</param>
[EventName("pay_run_posted")]
public sealed record PayRunPosted(string Entry, LocalDate BookedOn) : PayRunEvent;

/// <summary>A file for the bank was made. Nobody is paid by that alone.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Count">Payments in it.</param>
/// <param name="Sum">Of them, in the run's currency.</param>
/// <param name="Sha256">Of the payments: employees and amounts, in order.</param>
/// <param name="Order">From where the bank pays, and when.</param>
/// <param name="Employees">Only these; null is all whose net pay is above zero.</param>
/// <param name="Without">But not these, who have no bank account.</param>
[EventName("payment_file_issued")]
public sealed record PaymentFileIssued(
    int Number,
    int Count,
    decimal Sum,
    string Sha256,
    PaymentOrder Order,
    ValueList<string>? Employees = null,
    ValueList<string>? Without = null) : PayRunEvent;

/// <summary>From where a payment file pays, and when.</summary>
/// <param name="Account">Of the chart: where the bank's statement is booked.</param>
/// <param name="Iban">Of the company.</param>
/// <param name="Bic">Of its bank; banks find it from the IBAN where it is left out.</param>
public sealed record PaymentOrder(AccountCode Account, string Iban, LocalDate ExecuteOn, string? Bic = null);

/// <summary>The bank carried these out; the entry clears the net pay that was owed.</summary>
/// <param name="Sum">Of them.</param>
/// <param name="Employees">Null is all of the file that did not come back.</param>
[EventName("payments_confirmed")]
public sealed record PaymentsConfirmed(
    int Number, string Entry, LocalDate BookedOn, decimal Sum, ValueList<string>? Employees = null) : PayRunEvent;

/// <summary>The bank sent these back: they go into the next file.</summary>
/// <param name="Entry">What books those back that were confirmed before; null when none was.</param>
[EventName("payments_returned")]
public sealed record PaymentsReturned(
    int Number, ValueList<string> Employees, string Reason, LocalDate BookedOn, string? Entry = null) : PayRunEvent;

/// <summary>The run counts no longer; its entry is reversed in the same request.</summary>
[EventName("pay_run_reversed")]
public sealed record PayRunReversed(LocalDate BookedOn, string Reason) : PayRunEvent;
