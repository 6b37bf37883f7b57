using Ledger.Domain.Companies;
using Ledger.Domain.People;
using NodaTime.Text;

namespace Ledger.Domain.Employees;

/// <summary>
/// Each register of an employee has a decider of its own; this one decides on who they are, and on what all registers
/// have in common.
/// </summary>
public static class EmployeeDecider
{
    /// <summary>Of the path at which employees are counted.</summary>
    public const string ReservedId = "head-count";

    public const int AddressLengthMax = 500;

    public static Decision<EmployeeEvent> Decide(EmployeeCommand command, Employee employee, Workplace at) =>
        command switch
        {
            PutEmployee c => Decide(c, employee, at),
            PutContract c => ContractDecider.Decide(c, employee, at),
            PutPay c => PayDecider.Decide(c, employee, at),
            PutStatutoryFacts c => StatutoryDecider.Decide(c, employee, at),
            PutBankAccount c => BankAccountDecider.Decide(c, employee, at),
            PutAbsence c => AbsenceDecider.Decide(c, employee, at),
            PutLeaveEntitlement c => LeaveEntitlementDecider.Decide(c, employee, at),
            PutDeduction c => DeductionDecider.Decide(c, employee, at),
            PutOpeningFigures c => OpeningFiguresDecider.Decide(c, employee, at),
            TerminateEmployment c => TerminationDecider.Decide(c, employee, at),
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "This command is not an employee's."),
        };

    /// <summary>The version of what stands under the command's key; 0 where nothing does.</summary>
    public static long VersionOf(EmployeeCommand command, Employee employee)
    {
        ArgumentNullException.ThrowIfNull(employee);
        return command switch
        {
            PutEmployee => employee.Details?.Version,
            PutContract c => employee.Contracts.GetValueOrDefault(c.Contract)?.Version,
            PutPay c => employee.Pay.GetValueOrDefault(new(c.Element, c.EffectiveFrom))?.Version,
            PutStatutoryFacts c => employee.Statutory.GetValueOrDefault(c.EffectiveFrom)?.Version,
            PutBankAccount c => employee.BankAccounts.GetValueOrDefault(c.EffectiveFrom)?.Version,
            PutAbsence c => employee.Absences.GetValueOrDefault(c.Absence)?.Version,
            PutLeaveEntitlement c => employee.LeaveEntitlements.GetValueOrDefault(c.EffectiveFrom)?.Version,
            PutDeduction c => employee.Deductions.GetValueOrDefault(c.Deduction)?.Version,
            PutOpeningFigures c => employee.Opening.GetValueOrDefault(c.Year)?.Version,
            TerminateEmployment => employee.Termination?.Version,
            _ => throw new ArgumentOutOfRangeException(nameof(command), command, "This command is not an employee's."),
        } ?? 0;
    }

    public static Decision<EmployeeEvent> Decide(PutEmployee command, Employee employee, Workplace at)
    {
        var details = command.Details;
        if (employee.Details?.Details == details)
        {
            return Decision<EmployeeEvent>.Nothing;
        }

        if (CheckPerson(command, at) is { } person)
        {
            return person;
        }

        if (command.Employee == ReservedId)
        {
            return EmployeeRefusals.IdReserved(command.Employee);
        }

        if (Register.CheckVersion(employee.Details?.Version ?? 0, command.IfMatch) is { } moved)
        {
            return moved;
        }

        var text = Texts.CheckNeeded("name", details.Name.Text, Texts.NameLengthMax)
            ?? CheckOptional("email", details.Email, Texts.NameLengthMax)
            ?? CheckOptional("nationalNumber", details.NationalNumber, Texts.ReferenceLengthMax)
            ?? CheckOptional("address", details.Address, AddressLengthMax);
        if (text is not null)
        {
            return text;
        }

        if (details.Language is { } language && !Texts.IsLanguage(language))
        {
            return TextRefusals.LanguageInvalid(language);
        }

        if (details.BirthDate?.Text is { } birth && !LocalDatePattern.Iso.Parse(birth).Success)
        {
            return EmployeeRefusals.BirthDateInvalid();
        }

        return employee.Exists ? new EmployeeChanged(details) : new EmployeeRegistered(details);
    }

    /// <summary>What every register of an employee asks first.</summary>
    internal static Refusal? CheckEmployee(EmployeeCommand command, Employee employee, Workplace at) =>
        CheckPerson(command, at) is { } person ? person
        : !employee.Exists ? EmployeeRefusals.Unknown(command.Employee)
        : null;

    /// <summary>A text on a person that may be absent, but not be blank.</summary>
    internal static Refusal? CheckOptional(string field, PersonalText? text, int lengthMax) =>
        text is null ? null : Texts.CheckNeeded(field, text.Text, lengthMax);

    private static Refusal? CheckPerson(EmployeeCommand command, Workplace at) =>
        !at.Company.Exists ? CompanyRefusals.Unknown()
        : !Ids.IsValid(command.Employee) ? TextRefusals.IdInvalid("The employee's id", command.Employee)
        : !at.Person.Takes(Purpose.Payroll) ? PersonRefusals.Erased(command.Employee)
        : null;
}
