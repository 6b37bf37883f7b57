using Ledger.Domain.Employees;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.Employees;

/// <summary>All that is recorded of an employee, as known then. Each entry has a <c>version</c>: it is sent back as
/// If-Match to correct the entry.</summary>
/// <param name="AsOf">Only what is in force on that day; null for everything.</param>
/// <param name="Version">That of the last event.</param>
public sealed record EmployeeShown(
    string Company,
    Instant? KnownAt,
    long KnownAtSequence,
    LocalDate? AsOf,
    string Employee,
    long Version,
    PersonShown Details,
    IReadOnlyList<ContractShown> Contracts,
    IReadOnlyList<PayShown> Pay,
    IReadOnlyList<StatutoryShown> Statutory,
    IReadOnlyList<BankAccountShown> BankAccounts,
    IReadOnlyList<AbsenceShown> Absences,
    IReadOnlyList<DeductionShown> Deductions,
    IReadOnlyList<OpeningShown> OpeningFigures,
    TerminationShown? Termination,
    IReadOnlyList<LeaveEntitlementShown> LeaveEntitlements) : IKnown
{
    public static EmployeeShown Of(string company, string id, Employee all, Knowledge known, LocalDate? asOf)
    {
        ArgumentNullException.ThrowIfNull(all);
        ArgumentNullException.ThrowIfNull(known);
        var employee = asOf is { } day ? all.AsOf(day) : all;
        return new(
            company, known.Instant, known.Sequence, asOf, id, employee.Version, PersonShown.Of(employee.Details!),
            [.. employee.Contracts.Select(each => ContractShown.Of(each.Key, each.Value))],
            [.. employee.Pay.Select(each => PayShown.Of(each.Key, each.Value))],
            [.. employee.Statutory.Select(each => StatutoryShown.Of(each.Key, each.Value))],
            [.. employee.BankAccounts.Select(each => BankAccountShown.Of(each.Key, each.Value))],
            [.. employee.Absences.Select(each => AbsenceShown.Of(each.Key, each.Value))],
            [.. employee.Deductions.Select(each => DeductionShown.Of(each.Key, each.Value))],
            [.. employee.Opening.Select(each => OpeningShown.Of(each.Key, each.Value))],
            employee.Termination is { } end ? TerminationShown.Of(end) : null,
            [.. employee.LeaveEntitlements.Select(each => LeaveEntitlementShown.Of(each.Key, each.Value))]);
    }
}
