using Ledger.Domain.Employees;
using Ledger.Domain.Journals;
using Ledger.Domain.PayGroups;
using Ledger.Domain.PayRuns;
using Ledger.Domain.People;
using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Domain.Audit;

/// <summary>
/// How long what proves an event is kept: as long as data of its purpose (<see cref="Retention"/>). What is about the
/// employed is kept as payroll. The books are all else that decisions rest on: entries, chart, months and certificates,
/// and who could do what and agreed to what. Only what became of the data on a person is kept by no rule.
/// </summary>
public static class SaltRetention
{
    /// <param name="recorded">The day on which it was recorded, in UTC; an entry counts from the day it is booked
    /// on, as the data on persons in it does.</param>
    /// <param name="event">Null for one that this program does not know, which is kept as the books are.</param>
    public static KeptData? Of(LocalDate recorded, object? @event) => @event switch
    {
        PersonEvent => null,
        JournalEntryPosted posted => new(Purpose.Bookkeeping, posted.BookedOn),
        EmployeeEvent or PayGroupEvent or PayRunEvent or PayslipEvent or TimeSheetEvent =>
            new(Purpose.Payroll, recorded),
        _ => new(Purpose.Bookkeeping, recorded),
    };
}
