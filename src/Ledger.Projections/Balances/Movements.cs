using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Ledger.Domain.Journals;
using Ledger.Projections.Books;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Balances;

/// <summary>Days and knowledge that movements are summed over.</summary>
/// <param name="From">The first day; null for the beginning of the books.</param>
/// <param name="To">The last day, included.</param>
/// <param name="Position">The last position of the company that counts.</param>
internal readonly record struct Segment(LocalDate? From, LocalDate To, long Position);

/// <summary>A dimension and one of its values, such as <c>department:sales</c>.</summary>
public readonly record struct DimensionValue(string Dimension, string Value);

/// <summary>Which lines are summed, and what by.</summary>
/// <param name="Accounts">Null for all.</param>
/// <param name="Only">Only lines that carry all of these.</param>
/// <param name="By">One sum for each value of this dimension; lines that do not carry it are left out.</param>
internal sealed record MovementFilter(
    IReadOnlyList<string>? Accounts = null, IReadOnlyList<DimensionValue>? Only = null, string? By = null)
{
    public static readonly MovementFilter All = new();

    /// <summary>The dimensions that the sums are about; movement cells answer none and one.</summary>
    public IEnumerable<string> Dimensions => (Only ?? []).Select(only => only.Dimension).Append(By ?? "")
        .Where(dimension => dimension.Length > 0).Distinct(StringComparer.Ordinal);
}

/// <summary>The sums of one segment, account, unit and kind of entry, and of a dimension's value where asked
/// for.</summary>
/// <param name="Segment">Which of the segments, from 0.</param>
/// <param name="Value">The value of <see cref="MovementFilter.By"/>; empty without that.</param>
internal sealed record Movement(
    int Segment,
    string Account,
    string Unit,
    EntryKind Kind,
    string Value,
    Turnover Turnover);

/// <summary>
/// The one primitive of all balances: debits and credits over a range of days, as known at a position. The cost grows
/// with the number of accounts and the logarithm of both clocks, not with the entries: whole years, months and days
/// times whole blocks of positions come from cells, the rest of a block from its lines. Combinations of dimensions come
/// from lines.
/// </summary>
internal sealed class Movements
{
    private readonly Rows<Movement> lines;
    private readonly Rows<List<Movement>>? cells;

    private Movements(Rows<Movement> lines, Rows<List<Movement>>? cells)
    {
        this.lines = lines;
        this.cells = cells;
    }

    /// <summary>Asks for the sums; they are there once the snapshot has sent the question.</summary>
    public static Movements Ask(Snapshot snapshot, IReadOnlyList<Segment> segments, MovementFilter filter)
    {
        var dimensions = filter.Dimensions.ToArray();
        if (dimensions.Length > 1)
        {
            return new(AskLines(snapshot, segments, filter), null);
        }

        var plan = MovementPlan.Of(segments, snapshot.Covered, snapshot.BlockSize);
        var dimension = dimensions.Length == 0 ? "" : dimensions[0];
        return new(
            AskLinesBehindCells(snapshot, plan, filter, dimension), AskCells(snapshot, plan, filter, dimension));
    }

    /// <summary>One row for each segment, account, unit, kind and value that has any sum but zero.</summary>
    public IReadOnlyList<Movement> Sums()
    {
        // Spans that are taken away come as negative sums.
        var sums = new Dictionary<(int, string, string, EntryKind, string), Movement>();
        foreach (var row in lines.Concat((cells ?? []).SelectMany(row => row)))
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(
                sums, (row.Segment, row.Account, row.Unit, row.Kind, row.Value), out _);
            sum = sum is null ? row : sum with { Turnover = sum.Turnover + row.Turnover };
        }

