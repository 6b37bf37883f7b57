using Ledger.Domain.Companies;
using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Api.Demo;

/// <summary>One of the shop's companies that employ people, by the law and in the currency of its country.</summary>
/// <param name="Suffix">Behind the demo company's id.</param>
/// <param name="Iban">From where it pays.</param>
/// <param name="Months">Of the year, in order.</param>
internal sealed record Employer(
    string Suffix, CompanySettings Settings, PayGroupDetails Group, string Iban, IReadOnlyList<StaffMonth> Months);

/// <summary>A month of pay: what is recorded before its payslips are made, and what is found while they are looked
/// at.</summary>
/// <param name="Worked">Time of those who are paid by the hour.</param>
/// <param name="Found">Its payslips are made again then: only those that it concerns become others.</param>
/// <param name="Extra">Paid by a supplementary run after the regular one.</param>
internal sealed record StaffMonth(
    YearMonth Month, IReadOnlyList<EmployeeCommand> Before, IReadOnlyList<PutTimeEntry> Worked,
    IReadOnlyList<EmployeeCommand> Found, IReadOnlyList<EmployeeCommand> Extra)
{
    /// <summary>The month's last day on which banks work.</summary>
    public LocalDate PayDate
    {
        get
        {
            var last = Month.OnDayOfMonth(CalendarSystem.Iso.GetDaysInMonth(Month.Year, Month.Month));
            return last.DayOfWeek switch
            {
                IsoDayOfWeek.Saturday => last.PlusDays(-1),
                IsoDayOfWeek.Sunday => last.PlusDays(-2),
                _ => last,
            };
        }
    }
}
