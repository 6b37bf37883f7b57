using Ledger.Domain.Accounts;
using Ledger.Domain.Approvals;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.Domain.Periods;
using Ledger.EventStore.Audit;
using NodaTime;

namespace Ledger.Projections.Periods;

/// <summary>A closing with all that its certificate is made from.</summary>
/// <param name="Facts">Hold until the next closing is asked for. The hash of the certificate before is not among them,
/// nor the root, unless the leaves were computed.</param>
/// <param name="Late">The sequence of an entry that was booked in the months of the closing that this one goes on from,
/// after that; null where there is none, as it must be.</param>
public sealed record ReplayedClosing(CertificateFacts Facts, long? Late);

/// <summary>Folds the events of a company in order into what certificates are made from. What it keeps are sums a month
/// and account, so it takes no more room for a million entries.</summary>
public sealed class ClosingFold
{
    /// <summary>The events that certificates rest on.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        typeof(CompanyRegistered), typeof(CompanyChanged), typeof(AccountOpened), typeof(AccountChanged),
        typeof(JournalEntryPosted), typeof(PeriodClosed), typeof(PeriodReopened), typeof(FiscalYearFinalized),
        typeof(ApprovalGiven), typeof(ApprovalRefused), typeof(ApprovalUsed), typeof(ApprovedBySinglePerson),
    ];

    private readonly PostedMonths posted = new();
    private readonly Dictionary<int, long> numbers = [];
    private readonly Dictionary<YearMonth, long> late = [];
    private Company company = Company.Initial;
    private Chart chart = Chart.Initial;
    private Closings closings = Closings.Initial;

    /// <param name="e">One of <see cref="Types"/>.</param>
    /// <param name="id">Of the event.</param>
    /// <param name="sequence">Of the event.</param>
    public void Fold(object e, Guid id, long sequence, string? actor)
    {
        switch (e)
        {
            case CompanyEvent of:
                company = Company.Evolve(company, of);
                break;
            case AccountEvent of:
                chart = Chart.Evolve(chart, of);
                break;
            case JournalEntryPosted entry:
                var year = company.FiscalYearOf(entry.BookedOn).Name;
                posted.Add(entry, year, numbers[year] = numbers.GetValueOrDefault(year) + 1);
                if (closings.Calendar.IsClosed(entry.BookedOn.ToYearMonth()))
                {
                    late[entry.BookedOn.ToYearMonth()] = sequence;
                }

                break;
            default:
                closings = Closings.Evolve(closings, e, id, sequence, actor);
                break;
        }
    }

    /// <summary>After a closing: what its certificate is made from, until the next event.</summary>
    /// <param name="position">Of the closing in the company's log.</param>
    public ReplayedClosing Closed(long position, byte[] root)
    {
        var closing = closings.Newest!;
        return new(
            new(
                closing, posted, chart, company.FiscalYearOf(closing.Name.Period.OnDayOfMonth(1)).Name, position,
                root, null),
            closing.GoesOnFrom is { } before
                ? late.Where(each => each.Key <= before.Period && each.Value > before.Sequence)
                    .Select(each => (long?)each.Value).FirstOrDefault()
                : null);
    }
}
