using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Employees;
using Ledger.Domain.Journals;
using Ledger.Domain.PayRuns;
using Ledger.Domain.Periods;
using Ledger.Projections.Accounts;
using Ledger.Projections.Companies;
using Ledger.Projections.Dimensions;
using Ledger.Projections.Employees;
using Ledger.Projections.Journals;
using Ledger.Projections.PayRuns;
using Ledger.Projections.People;
using Ledger.Projections.Periods;
using NodaTime;

namespace Ledger.Projections.Books;

/// <summary>
/// What a run of events comes to in the tables of the books, built up in memory before anything is written.
/// </summary>
internal sealed class BooksBatch(int blockSize)
{
    private readonly Dictionary<CompanyBooks, long> coveredBefore = [];

    public CopyBuffer Entries { get; } = new();

    public CopyBuffer Lines { get; } = new();

    public CopyBuffer Accounts { get; } = new();

    public CopyBuffer Companies { get; } = new();

    public CopyBuffer DimensionValues { get; } = new();

    public CopyBuffer Periods { get; } = new();

    public CopyBuffer Employees { get; } = new();

    public CopyBuffer Contracts { get; } = new();

    public CopyBuffer Terminations { get; } = new();

    public CopyBuffer OpeningFigures { get; } = new();

    public CopyBuffer PersonalData { get; } = new();

    public CopyBuffer PayRuns { get; } = new();

    public CopyBuffer Payslips { get; } = new();

    public CopyBuffer PayslipLines { get; } = new();

    /// <summary>Movement cells of the lowest level.</summary>
    public CopyBuffer Cells { get; } = new();

    /// <summary>Completed blocks whose beginning this process did not see: their cells are summed from the
    /// lines.</summary>
    public List<(string Company, long Block)> BlocksNotSeen { get; } = [];

    /// <summary>How many events were folded, those included that the books pass over.</summary>
    public int Events { get; private set; }

    /// <summary>The first one, to be named when the database refuses the batch.</summary>
    public LoggedEvent First { get; private set; }

    /// <summary>The sequence of the last one.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Where the companies of the batch stand at its end; filled by <see cref="Close"/>.</summary>
    public List<CompanyProgress> Progress { get; } = [];

    public void Clear()
    {
        foreach (var buffer in Buffers)
        {
            buffer.Clear();
        }

        BlocksNotSeen.Clear();
        coveredBefore.Clear();
        Progress.Clear();
        Events = 0;
        First = default;
        LastSequence = 0;
    }

    /// <summary>Adds what an event comes to, or throws and leaves batch and company as they were.</summary>
    public void Add(in LoggedEvent at, object domainEvent, CompanyBooks company)
    {
        var (entries, lines, persons) = (Entries.Mark, Lines.Mark, PersonalData.Mark);
        try
        {
            PersonalDataRows.Add(PersonalData, at, domainEvent);
            Fold(at, domainEvent, company);
        }
        catch
        {
            Entries.Reset(entries);
            Lines.Reset(lines);
            PersonalData.Reset(persons);
            throw;
        }

        PassOver(at, company);
    }

    /// <summary>Counts an event that says nothing to the books.</summary>
    public void PassOver(in LoggedEvent at, CompanyBooks company)
    {
        if (Events++ == 0)
        {
            First = at;
        }

        LastSequence = at.Sequence;
        company.Position = at.Position;
        coveredBefore.TryAdd(company, company.Covered);

        if (at.Position % blockSize == 0)
        {
            Complete(company, (at.Position / blockSize) - 1);
            company.Covered = at.Position;
            company.Sums = new BlockSums();
        }
    }

    private void Complete(CompanyBooks company, long block)
    {
        if (company.Sums is { } sums)
        {
            sums.WriteTo(Cells, company.Company, 1, block);
        }
        else
        {
            BlocksNotSeen.Add((company.Company, block));
        }
    }

    /// <summary>Fixes where the companies stand, since folding the next batch moves them on.</summary>
    public void Close()
    {
        foreach (var (company, before) in coveredBefore)
        {
            Progress.Add(new(company.Company, company.Position, before, company.Covered));
        }
    }

    private IEnumerable<CopyBuffer> Buffers =>
    [
        Entries, Lines, Accounts, Companies, DimensionValues, Periods, Employees, Contracts, Terminations,
        OpeningFigures, PersonalData, PayRuns, Payslips, PayslipLines, Cells,
    ];

    private void Fold(in LoggedEvent at, object domainEvent, CompanyBooks company)
    {
        switch (domainEvent)
        {
            case JournalEntryPosted posted:
                var year = company.FiscalYearOf(posted.BookedOn);
                var number = company.Numbers.GetValueOrDefault(year) + 1;
                JournalRows.Add(Entries, Lines, at, posted, year, number);
                company.Numbers[year] = number;
                company.Sums?.Add(posted);
                break;
            case AccountOpened opened:
                AccountRows.Add(Accounts, at, opened.Code, opened.Account);
                break;
            case AccountChanged changed:
                AccountRows.Add(Accounts, at, changed.Code, changed.Account);
                break;
            case CompanyRegistered registered:
                Add(at, registered.Settings, registered.TimeZone, registered.FiscalYearStart, company);
                break;
            case CompanyChanged changed:
                Add(at, changed.Settings, changed.TimeZone, changed.FiscalYearStart, company);
                break;
            case DimensionValueAdded added:
                DimensionRows.Add(DimensionValues, at, added.Dimension, added.Value, added.Details);
                break;
            case DimensionValueChanged changed:
                DimensionRows.Add(DimensionValues, at, changed.Dimension, changed.Value, changed.Details);
                break;
            case PeriodClosed closed:
                PeriodRows.Add(Periods, at, "closed", closed.Period, null);
                break;
            case PeriodReopened reopened:
                PeriodRows.Add(Periods, at, "reopened", reopened.Period, reopened.Reason);
                break;
            case FiscalYearFinalized finalized:
                PeriodRows.Add(Periods, at, "final", finalized.LastPeriod, null);
                break;
            case EmployeeRegistered registered:
                EmployeeRows.Add(Employees, at, registered.Details);
                break;
            case EmployeeChanged changed:
                EmployeeRows.Add(Employees, at, changed.Details);
                break;
            case ContractRecorded recorded:
                EmployeeRows.Add(Contracts, at, recorded);
                break;
            case EmploymentTerminated terminated:
                EmployeeRows.Add(Terminations, at, terminated);
                break;
            case OpeningFiguresRecorded recorded:
                EmployeeRows.Add(OpeningFigures, at, recorded);
                break;
            case PayRunEvent run:
                PayRunRows.Add(PayRuns, at, run);
                break;
            case PayslipEvent slip:
                PayslipRows.Add(Payslips, PayslipLines, at, slip);
                break;
            default:
                // Registered, but nothing to the books: keys, and reversals, which are entries of their own.
                break;
        }
    }

    private void Add(
        in LoggedEvent at, CompanySettings settings, string timeZone, AnnualDate fiscalYearStart, CompanyBooks company)
    {
        CompanyRows.Add(Companies, at, settings, timeZone, fiscalYearStart);
        company.FiscalYearStart = fiscalYearStart;
    }
}

/// <summary>How far a batch brings a company.</summary>
/// <param name="CoveredBefore">The last position that the cells covered before it.</param>
/// <param name="Covered">The last position of the last complete block after it.</param>
internal readonly record struct CompanyProgress(string Company, long Position, long CoveredBefore, long Covered);
