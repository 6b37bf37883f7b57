using Ledger.Domain.Payroll;
using Ledger.Domain.People;
using NodaTime;

namespace Ledger.Domain.Employees;

/// <summary>Stream <c>employee/{id}</c>: all that is known of one employee. What is recorded again under the same key
/// corrects what was recorded before.</summary>
public abstract record EmployeeEvent;

/// <summary>Who somebody is. The id is opaque; everything here is sealed.</summary>
/// <param name="NationalNumber">The one by which authorities know the employee.</param>
public sealed record EmployeeDetails(
    [property: Searched] PersonalText Name,
    PersonalText? Email = null,
    PersonalText? BirthDate = null,
    PersonalText? NationalNumber = null,
    PersonalText? Address = null,
    string? Language = null);

[EventName("employee_registered")]
public sealed record EmployeeRegistered(EmployeeDetails Details) : EmployeeEvent;

[EventName("employee_changed")]
public sealed record EmployeeChanged(EmployeeDetails Details) : EmployeeEvent;

/// <summary>For how long somebody is hired.</summary>
public enum ContractType
{
    Permanent,
    FixedTerm,
    Seasonal,
    Apprentice,
}

/// <summary>A contract of employment, from its first day to its last.</summary>
/// <param name="PayGroup">Which group's runs pay it; it says by which law.</param>
/// <param name="WeeklyHours">Of full or part time, such as 40.</param>
/// <param name="FullTimeHours">Those of full time; the same by default.</param>
/// <param name="Dimensions">Where its cost belongs, such as department and cost centre.</param>
public sealed record ContractDetails(
    string PayGroup,
    LocalDate From,
    ContractType Type,
    string Position,
    decimal WeeklyHours,
    LocalDate? To = null,
    decimal? FullTimeHours = null,
    string? Place = null,
    ValueMap<string>? Dimensions = null);

[EventName("contract_recorded")]
public sealed record ContractRecorded(string Contract, ContractDetails Details) : EmployeeEvent;

/// <summary>What an amount of pay is for.</summary>
public enum PayPer
{
    Month,
    Year,
    Hour,

    /// <summary>Paid once, in the period that holds its date.</summary>
    Once,
}

/// <summary>An element of pay from a day on: it holds until its next entry, or through <paramref name="To"/>.</summary>
public sealed record PayDetails(decimal Amount, PayPer Per, LocalDate? To = null);

/// <param name="Element">As the pack of the pay group names it.</param>
[EventName("pay_recorded")]
public sealed record PayRecorded(string Element, LocalDate EffectiveFrom, PayDetails Details) : EmployeeEvent;

/// <summary>What the law must know of the employee, from a day on; all of it is sent each time.</summary>
public sealed record StatutoryDetails(string Pack, ValueMap<FactValue> Facts);

[EventName("statutory_facts_recorded")]
public sealed record StatutoryFactsRecorded(LocalDate EffectiveFrom, StatutoryDetails Details) : EmployeeEvent;

/// <summary>Where net pay goes: an IBAN, or an account with the number of its bank.</summary>
/// <param name="Bank">BIC, sort code or routing number; needed beside an account that is no IBAN.</param>
public sealed record BankAccountDetails(
    PersonalText Account, bool IsIban = true, string? Bank = null, PersonalText? Holder = null);

[EventName("bank_account_recorded")]
public sealed record BankAccountRecorded(LocalDate EffectiveFrom, BankAccountDetails Details) : EmployeeEvent;

/// <summary>Why somebody does not work.</summary>
public enum AbsenceKind
{
    Leave,
    Sick,
    WorkAccident,
    Maternity,
    Unpaid,
}

/// <summary>An absence from its first day through its last, both whole; withdrawn when it did not happen.</summary>
public sealed record AbsenceDetails(AbsenceKind Kind, LocalDate From, LocalDate To, bool? Withdrawn = null);

[EventName("absence_recorded")]
public sealed record AbsenceRecorded(string Absence, AbsenceDetails Details) : EmployeeEvent;

/// <summary>Leave of their own, from a day on: more than the law grants.</summary>
/// <param name="DaysPerYear">In the days of the law: working days, or those of the calendar.</param>
/// <param name="CarryOverMax">What goes into the next year at most; null is all of it.</param>
public sealed record LeaveEntitlementDetails(decimal DaysPerYear, decimal? CarryOverMax = null);

[EventName("leave_entitlement_recorded")]
public sealed record LeaveEntitlementRecorded(LocalDate EffectiveFrom, LeaveEntitlementDetails Details) : EmployeeEvent;

/// <summary>What is taken from net pay for somebody else, in the order in which the law serves them.</summary>
public enum DeductionKind
{
    /// <summary>Support orders come first.</summary>
    Maintenance,
    Garnishment,
    Loan,
    Voluntary,
}

/// <summary>A deduction of every payslip from its first day on, until it ends or its balance is paid.</summary>
/// <param name="Amount">A payslip.</param>
/// <param name="Total">What is owed in all; null where there is no end to it.</param>
/// <param name="Creditor">An opaque id of whom it is paid to.</param>
public sealed record DeductionDetails(
    DeductionKind Kind,
    decimal Amount,
    LocalDate From,
    string Creditor,
    LocalDate? To = null,
    decimal? Total = null,
    PersonalText? Reference = null);

[EventName("deduction_recorded")]
public sealed record DeductionRecorded(string Deduction, DeductionDetails Details) : EmployeeEvent;

/// <summary>What was paid elsewhere before the first run here, in the statutory year.</summary>
/// <param name="Through">The last day that these figures cover.</param>
/// <param name="ToDate">By the names of the pack's <c>toDateSchema</c>.</param>
/// <param name="Lines">By code of a payslip's line, the year to date.</param>
/// <param name="LeaveDays">Days of leave that are left.</param>
/// <param name="EarningsOfTwelveMonths">Gross, of the twelve months before.</param>
public sealed record OpeningFigures(
    LocalDate Through,
    ValueMap<FactValue>? ToDate = null,
    ValueMap<decimal>? Lines = null,
    decimal? LeaveDays = null,
    decimal? EarningsOfTwelveMonths = null);

[EventName("opening_figures_recorded")]
public sealed record OpeningFiguresRecorded(int Year, OpeningFigures Figures) : EmployeeEvent;

/// <summary>Employment ends after its last day; every contract ends with it.</summary>
public sealed record TerminationDetails(LocalDate LastDay, string Reason);

[EventName("employment_terminated")]
public sealed record EmploymentTerminated(TerminationDetails Details) : EmployeeEvent;
