using System.Text.Json.Nodes;
using Ledger.Api.Json;
using Ledger.Domain;
using Ledger.Domain.Employees;
using NodaTime;

namespace Ledger.Api.Employees;

/// <summary>Which register of an employee a line of many is for.</summary>
public enum EmployeeLineType
{
    Employee,
    Contract,
    Pay,
    Statutory,
    BankAccount,
    Absence,
    Deduction,
    Termination,
    OpeningFigures,
    LeaveEntitlement,
}

/// <summary>One of many registers of employees: what its own path says, and what is sent there.</summary>
/// <param name="Content">As it is sent alone.</param>
/// <param name="IfMatch">The version that was read, to correct it.</param>
/// <param name="EffectiveFrom">Of pay, statutory facts, bank accounts and leave.</param>
/// <param name="Year">Of opening figures.</param>
public sealed record EmployeeLine(
    EmployeeLineType Type,
    string Employee,
    JsonObject Content,
    long? IfMatch = null,
    string? Contract = null,
    string? Element = null,
    LocalDate? EffectiveFrom = null,
    string? Absence = null,
    string? Deduction = null,
    int? Year = null);

/// <summary>Reads one of many registers of employees.</summary>
internal static class EmployeeLineJson
{
    private static readonly Members Any = new(
        "type", "employee", "ifMatch", "content", "contract", "element", "effectiveFrom", "absence", "deduction",
        "year");

    private static readonly Dictionary<EmployeeLineType, Members> Fields = new()
    {
        [EmployeeLineType.Employee] = With(),
        [EmployeeLineType.Contract] = With("contract"),
        [EmployeeLineType.Pay] = With("element", "effectiveFrom"),
        [EmployeeLineType.Statutory] = With("effectiveFrom"),
        [EmployeeLineType.BankAccount] = With("effectiveFrom"),
        [EmployeeLineType.Absence] = With("absence"),
        [EmployeeLineType.Deduction] = With("deduction"),
        [EmployeeLineType.Termination] = With(),
        [EmployeeLineType.OpeningFigures] = With("year"),
        [EmployeeLineType.LeaveEntitlement] = With("effectiveFrom"),
    };

    public static EmployeeCommand Read(ref JsonInput input, int unused)
    {
        if (!input.IsObject() || Choice<EmployeeLineType>.Find(input.TextAhead("type") ?? "") is not { } type)
        {
            throw WithoutType(ref input);
        }

        // Texts on the person say whom they are on, so this is known before the content is read.
        var person = input.TextAhead("employee") ?? "";
        object? content = null;
        string? employee = null, id = null;
        LocalDate? from = null;
        int? year = null;
        long? ifMatch = null;
        var (seen, fields) = (input.Object(), Fields[type]);
        while (input.Next(fields, ref seen))
        {
            switch (fields[seen.Last])
            {
                case "type":
                    input.Text();
                    break;
                case "employee":
                    employee = input.Text();
                    break;
                case "ifMatch":
                    ifMatch = input.Null() ? null : input.Integer(0, int.MaxValue);
                    break;
                case "content":
                    content = ReadContent(type, ref input, person);
                    break;
                case "effectiveFrom":
                    from = input.Date();
                    break;
                case "year":
                    year = input.Integer(Dates.YearMin, Dates.YearMax);
                    break;
                default:
                    id = input.Text();
                    break;
            }
        }

        if (!Ids.IsValid(employee ?? throw input.Missing("employee")))
        {
            throw new RequestException(Http.ProblemOf(TextRefusals.IdInvalid("employee", employee)));
        }

        var sent = content ?? throw input.Missing("content");
        return type switch
        {
            EmployeeLineType.Employee => new PutEmployee(employee, (EmployeeDetails)sent, ifMatch),
            EmployeeLineType.Contract => new PutContract(
                employee, id ?? throw input.Missing("contract"), (ContractDetails)sent, ifMatch),
            EmployeeLineType.Pay => new PutPay(
                employee, id ?? throw input.Missing("element"), from ?? throw input.Missing("effectiveFrom"),
                (PayDetails)sent, ifMatch),
            EmployeeLineType.Statutory => new PutStatutoryFacts(
                employee, from ?? throw input.Missing("effectiveFrom"), (StatutoryDetails)sent, ifMatch),
            EmployeeLineType.BankAccount => new PutBankAccount(
                employee, from ?? throw input.Missing("effectiveFrom"), (BankAccountDetails)sent, ifMatch),
            EmployeeLineType.Absence => new PutAbsence(
                employee, id ?? throw input.Missing("absence"), (AbsenceDetails)sent, ifMatch),
            EmployeeLineType.Deduction => new PutDeduction(
                employee, id ?? throw input.Missing("deduction"), (DeductionDetails)sent, ifMatch),
            EmployeeLineType.Termination => new TerminateEmployment(employee, (TerminationDetails)sent, ifMatch),
            EmployeeLineType.LeaveEntitlement => new PutLeaveEntitlement(
                employee, from ?? throw input.Missing("effectiveFrom"), (LeaveEntitlementDetails)sent, ifMatch),
            _ => new PutOpeningFigures(employee, year ?? throw input.Missing("year"), (OpeningFigures)sent, ifMatch),
        };
    }

    private static Members With(params string[] key) => new(["type", "employee", .. key, "ifMatch", "content"]);

    private static object ReadContent(EmployeeLineType type, ref JsonInput input, string person) => type switch
    {
        EmployeeLineType.Employee => PersonJson.ReadEmployee(ref input, person),
        EmployeeLineType.Contract => EmployeeJson.ReadContract(ref input, person),
        EmployeeLineType.Pay => EmployeeJson.ReadPay(ref input, person),
        EmployeeLineType.Statutory => EmployeeJson.ReadStatutory(ref input, person),
        EmployeeLineType.BankAccount => PersonJson.ReadAccount(ref input, person),
        EmployeeLineType.Absence => EmployeeJson.ReadAbsence(ref input, person),
        EmployeeLineType.Deduction => PersonJson.ReadDeduction(ref input, person),
        EmployeeLineType.Termination => EmployeeJson.ReadTermination(ref input, person),
        EmployeeLineType.LeaveEntitlement => EmployeeJson.ReadLeave(ref input, person),
        _ => EmployeeJson.ReadOpening(ref input, person),
    };

    /// <summary>Why nothing can be said of a line: what it is for is missing, or not known.</summary>
    private static RequestException WithoutType(ref JsonInput input)
    {
        var seen = input.Object();
        while (input.Next(Any, ref seen))
        {
            if (Any[seen.Last] == "type")
            {
                input.One(Choice<EmployeeLineType>.Instance);
            }

            input.Skip();
        }

        return input.Missing("type");
    }
}
