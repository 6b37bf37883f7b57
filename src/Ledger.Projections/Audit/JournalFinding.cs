using Ledger.Domain.Journals;
using Ledger.Projections.Companies;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>An entry that an auditor may want to look at, and why. It tells nothing of persons but opaque
/// ids.</summary>
/// <param name="Entry">The id of the entry.</param>
/// <param name="Total">Its debits in the functional currency.</param>
/// <param name="Account">The account that the finding is about, where it is about one.</param>
/// <param name="Contra">The account on the other side, where it is about a pair.</param>
/// <param name="Amount">The amount that the finding is about, in <paramref name="Unit"/>.</param>
/// <param name="Related">The id of the entry that it is compared with.</param>
/// <param name="Because">What was found, as a sentence.</param>
public sealed record JournalFinding(
    string Entry,
    int FiscalYear,
    long Number,
    LocalDate BookedOn,
    Instant Recorded,
    string? Actor,
    string? Correlation,
    EntryKind Kind,
    Amount Total,
    string? Account,
    string? Contra,
    Amount? Amount,
    string? Unit,
    string? Related,
    string Because,
    long Sequence,
    long Position)
{
    /// <summary>The columns of the entry <c>e</c> that <see cref="Read"/> reads; behind them stand account, contra,
    /// amount, unit, related and mark of the finding <c>f</c>.</summary>
    internal const string Columns = """
        e.id, e.fiscal_year, e.number, e.booked_on, e.recorded, e.actor, e.correlation, e.kind, e.total, e.sequence,
        e.position, f.account, f.contra, f.amount, f.unit, f.related, f.mark
        """;

    /// <param name="because">Says it, of the finding and its mark.</param>
    internal static JournalFinding Read(
        NpgsqlDataReader row, CompanyThen company, Func<JournalFinding, long, string> because)
    {
        var unit = row.GetText(14);
        var finding = new JournalFinding(
            row.GetString(0),
            row.GetInt32(1),
            row.GetInt64(2),
            row.GetDay(3),
            row.GetInstant(4),
            row.GetText(5),
            row.GetText(6),
            (EntryKind)row.GetInt16(7),
            company.Base(row.GetSum(8)),
            row.GetText(11),
            row.GetText(12),
            row.IsDBNull(13) ? null : company.In(unit!, row.GetSum(13)),
            unit,
            row.GetText(15),
            "",
            row.GetInt64(9),
            row.GetInt64(10));
        return finding with { Because = because(finding, row.IsDBNull(16) ? 0 : row.GetInt64(16)) };
    }
}

/// <summary>Which entries are tested, and where the page of findings begins.</summary>
/// <param name="From">The first booked day.</param>
/// <param name="To">The last booked day.</param>
/// <param name="Since">Recorded at or after this instant.</param>
/// <param name="Until">Recorded at or before this instant.</param>
/// <param name="Actor">Recorded by this actor.</param>
/// <param name="After">The place of the last finding of the page before; null for the first page.</param>
/// <param name="Limit">Findings a page.</param>
public sealed record JournalScope(
    LocalDate? From, LocalDate? To, Instant? Since, Instant? Until, string? Actor, FindingPlace? After, int Limit);

/// <summary>The place of a finding: groups by their first entries, within them entries as they were recorded.</summary>
/// <param name="Group">The position of the group's first entry; 0 where there are no groups.</param>
/// <param name="Position">The position of the entry.</param>
public sealed record FindingPlace(long Group, long Position);

/// <summary>A page of findings.</summary>
/// <param name="Last">The place of its last one; null on the last page.</param>
/// <param name="Remarks">What must be known to read them, such as holidays that are not known.</param>
public sealed record FindingsThen(
    IReadOnlyList<JournalFinding> Rows, FindingPlace? Last, IReadOnlyList<string> Remarks);
