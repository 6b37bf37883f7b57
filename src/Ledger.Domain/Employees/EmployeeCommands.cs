using NodaTime;

namespace Ledger.Domain.Employees;

/// <summary>Something to be recorded of one employee: new, or instead of what stands under the same key.</summary>
/// <param name="IfMatch">The version of what stands there that the caller saw; needed to correct it.</param>
public abstract record EmployeeCommand(string Employee, long? IfMatch);

public sealed record PutEmployee(string Employee, EmployeeDetails Details, long? IfMatch = null)
    : EmployeeCommand(Employee, IfMatch);

public sealed record PutContract(string Employee, string Contract, ContractDetails Details, long? IfMatch = null)
    : EmployeeCommand(Employee, IfMatch);

public sealed record PutPay(
    string Employee, string Element, LocalDate EffectiveFrom, PayDetails Details, long? IfMatch = null)
    : EmployeeCommand(Employee, IfMatch);

public sealed record PutStatutoryFacts(
    string Employee, LocalDate EffectiveFrom, StatutoryDetails Details, long? IfMatch = null)
    : EmployeeCommand(Employee, IfMatch);

public sealed record PutBankAccount(
    string Employee, LocalDate EffectiveFrom, BankAccountDetails Details, long? IfMatch = null)
    : EmployeeCommand(Employee, IfMatch);

public sealed record PutAbsence(string Employee, string Absence, AbsenceDetails Details, long? IfMatch = null)
    : EmployeeCommand(Employee, IfMatch);

public sealed record PutLeaveEntitlement(
    string Employee, LocalDate EffectiveFrom, LeaveEntitlementDetails Details, long? IfMatch = null)
    : EmployeeCommand(Employee, IfMatch);

public sealed record PutDeduction(string Employee, string Deduction, DeductionDetails Details, long? IfMatch = null)
    : EmployeeCommand(Employee, IfMatch);

/// <param name="Year">The statutory year, called by the calendar year of its first day.</param>
public sealed record PutOpeningFigures(string Employee, int Year, OpeningFigures Figures, long? IfMatch = null)
    : EmployeeCommand(Employee, IfMatch);

/// <summary>Ends the employment, or corrects how it ended.</summary>
public sealed record TerminateEmployment(string Employee, TerminationDetails Details, long? IfMatch = null)
    : EmployeeCommand(Employee, IfMatch);
