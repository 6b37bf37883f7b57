using Ledger.Api.Keys;
using Ledger.Domain.Accounts;
using Ledger.Domain.Approvals;
using Ledger.Domain.Audit;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Employees;
using Ledger.Domain.Journals;
using Ledger.Domain.Keys;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using Ledger.Domain.People;
using Ledger.Domain.Periods;
using Ledger.Domain.TimeSheets;
using Ledger.EventStore;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api;

/// <summary>Which streams a company has, and how each becomes state.</summary>
public static class Streams
{
    public const string Company = "company";
    public const string Chart = "chart";
    public const string Dimensions = "dimensions";
    public const string Periods = "periods";
    public const string Keys = KeyShelf.Stream;
    public const string Approvals = "approvals";
    public const string PayGroups = "pay-groups";
    public const string Restores = "restores";

    public static readonly Fold<Company> CompanyFold =
        new(Domain.Companies.Company.Initial, (state, e) => Domain.Companies.Company.Evolve(state, (CompanyEvent)e));

    public static readonly Fold<Chart> ChartFold =
        new(Domain.Accounts.Chart.Initial, (state, e) => Domain.Accounts.Chart.Evolve(state, (AccountEvent)e));

    public static readonly Fold<DimensionCatalog> DimensionsFold =
        new(DimensionCatalog.Initial, (state, e) => DimensionCatalog.Evolve(state, (DimensionEvent)e));

    public static readonly Fold<FiscalCalendar> PeriodsFold =
        new(FiscalCalendar.Initial, (state, e) => FiscalCalendar.Evolve(state, (PeriodEvent)e));

    public static readonly Fold<KeyRing> KeysFold =
        new(KeyRing.Initial, (state, e) => KeyRing.Evolve(state, (KeyEvent)e));

    public static readonly Fold<FourEyes> FourEyesFold =
        new(FourEyes.Initial, (state, e) => FourEyes.Evolve(state, (ApprovalEvent)e));

    public static readonly Fold<JournalEntry> EntryFold =
        new(JournalEntry.Initial, (state, e) => JournalEntry.Evolve(state, (JournalEvent)e));

    public static readonly Fold<Person> PersonFold =
        new(Domain.People.Person.Initial, (state, e) => Domain.People.Person.Evolve(state, (PersonEvent)e));

    public static readonly Fold<PayGroupCatalog> PayGroupsFold =
        new(PayGroupCatalog.Initial, (state, e) => PayGroupCatalog.Evolve(state, (PayGroupEvent)e));

    public static readonly Fold<Employee> EmployeeFold =
        new(Domain.Employees.Employee.Initial, (state, e) =>
            Domain.Employees.Employee.Evolve(state, (EmployeeEvent)e));

    public static readonly Fold<PayRun> PayRunFold =
        new(Domain.PayRuns.PayRun.Initial, (state, e) => Domain.PayRuns.PayRun.Evolve(state, (PayRunEvent)e));

    public static readonly Fold<PayslipState> PayslipFold =
        new(PayslipState.Initial, (state, e) => PayslipState.Evolve(state, (PayslipEvent)e));

    public static readonly Fold<TimeSheet> TimeSheetFold =
        new(Domain.TimeSheets.TimeSheet.Initial, (state, e) =>
            Domain.TimeSheets.TimeSheet.Evolve(state, (TimeSheetEvent)e));

    public static readonly Fold<SaltDeletion> SaltDeletionFold =
        new(Domain.Audit.SaltDeletion.Initial, (state, e) =>
            Domain.Audit.SaltDeletion.Evolve(state, (SaltDeletionEvent)e));

    /// <summary>Only whether it is recorded: what it says, no decision needs.</summary>
    public static readonly Fold<bool> ApprovalContentFold = new(false, static (_, _) => true);

    /// <summary>Only that it is read, so that it can be written on: no decision rests on what was restored.</summary>
    public static readonly Fold<int> RestoresFold = new(0, static (count, _) => count + 1);

    public static string ApprovalContent(string id) => string.Concat(FourEyes.ContentStreamPrefix, id);

    public static string Entry(string id) => string.Concat(EntryIds.StreamPrefix, id);

    public static string Employee(string id) => string.Concat(Domain.Employees.Employee.StreamPrefix, id);

    /// <summary>The stream of a time sheet begins so for every month of the employee.</summary>
    public static string TimeSheets(string employee) => $"{Domain.TimeSheets.TimeSheet.StreamPrefix}{employee}/";

    public static string TimeSheet(string employee, YearMonth month) =>
        string.Concat(TimeSheets(employee), Domain.TimeSheets.TimeSheet.NameOf(month));

    public static string PeriodCertificate(YearMonth period) =>
        string.Concat(PeriodCertificateEvent.StreamPrefix, YearMonthPattern.Iso.Format(period));

    public static string Pack(string name) => string.Concat(PublishedPack.StreamPrefix, name);

    public static string PayRun(string id) => string.Concat(Domain.PayRuns.PayRun.StreamPrefix, id);

    /// <summary>The stream of a payslip begins so for every employee of the run.</summary>
    public static string Payslips(string run) => $"{Domain.PayRuns.PayRun.PayslipStreamPrefix}{run}/";

    public static string Payslip(string run, string employee) => string.Concat(Payslips(run), employee);

    public static string SaltDeletion(string id) => string.Concat(Domain.Audit.SaltDeletion.StreamPrefix, id);

    public static string Person(string id) => string.Concat(Domain.People.Person.StreamPrefix, id);
}
