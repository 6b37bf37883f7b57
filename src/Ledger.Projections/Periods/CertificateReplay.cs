using System.Runtime.CompilerServices;
using Ledger.Domain.Accounts;
using Ledger.Domain.Approvals;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.Domain.Periods;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Ledger.Projections.Audit;
using NodaTime;
using Npgsql;

namespace Ledger.Projections.Periods;

/// <summary>A closing with all that its certificate is made from.</summary>
/// <param name="Facts">Hold until the next closing is asked for. The hash of the certificate before is not among them,
/// nor the root, unless the leaves were computed.</param>
/// <param name="Late">The sequence of an entry that was booked in the months of the closing that this one goes on from,
/// after that; null where there is none, as it must be.</param>
public sealed record ReplayedClosing(CertificateFacts Facts, long? Late);

/// <summary>
/// Derives what certificates are made from out of the events alone, one company at a time and in one pass. What it
/// keeps are sums a month and account, so it takes no more room for a million entries.
/// </summary>
public sealed class CertificateReplay(NpgsqlDataSource database, EventCatalog catalog)
{
    private static readonly Type[] Folded =
    [
        typeof(CompanyRegistered), typeof(CompanyChanged), typeof(AccountOpened), typeof(AccountChanged),
        typeof(JournalEntryPosted), typeof(PeriodClosed), typeof(PeriodReopened), typeof(FiscalYearFinalized),
        typeof(ApprovalGiven), typeof(ApprovalRefused), typeof(ApprovalUsed), typeof(ApprovedBySinglePerson),
    ];

    private readonly HashSet<string> names = [.. Folded.Select(catalog.NameOf)];

    /// <summary>The closings of a company, in order.</summary>
    /// <param name="upTo">The last sequence to look at.</param>
    /// <param name="withLeaves">Computes the leaves of the audit log from the events and their salts, too: the roots
    /// are theirs.</param>
    /// <exception cref="InvalidDataException">The audit log lacks leaves.</exception>
    public async IAsyncEnumerable<ReplayedClosing> ClosingsAsync(
        string company, long upTo, bool withLeaves, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await Session.PrepareAsync(connection, ct);
        await using var command = new NpgsqlCommand(
            $"""
            select {LeafReader.Columns}, f.salt, f.hash, f.body
            from ledger.log l
            join public.mt_events e on e.seq_id = l.sequence
            left join ledger.leaf f on $3 and f.company = l.company and f.position = l.position
            where l.company = $1 and l.sequence <= $2 and ($3 or e.type = any ($4))
            order by l.position
            """, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = upTo });
        command.Parameters.Add(new() { Value = withLeaves });
        command.Parameters.Add(new() { Value = names.ToArray() });
        var tree = new GrowingTree();
        var state = new State();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            if (withLeaves)
            {
                tree.Add(LeafOf(rows));
            }

            var type = rows.GetString(6);
            if (!names.Contains(type))
            {
                continue;
            }

            var e = catalog.Read(type, rows.GetFieldValue<byte[]>(12));
            state.Fold(
                e, rows.GetGuid(3), rows.GetInt64(2), rows.IsDBNull(8) ? null : rows.GetString(8));
            if (e is PeriodClosed)
            {
                yield return state.Closed(rows.GetInt64(1), withLeaves ? tree.Root() : []);
            }
        }
    }

    private static byte[] LeafOf(NpgsqlDataReader row)
    {
        if (row.IsDBNull(14))
        {
            throw new InvalidDataException(
                $"The audit log has no leaf of event {row.GetInt64(2)}: start the service first, which adds it.");
        }

        return (row.IsDBNull(13)
            ? LeafReader.EnvelopeOf(row, Convert.ToBase64String(row.GetFieldValue<byte[]>(15)))
            : LeafReader.EnvelopeOf(row, row.GetFieldValue<byte[]>(13))).Hash();
    }

    /// <summary>What was folded so far.</summary>
    private sealed class State
    {
        private readonly PostedMonths posted = new();
        private readonly Dictionary<int, long> numbers = [];
        private readonly Dictionary<YearMonth, long> late = [];
        private Company company = Company.Initial;
        private Chart chart = Chart.Initial;
        private Closings closings = Closings.Initial;

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
}
