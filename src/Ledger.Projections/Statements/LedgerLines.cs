using System.Text.Json;
using Ledger.Domain;
using Ledger.Projections.Balances;
using Ledger.Projections.Journals;
using Ledger.Projections.People;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Statements;

/// <summary>A line of the general ledger as the tables hold it.</summary>
internal sealed record LedgerLine(
    string Account,
    LedgerLinePlace Place,
    string Unit,
    string? Memo,
    string? Dimensions,
    Turnover Turnover);

/// <summary>The entry of a line, and the accounts that it touches on each side.</summary>
internal sealed record LedgerEntry(
    long Position,
    string Id,
    int FiscalYear,
    long Number,
    string Description,
    string? Reference,
    string? DocumentNumber,
    string? Counterparty,
    long Sequence,
    Instant Recorded,
    string[] Debited,
    string[] Credited,
    CounterpartyPerson? CounterpartyPerson)
{
    /// <summary>The accounts on the other side; all others where there is no other side.</summary>
    public ValueList<string> ContraOf(LedgerLine line)
    {
        var isDebit = line.Turnover.Debit != 0 || line.Turnover.BaseDebit != 0;
        var other = isDebit ? Credited : Debited;
        return ValueList.ToValueList(other.Length > 0
            ? other
            : Debited.Concat(Credited).Where(account => account != line.Account).Distinct(StringComparer.Ordinal));
    }
}

/// <summary>Finds the lines of accounts in the order of their days, and the entries behind them.</summary>
internal static class LedgerLines
{
    /// <summary>Up to <paramref name="limit"/> lines of each account, behind a place in the first of them.</summary>
    public static async Task<List<LedgerLine>> OfAsync(
        Snapshot snapshot, LedgerRequest request, IReadOnlyList<string> accounts, LedgerLinePlace? after, int limit)
    {
        const string sql = """
            select a.account, l.booked_on, l.position, l.line, l.unit, l.memo, l.dimensions::text,
                l.debit, l.credit, l.base_debit, l.base_credit
            from unnest($2) a (account)
            cross join lateral (
                select l.* from ledger_read.journal_line_{v} l
                where l.company = $1 and l.account = a.account and l.booked_on >= $3 and l.booked_on <= $4
                    and l.position <= $5 and (l.booked_on, l.position, l.line) > ($6, $7, $8)
                    and ($9::jsonb is null or l.dimensions @> $9)
                order by l.booked_on, l.position, l.line
                limit $10
                offset 0) l
            """;
        var lines = snapshot.Ask(
            sql,
            row => new LedgerLine(
                row.GetString(0),
                new(row.GetDay(1), row.GetInt64(2), row.GetInt32(3)),
                row.GetString(4),
                row.GetText(5),
                row.GetText(6),
                new(row.GetSum(7), row.GetSum(8), row.GetSum(9), row.GetSum(10))),
            snapshot.Company.Code,
            accounts.ToArray(),
            request.From.ToDateOnly(),
            request.To.ToDateOnly(),
            snapshot.Knowledge.Position,
            (after?.BookedOn ?? request.From).ToDateOnly(),
            after?.Position ?? 0,
            after?.Line ?? 0,
            Only(request.Dimension),
            limit);
        await snapshot.SendAsync();
        return lines;
    }

    /// <summary>What the lines of one day come to, up to a place in it, by unit.</summary>
    public static Rows<(string Unit, Turnover Turnover)> AskDay(
        Snapshot snapshot, LedgerRequest request, string account, LedgerLinePlace through)
    {
        const string sql = """
            select l.unit, sum(l.debit), sum(l.credit), sum(l.base_debit), sum(l.base_credit)
            from ledger_read.journal_line_{v} l
            where l.company = $1 and l.account = $2 and l.booked_on = $3
                and l.position <= $4 and (l.position, l.line) <= ($5, $6)
                and ($7::jsonb is null or l.dimensions @> $7)
            group by l.unit
            """;
        return snapshot.Ask(
            sql,
            row => (row.GetString(0), new Turnover(row.GetSum(1), row.GetSum(2), row.GetSum(3), row.GetSum(4))),
            snapshot.Company.Code,
            account,
            through.BookedOn.ToDateOnly(),
            snapshot.Knowledge.Position,
            through.Position,
            through.Line,
            Only(request.Dimension));
    }

    /// <summary>The entries of lines, by position.</summary>
    public static async Task<Dictionary<long, LedgerEntry>> EntriesAsync(
        Snapshot snapshot, IEnumerable<LedgerLine> lines)
    {
        // The lines of an entry are read by their key before they are put in order: connections that do not sort would
        // walk through all lines of the company by account instead.
        const string sql = $$"""
            select e.position, e.id, e.fiscal_year, e.number, e.description, e.reference, e.document_number,
                e.counterparty, e.sequence, e.recorded,
                array(
                    select distinct d.account from (
                        select l.account from ledger_read.journal_line_{v} l
                        where l.company = $1 and l.position = e.position and (l.debit <> 0 or l.base_debit <> 0)
                        offset 0) d
                    order by d.account),
                array(
                    select distinct c.account from (
                        select l.account from ledger_read.journal_line_{v} l
                        where l.company = $1 and l.position = e.position and (l.credit <> 0 or l.base_credit <> 0)
                        offset 0) c
                    order by c.account),
                {{CounterpartyPerson.Columns}}
            from unnest($2) p (position)
            cross join lateral (
                select e.* from ledger_read.journal_entry_{v} e
                where e.company = $1 and e.position = p.position offset 0) e
            """;
        var entries = snapshot.Ask(
            sql,
            row => new LedgerEntry(
                row.GetInt64(0),
                row.GetString(1),
                row.GetInt32(2),
                row.GetInt64(3),
                row.GetString(4),
                row.GetText(5),
                row.GetText(6),
                row.GetText(7),
                row.GetInt64(8),
                row.GetInstant(9),
                row.GetFieldValue<string[]>(10),
                row.GetFieldValue<string[]>(11),
                CounterpartyPerson.Read(row, 12, snapshot.Company.Code, row.GetString(1))),
            snapshot.Company.Code,
            lines.Select(line => line.Place.Position).Distinct().ToArray());
        await snapshot.SendAsync();
        return entries.ToDictionary(entry => entry.Position);
    }

    public static ValueMap<string> DimensionsOf(LedgerLine line) => JournalLineRow.DimensionsIn(line.Dimensions);

    private static NpgsqlParameter Only(DimensionQuery dimension) => new()
    {
        NpgsqlDbType = NpgsqlDbType.Jsonb,
        Value = dimension.Only.Count == 0
            ? DBNull.Value
            : JsonSerializer.Serialize(dimension.Only.ToDictionary(each => each.Dimension, each => each.Value)),
    };
}
