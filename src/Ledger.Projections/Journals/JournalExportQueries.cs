using Ledger.Projections.Accounts;
using Ledger.Projections.Approvals;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Journals;

/// <summary>Which entries are exported.</summary>
/// <param name="After">The position behind which they begin; 0 for the first.</param>
/// <param name="From">The first booked day; null for all.</param>
/// <param name="To">The last booked day; null for all.</param>
public sealed record JournalExportFilter(long After, LocalDate? From, LocalDate? To);

/// <summary>A run of whole entries, in the order of recording.</summary>
/// <param name="SinglePerson">What single persons approved, in the last run.</param>
public sealed record JournalRun(
    IReadOnlyList<JournalEntryThen> Entries,
    Knowledge Known,
    string Currency,
    int Digits,
    SinglePersonApprovals? SinglePerson);

/// <summary>Reads the whole journal run by run: no transaction lasts longer than one run.</summary>
public static class JournalExportQueries
{
    public static async Task<Answer<JournalRun>> RunAsync(Snapshot snapshot, JournalExportFilter filter, int entriesMax)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(filter);
        const string entrySql = $$"""
            select {{JournalRow.Columns}}
            from ledger_read.journal_entry_{v} e
            where e.company = $1 and e.position > $3 and e.position <= $2
                and ($4::date is null or e.booked_on >= $4) and ($5::date is null or e.booked_on <= $5)
            order by e.position
            limit $6
            """;
        var company = snapshot.Company;
        var accounts = AccountQueries.Ask(snapshot);
        var entries = snapshot.Ask(
            entrySql,
            row => JournalRow.Read(row, company),
            company.Code,
            snapshot.Knowledge.Position,
            filter.After,
            Date(filter.From),
            Date(filter.To),
            entriesMax);
        await snapshot.SendAsync();
        var chart = accounts.Chart();

        const string lineSql = $$"""
            select p.position, {{JournalLineRow.Columns}}
            from unnest($2) p (position)
            cross join lateral (
                select l.* from ledger_read.journal_line_{v} l
                where l.company = $1 and l.position = p.position offset 0) l
            """;
        var lines = snapshot.Ask(
            lineSql,
            row => (Position: row.GetInt64(0),
                Line: JournalLineRow.Read(row, 1, company, company.Currency, code => chart.Of(code).Name)),
            company.Code,
            entries.Select(entry => entry.Position).ToArray());
        var singlePerson = entries.Count < entriesMax ? ApprovalQueries.AskSinglePerson(snapshot) : null;
        await snapshot.SendAsync();
        var byEntry = lines.ToLookup(each => each.Position, each => each.Line);
        return new JournalRun(
            [
                .. entries.Select(entry => new JournalEntryThen(
                    entry, [.. byEntry[entry.Position].OrderBy(line => line.Line)])),
            ],
            snapshot.Knowledge,
            company.Currency,
            company.DigitsOf(company.Currency),
            singlePerson?.Invoke());
    }

    private static NpgsqlParameter Date(LocalDate? day) =>
        new() { NpgsqlDbType = NpgsqlDbType.Date, Value = (object?)day?.ToDateOnly() ?? DBNull.Value };
}
