using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Api.Employees;

/// <summary>Who the employee is. Texts are null for those who may not open them, and where they were erased.</summary>
/// <param name="Erased">The texts are gone for good.</param>
public sealed record PersonShown(
    string? Name,
    string? Email,
    string? BirthDate,
    string? NationalNumber,
    string? Address,
    string? Language,
    bool Erased,
    long Version)
{
    internal static PersonShown Of(Registered<EmployeeDetails> of) => new(
        of.Details.Name.Text, of.Details.Email?.Text, of.Details.BirthDate?.Text, of.Details.NationalNumber?.Text,
        of.Details.Address?.Text, of.Details.Language, of.Details.Name.IsErased, of.Version);
}

/// <summary>A contract.</summary>
public sealed record ContractShown(
    string Contract,
    string PayGroup,
    LocalDate From,
    LocalDate? To,
    ContractType Type,
    string Position,
    decimal WeeklyHours,
    decimal? FullTimeHours,
    string? Place,
    ValueMap<string>? Dimensions,
    long Version)
{
    internal static ContractShown Of(string contract, Registered<ContractDetails> of) => new(
        contract, of.Details.PayGroup, of.Details.From, of.Details.To, of.Details.Type, of.Details.Position,
        of.Details.WeeklyHours, of.Details.FullTimeHours, of.Details.Place, of.Details.Dimensions, of.Version);
}

/// <summary>An element of pay from a day on.</summary>
public sealed record PayShown(
    string Element, LocalDate EffectiveFrom, decimal Amount, PayPer Per, LocalDate? To, long Version)
{
    internal static PayShown Of(PayKey key, Registered<PayDetails> of) => new(
        key.Element, key.EffectiveFrom, of.Details.Amount, of.Details.Per, of.Details.To, of.Version);
}

/// <summary>What the law knows from a day on.</summary>
public sealed record StatutoryShown(LocalDate EffectiveFrom, string Pack, ValueMap<FactValue> Facts, long Version)
{
    internal static StatutoryShown Of(LocalDate from, Registered<StatutoryDetails> of) =>
        new(from, of.Details.Pack, of.Details.Facts, of.Version);
}

/// <summary>The account from a day on; its number is null for those who may not open it, and where it was
/// erased.</summary>
/// <param name="Erased">The account is gone for good.</param>
public sealed record BankAccountShown(
    LocalDate EffectiveFrom, string? Account, bool IsIban, string? Bank, string? Holder, bool Erased, long Version)
{
    internal static BankAccountShown Of(LocalDate from, Registered<BankAccountDetails> of) => new(
        from, of.Details.Account.Text, of.Details.IsIban, of.Details.Bank, of.Details.Holder?.Text,
        of.Details.Account.IsErased, of.Version);
}

/// <summary>An absence.</summary>
public sealed record AbsenceShown(
    string Absence, AbsenceKind Kind, LocalDate From, LocalDate To, bool? Withdrawn, long Version)
{
    internal static AbsenceShown Of(string absence, Registered<AbsenceDetails> of) => new(
        absence, of.Details.Kind, of.Details.From, of.Details.To, of.Details.Withdrawn, of.Version);
}

/// <summary>Leave of their own from a day on.</summary>
/// <param name="CarryOverMax">What goes into the next year at most; null is all of it.</param>
public sealed record LeaveEntitlementShown(
    LocalDate EffectiveFrom, decimal DaysPerYear, decimal? CarryOverMax, long Version)
{
    internal static LeaveEntitlementShown Of(LocalDate from, Registered<LeaveEntitlementDetails> of) =>
        new(from, of.Details.DaysPerYear, of.Details.CarryOverMax, of.Version);
}

/// <summary>What is taken from net pay for somebody else.</summary>
public sealed record DeductionShown(
    string Deduction,
    DeductionKind Kind,
    decimal Amount,
    LocalDate From,
    string Creditor,
    LocalDate? To,
    decimal? Total,
    string? Reference,
    long Version)
{
    internal static DeductionShown Of(string deduction, Registered<DeductionDetails> of) => new(
        deduction, of.Details.Kind, of.Details.Amount, of.Details.From, of.Details.Creditor, of.Details.To,
        of.Details.Total, of.Details.Reference?.Text, of.Version);
}

/// <summary>What was paid elsewhere in a year, before the first run here.</summary>
public sealed record OpeningShown(
    int Year,
    LocalDate Through,
    ValueMap<FactValue>? ToDate,
    ValueMap<decimal>? Lines,
    decimal? LeaveDays,
    decimal? EarningsOfTwelveMonths,
    long Version)
{
    internal static OpeningShown Of(int year, Registered<OpeningFigures> of) => new(
        year, of.Details.Through, of.Details.ToDate, of.Details.Lines, of.Details.LeaveDays,
        of.Details.EarningsOfTwelveMonths, of.Version);
}

/// <summary>The end of the employment.</summary>
public sealed record TerminationShown(LocalDate LastDay, string Reason, long Version)
{
    internal static TerminationShown Of(Registered<TerminationDetails> of) =>
        new(of.Details.LastDay, of.Details.Reason, of.Version);
}
