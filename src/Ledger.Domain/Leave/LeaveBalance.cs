using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Domain.Leave;

/// <summary>The leave of one employee, year by year, as far as it was earned and taken by a day.</summary>
/// <param name="Through">The last day that counts: the day that was asked for, or the last of employment.</param>
/// <param name="Years">From that of the hiring or of the opening figures on; there is at least one.</param>
public sealed record LeaveBalance(LocalDate Through, LeaveUnit Unit, IReadOnlyList<LeaveYear> Years)
{
    /// <summary>What is left; less than nothing where more was taken than earned.</summary>
    public decimal Days => Years[^1].Balance;

    /// <summary>Null for somebody who has no leave by law or by an entitlement of their own, or is not hired yet.
    /// </summary>
    /// <param name="employee">As known then.</param>
    /// <param name="pack">The law by which they are employed.</param>
    /// <param name="asOf">The day; absences after it are planned.</param>
    /// <param name="law">Only law that was known then; by default all.</param>
    /// <param name="explains">Whether each year says how it came about.</param>
    public static LeaveBalance? Of(
        Employee employee, Pack pack, LocalDate asOf, LawKnown law = default, bool explains = true)
    {
        ArgumentNullException.ThrowIfNull(employee);
        ArgumentNullException.ThrowIfNull(pack);
        return new LeaveBook(employee, pack, asOf, law, explains).Balance();
    }
}

/// <summary>A leave year, which is that of the calendar: <c>Balance</c> is <c>Opening</c> and <c>Accrued</c> less
/// <c>Taken</c>, to the last digit shown.</summary>
/// <param name="Entitlement">Of all days of employment of the year that are known, also of those to come.</param>
/// <param name="Opening">From the year before, or from opening figures.</param>
/// <param name="Accrued">By the days of employment so far: to two decimal places, a half up, once a year.</param>
/// <param name="Planned">What is recorded to be taken after the last day that counts, also in later years.</param>
/// <param name="Lapsed">What was not carried over at the end of the year.</param>
public sealed record LeaveYear(
    int Year,
    decimal Entitlement,
    decimal Opening,
    decimal Accrued,
    decimal Taken,
    decimal Balance,
    decimal Planned,
    decimal Lapsed,
    IReadOnlyList<LeaveStep> Working);

/// <summary>What a part of a leave year is.</summary>
public enum LeaveStepKind
{
    /// <summary>What was left elsewhere before the first run here.</summary>
    Opening,
    CarriedOver,
    Accrued,
    Taken,
    Planned,
    Lapsed,
}

/// <summary>A part of a leave year, and why it is there.</summary>
/// <param name="Days">To two decimal places; parts of what accrued are shown rounded, and their sum is rounded once.
/// </param>
/// <param name="DaysPerYear">By which it accrued.</param>
/// <param name="Source">Of the law's figure, where it accrued by law.</param>
/// <param name="Absence">The id of what was taken or is planned.</param>
/// <param name="Version">That of the employee's event behind it.</param>
public sealed record LeaveStep(
    LeaveStepKind Kind,
    LocalDate From,
    LocalDate Through,
    decimal Days,
    decimal? DaysPerYear = null,
    string? Source = null,
    string? Absence = null,
    long? Version = null);