        return [.. sums.Values.Where(sum => !sum.Turnover.IsZero)];
    }

    private static Rows<List<Movement>> AskCells(
        Snapshot snapshot, MovementPlan plan, MovementFilter filter, string dimension)
    {
        var only = filter.Only is { Count: > 0 } values ? values[0].Value : null;
        var accounts = filter.Accounts?.ToHashSet(StringComparer.Ordinal);

        // OFFSET 0 keeps each span's cells a look-up by index: without statistics a join would read all of them.
        var sql = $$"""
            select s.segment, s.adds, c.unit, c.kind, {{(filter.By is null ? "''" : "c.value")}},
                c.accounts, c.debits, c.credits, c.base_debits, c.base_credits
            from unnest($1, $2, $3, $4, $5, $6, $7)
                s (segment, adds, recorded_level, block, booked_level, since, before)
            cross join lateral (
                select * from ledger_read.movement_cell_{v} c
                where c.company = $8 and c.recorded_level = s.recorded_level and c.block = s.block
                    and c.dimension = $9 and c.booked_level = s.booked_level
                    and c.period >= s.since and c.period < s.before
                    {{(only is null ? "" : "and c.value = $10")}}
                offset 0) c
            """;
        object[] parameters = [.. plan.Cells, snapshot.Company.Code, dimension];
        return snapshot.Ask(sql, row => Read(row, accounts), only is null ? parameters : [.. parameters, only]);
    }

    private static Rows<Movement> AskLinesBehindCells(
        Snapshot snapshot, MovementPlan plan, MovementFilter filter, string dimension)
    {
        var parameters = new List<object>([.. plan.Lines, snapshot.Company.Code, dimension]);
        var which = new StringBuilder(dimension.Length == 0 ? "" : " and l.dimensions ? $10");
        if (filter.Accounts is not null)
        {
            parameters.Add(filter.Accounts.ToArray());
            which.Append(" and l.account = any($11)");
        }

        if (filter.Only is { Count: > 0 } only)
        {
            parameters.Add(only[0].Value);
            which.Append(" and l.dimensions ->> $10 = $").Append(parameters.Count);
        }

        var sql = $$"""
            select g.segment, l.adds, l.unit, l.kind, l.value, l.account,
                sum(l.debit), sum(l.credit), sum(l.base_debit), sum(l.base_credit)
            from (
                select r.part, r.adds, l.*
                from unnest($1, $2, $3, $4) r (part, adds, after, through)
                cross join lateral (
                    select l.booked_on, l.account, l.unit, l.kind,
                        {{(filter.By is null ? "''" : "l.dimensions ->> $10")}} as value,
                        l.debit, l.credit, l.base_debit, l.base_credit
                    from ledger_read.journal_line_{v} l
                    where l.company = $9 and l.position > r.after and l.position <= r.through{{which}}
                    offset 0) l
                offset 0) l
            join unnest($5, $6, $7, $8) g (segment, part, since, before)
                on g.part = l.part and l.booked_on >= g.since and l.booked_on < g.before
            group by g.segment, l.account, l.unit, l.kind, l.value, l.adds
            """;
        return snapshot.Ask(sql, Read, [.. parameters]);
    }

    private static Rows<Movement> AskLines(Snapshot snapshot, IReadOnlyList<Segment> segments, MovementFilter filter)
    {
        var only = (filter.Only ?? []).ToDictionary(each => each.Dimension, each => each.Value, StringComparer.Ordinal);

        // The lines are read once, however many segments they fall into.
        const string sql = """
            select g.segment, true, l.unit, l.kind, l.value, l.account,
                sum(l.debit), sum(l.credit), sum(l.base_debit), sum(l.base_credit)
            from (
                select l.position, l.booked_on, l.account, l.unit, l.kind, coalesce(l.dimensions ->> $7, '') as value,
                    l.debit, l.credit, l.base_debit, l.base_credit
                from ledger_read.journal_line_{v} l
                where l.company = $5 and l.position <= (select max(p) from unnest($4) p)
                    and l.dimensions @> $6 and ($7::text is null or l.dimensions ? $7)
                    and ($8::text[] is null or l.account = any($8))
                offset 0) l
            join unnest($1, $2, $3, $4) g (segment, since, before, position)
                on l.position <= g.position and l.booked_on >= g.since and l.booked_on < g.before
            group by g.segment, l.account, l.unit, l.kind, l.value
            """;
        return snapshot.Ask(
            sql,
            Read,
            Enumerable.Range(0, segments.Count).ToArray(),
            segments.Select(segment => MovementPlan.Since(segment)).ToArray(),
            segments.Select(segment => MovementPlan.Before(segment).ToDateOnly()).ToArray(),
            segments.Select(segment => segment.Position).ToArray(),
            snapshot.Company.Code,
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = JsonSerializer.Serialize(only) },
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)filter.By ?? DBNull.Value },
            new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
                Value = (object?)filter.Accounts?.ToArray() ?? DBNull.Value,
            });
    }

    private static Movement Read(NpgsqlDataReader row)
    {
        var sums = new Turnover(row.GetSum(6), row.GetSum(7), row.GetSum(8), row.GetSum(9));
        return new(
            row.GetInt32(0),
            row.GetString(5),
            row.GetString(2),
            (EntryKind)row.GetInt16(3),
            row.GetString(4),
            row.GetBoolean(1) ? sums : -sums);
    }

    private static List<Movement> Read(NpgsqlDataReader row, HashSet<string>? accounts)
    {
        var (segment, adds, unit) = (row.GetInt32(0), row.GetBoolean(1), row.GetString(2));
        var (kind, value) = ((EntryKind)row.GetInt16(3), row.GetString(4));
        var movements = new List<Movement>();
        foreach (var (account, cell) in CellArrays.Read(row, 5))
        {
            if (accounts is null || accounts.Contains(account))
            {
                var sums = new Turnover(cell.Debit, cell.Credit, cell.BaseDebit, cell.BaseCredit);
                movements.Add(new(segment, account, unit, kind, value, adds ? sums : -sums));
            }
        }

        return movements;
    }
}
