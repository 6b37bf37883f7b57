using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>By what the hours of an employee are told apart.</summary>
public static class PackHours
{
    /// <param name="employee">With the hours of their contracts.</param>
    /// <param name="group">The first day of its weeks is that of weeks of work, which by the law of the United States
    /// the employer chooses; Sunday by default.</param>
    /// <param name="pack">That of the group.</param>
    /// <param name="known">Only holidays that were known.</param>
    public static HourTerms TermsOf(Employee employee, PayGroupDetails group, Pack pack, LawKnown known)
    {
        ArgumentNullException.ThrowIfNull(employee);
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(pack);
        return new(
            pack.HourRules, pack.Holidays, day => employee.ContractOn(day)?.Details.WeeklyHours,
            group.WeekStart?.DayOfWeek ?? IsoDayOfWeek.Sunday, known);
    }
}
