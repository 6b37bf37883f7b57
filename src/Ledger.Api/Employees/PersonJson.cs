using Ledger.Api.Json;
using Ledger.Domain.Employees;
using Ledger.Domain.People;
using NodaTime;

namespace Ledger.Api.Employees;

/// <summary>Who an employee is, as callers send it.</summary>
/// <param name="BirthDate">As a date of the calendar.</param>
/// <param name="NationalNumber">The one by which authorities know the employee.</param>
/// <param name="Language">Of payslips; a BCP 47 tag.</param>
public sealed record EmployeeSent(
    string Name,
    string? Email = null,
    string? BirthDate = null,
    string? NationalNumber = null,
    string? Address = null,
    string? Language = null);

/// <summary>Where net pay goes, as callers send it.</summary>
/// <param name="Account">An IBAN in any case and in groups, or another account with the number of its bank.</param>
/// <param name="IsIban">True by default.</param>
/// <param name="Bank">BIC, sort code or routing number; needed beside an account that is no IBAN.</param>
/// <param name="Holder">Where it is not the employee.</param>
public sealed record BankAccountSent(
    string Account, bool? IsIban = null, string? Bank = null, string? Holder = null);

/// <summary>What is taken from net pay for somebody else, as callers send it.</summary>
/// <param name="Amount">A payslip.</param>
/// <param name="Creditor">An opaque id of whom it is paid to.</param>
/// <param name="Total">What is owed in all; left out where there is no end to it.</param>
/// <param name="Reference">Of the order or the loan.</param>
public sealed record DeductionSent(
    DeductionKind Kind,
    decimal Amount,
    LocalDate From,
    string Creditor,
    LocalDate? To = null,
    decimal? Total = null,
    string? Reference = null);

/// <summary>Reads what holds texts on the person: all of them are kept for payroll.</summary>
internal static class PersonJson
{
    private static readonly Members Employee = new(
        "name", "email", "birthDate", "nationalNumber", "address", "language");

    private static readonly Members Account = new("account", "isIban", "bank", "holder");

    private static readonly Members Deduction = new(
        "kind", "amount", "from", "creditor", "to", "total", "reference");

    public static EmployeeDetails ReadEmployee(ref JsonInput input, string person)
    {
        string? name = null, email = null, birthDate = null, nationalNumber = null, address = null, language = null;
        var seen = input.Object();
        while (input.Next(Employee, ref seen))
        {
            switch (Employee[seen.Last])
            {
                case "name":
                    name = input.Text();
                    break;
                case "email":
                    email = input.Null() ? null : input.Text();
                    break;
                case "birthDate":
                    birthDate = input.Null() ? null : input.Text();
                    break;
                case "nationalNumber":
                    nationalNumber = input.Null() ? null : input.Text();
                    break;
                case "address":
                    address = input.Null() ? null : input.Text();
                    break;
                case "language":
                    language = input.Null() ? null : input.Text();
                    break;
            }
        }

        return new(
            Open(person, name ?? throw input.Missing("name")), Optional(person, email), Optional(person, birthDate),
            Optional(person, nationalNumber), Optional(person, address), language);
    }

    public static BankAccountDetails ReadAccount(ref JsonInput input, string person)
    {
        string? account = null, bank = null, holder = null;
        var isIban = true;
        var seen = input.Object();
        while (input.Next(Account, ref seen))
        {
            switch (Account[seen.Last])
            {
                case "account":
                    account = input.Text();
                    break;
                case "isIban":
                    isIban = input.Null() || input.Flag();
                    break;
                case "bank":
                    bank = input.Null() ? null : input.Text();
                    break;
                case "holder":
                    holder = input.Null() ? null : input.Text();
                    break;
            }
        }

        var sent = account ?? throw input.Missing("account");
        return new(Open(person, isIban ? Iban.Electronic(sent) : sent), isIban, bank, Optional(person, holder));
    }

    public static DeductionDetails ReadDeduction(ref JsonInput input, string person)
    {
        DeductionKind? kind = null;
        decimal? amount = null, total = null;
        LocalDate? from = null, to = null;
        string? creditor = null, reference = null;
        var seen = input.Object();
        while (input.Next(Deduction, ref seen))
        {
            switch (Deduction[seen.Last])
            {
                case "kind":
                    kind = input.One(Choice<DeductionKind>.Instance);
                    break;
                case "amount":
                    amount = input.Amount();
                    break;
                case "from":
                    from = input.Date();
                    break;
                case "creditor":
                    creditor = input.Text();
                    break;
                case "to":
                    to = input.Null() ? null : input.Date();
                    break;
                case "total":
                    total = input.Null() ? null : input.Amount();
                    break;
                case "reference":
                    reference = input.Null() ? null : input.Text();
                    break;
            }
        }

        return new(
            kind ?? throw input.Missing("kind"), amount ?? throw input.Missing("amount"),
            from ?? throw input.Missing("from"), creditor ?? throw input.Missing("creditor"), to, total,
            Optional(person, reference));
    }

    private static PersonalText Open(string person, string text) =>
        PersonalText.Open(person, Purpose.Payroll, text);

    private static PersonalText? Optional(string person, string? text) => text is null ? null : Open(person, text);
}
