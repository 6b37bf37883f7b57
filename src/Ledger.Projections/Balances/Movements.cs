using System.Text;
using System.Text.Json;
using Ledger.Domain.Journals;
using Ledger.Projections.Queries;
using Npgsql;
using NpgsqlTypes;
using NodaTime;

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
    private readonly Rows<Movement> rows;

    private Movements(Rows<Movement> rows)
    {
        this.rows = rows;
    }

    /// <summary>Asks for the sums; they are there once the snapshot has sent the question.</summary>
    public static Movements Ask(Snapshot snapshot, IReadOnlyList<Segment> segments, MovementFilter filter)
    {
        var dimensions = filter.Dimensions.ToArray();
        return new(dimensions.Length > 1
            ? AskLines(snapshot, segments, filter)
            : AskCells(snapshot, segments, filter, dimensions.Length == 0 ? "" : dimensions[0]));
    }

    /// <summary>One row for each segment, account, unit, kind and value that has any sum but zero.</summary>
    public IReadOnlyList<Movement> Sums()
    {
        // Blocks that are taken away come as negative sums.
        var sums = new Dictionary<(int, string, string, EntryKind, string), Movement>(rows.Count);
        foreach (var row in rows)
        {
            var key = (row.Segment, row.Account, row.Unit, row.Kind, row.Value);
            sums[key] = !sums.TryGetValue(key, out var sum)
                ? row
                : sum with { Turnover = sum.Turnover + row.Turnover };
        }

        return [.. sums.Values.Where(sum => !sum.Turnover.IsZero)];
    }

    private static Rows<Movement> AskCells(
        Snapshot snapshot, IReadOnlyList<Segment> segments, MovementFilter filter, string dimension)
    {
        var plan = MovementPlan.Of(segments, snapshot.Covered, snapshot.BlockSize);
        var parameters = new List<object>(plan) { snapshot.Company.Code, dimension };
        var cells = new StringBuilder();
        var lines = new StringBuilder(dimension.Length == 0 ? "" : " and l.dimensions ? $17");
        if (filter.Accounts is not null)
        {
            parameters.Add(filter.Accounts.ToArray());
            cells.Append(" and c.account = any($18)");
            lines.Append(" and l.account = any($18)");
        }

        if (filter.Only is { Count: > 0 } only)
        {
            parameters.Add(only[0].Value);
            cells.Append(" and c.value = $").Append(parameters.Count);
            lines.Append(" and l.dimensions ->> $17 = $").Append(parameters.Count);
        }

        var value = filter.By is null ? "''" : "c.value";
        var lineValue = filter.By is null ? "''" : "l.dimensions ->> $17";

        // OFFSET 0 keeps each span's cells a look-up by index: without statistics a join would read all of them.
        var sql = $"""
            select m.segment, m.account, m.unit, m.kind, m.value, m.adds,
                sum(m.debit), sum(m.credit), sum(m.base_debit), sum(m.base_credit)
            from (
                select s.segment, s.adds, c.account, c.unit, c.kind, c.value,
                    c.debit, c.credit, c.base_debit, c.base_credit
                from unnest($1, $2, $3, $4, $5, $6, $7)
                    s (segment, adds, recorded_level, block, booked_level, since, before)
                cross join lateral (
                    select c.account, c.unit, c.kind, {value} as value, c.debit, c.credit, c.base_debit, c.base_credit
                    from ledger_read.movement_cell_[v] c
                    where c.company = $16 and c.recorded_level = s.recorded_level and c.dimension = $17
                        and c.booked_level = s.booked_level and c.block = s.block
                        and c.period >= s.since and c.period < s.before{cells}
                    offset 0) c
                union all
                select g.segment, l.adds, l.account, l.unit, l.kind, l.value,
                    l.debit, l.credit, l.base_debit, l.base_credit
                from (
                    select r.part, r.adds, l.*
                    from unnest($8, $9, $10, $11) r (part, adds, after, through)
                    cross join lateral (
                        select l.booked_on, l.account, l.unit, l.kind, {lineValue} as value,
                            l.debit, l.credit, l.base_debit, l.base_credit
                        from ledger_read.journal_line_[v] l
                        where l.company = $16
                            and l.position > r.after and l.position <= r.through{lines}
                        offset 0) l
                    offset 0) l
                join unnest($12, $13, $14, $15) g (segment, part, since, before)
                    on g.part = l.part and l.booked_on >= g.since and l.booked_on < g.before
            ) m
            group by m.segment, m.account, m.unit, m.kind, m.value, m.adds
            """;
        return snapshot.Ask(sql.Replace("[v]", "{v}", StringComparison.Ordinal), Read, [.. parameters]);
    }

    private static Rows<Movement> AskLines(Snapshot snapshot, IReadOnlyList<Segment> segments, MovementFilter filter)
    {
        var only = (filter.Only ?? []).ToDictionary(each => each.Dimension, each => each.Value, StringComparer.Ordinal);
        const string sql = """
            select m.segment, m.account, m.unit, m.kind, m.value, true,
                sum(m.debit), sum(m.credit), sum(m.base_debit), sum(m.base_credit)
            from (
                select s.segment, l.*
                from unnest($1, $2, $3, $4) s (segment, since, before, position)
                cross join lateral (
                    select l.account, l.unit, l.kind, coalesce(l.dimensions ->> $7, '') as value,
                        l.debit, l.credit, l.base_debit, l.base_credit
                    from ledger_read.journal_line_{v} l
                    where l.company = $5 and l.position <= s.position
                        and l.booked_on >= s.since and l.booked_on < s.before
                        and l.dimensions @> $6 and ($7::text is null or l.dimensions ? $7)
                        and ($8::text[] is null or l.account = any($8))
                    offset 0) l
            ) m
            group by m.segment, m.account, m.unit, m.kind, m.value
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
            row.GetString(1),
            row.GetString(2),
            (EntryKind)row.GetInt16(3),
            row.GetString(4),
            row.GetBoolean(5) ? sums : -sums);
    }
}
