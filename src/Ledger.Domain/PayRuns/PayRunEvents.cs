using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>Whom a run pays.</summary>
public enum PayRunKind
{
    /// <summary>Everybody of the group, once a period.</summary>
    Regular,

    /// <summary>Those who are named, or whoever is still owed something: leavers, joiners, bonuses, corrections.</summary>
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

/// <summary>Every payslip stands in a stream of its own, as of what was known then.</summary>
/// <param name="KnownAtSequence">Nothing recorded after it counts.</param>
/// <param name="Count">Payslips.</param>
/// <param name="Failed">Employees without one, each with the reason in its stream.</param>
/// <param name="Sha256">Over the payslips in the order of employees: 64 lower-case hexadecimal digits.</param>
[EventName("pay_run_calculated")]
public sealed record PayRunCalculated(int Attempt, long KnownAtSequence, int Count, int Failed, string Sha256)
    : PayRunEvent;

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
/// <param name="Sha256">Of the payments: employee and amount, in order.</param>
[EventName("payment_file_issued")]
public sealed record PaymentFileIssued(int Number, int Count, decimal Sum, string Sha256, string Account)
    : PayRunEvent;

/// <summary>The bank carried these out; the entry clears the net pay that was owed.</summary>
[EventName("payments_confirmed")]
public sealed record PaymentsConfirmed(string Entry, LocalDate BookedOn, ValueList<string> Employees) : PayRunEvent;

/// <summary>The bank sent these back: they go into the next file.</summary>
[EventName("payments_returned")]
public sealed record PaymentsReturned(ValueList<string> Employees, string Reason) : PayRunEvent;

/// <summary>The run counts no longer; its entry is reversed in the same request.</summary>
[EventName("pay_run_reversed")]
public sealed record PayRunReversed(string Entry, LocalDate BookedOn, string Reason) : PayRunEvent;
