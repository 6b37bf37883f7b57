using System.Globalization;
using Npgsql;

namespace Ledger.Projections.Books;

/// <summary>
/// Writes the movement cells of the blocks of positions that a batch completes: the lowest level as summed in memory,
/// or from the lines where that is missing, and each higher one from the level below. The cells of "everything so far"
/// (level 0) are added to at the same moment, so that they always go exactly as far as <c>books_state.covered</c>.
/// </summary>
/// <remarks>
/// A cell stands wherever there is a line, also when its sums come to zero: which cells exist must not depend on how
/// events fell into batches.
/// </remarks>
internal sealed class MovementBlocks(int version, int blockSize)
{
    /// <summary>Each level's blocks hold so many of the level below.</summary>
    public const int Fanout = 16;

    private const string Sums = """
        sum(debit) as debit, sum(credit) as credit, sum(base_debit) as base_debit, sum(base_credit) as base_credit
        """;

    private const string AddToEverything = """
        on conflict (company, recorded_level, dimension, booked_level, block, period, account, value, unit, kind)
        do update set
            debit = everything.debit + excluded.debit,
            credit = everything.credit + excluded.credit,
            base_debit = everything.base_debit + excluded.base_debit,
            base_credit = everything.base_credit + excluded.base_credit
        """;

    // Days from lines, months from days, years from months; then the same sums once more into level 0.
    private readonly string fromLines = $"""
        with line as materialized (
            select b.company, b.block, l.booked_on, l.account, l.unit, l.kind, l.debit, l.credit, l.base_debit,
                l.base_credit, l.dimensions
            from unnest($1, $2) b (company, block)
            cross join lateral (
                select * from ledger_read.journal_line_{version} l
                where l.company = b.company
                    and l.position > b.block * {Text(blockSize)} and l.position <= (b.block + 1) * {Text(blockSize)}
                offset 0) l
        ), part as (
            select company, block, '' as dimension, '' as value, booked_on, account, unit, kind, debit, credit,
                base_debit, base_credit
            from line
            union all
            select company, block, d.key, d.value, booked_on, account, unit, kind, debit, credit, base_debit,
                base_credit
            from line cross join lateral jsonb_each_text(line.dimensions) d
            where line.dimensions is not null
        ), day as materialized (
            select company, block, dimension, value, booked_on as period, account, unit, kind, {Sums}
            from part
            group by company, block, dimension, value, booked_on, account, unit, kind
        ), month as materialized (
            select company, block, dimension, value, date_trunc('month', period)::date as period, account, unit, kind,
                {Sums}
            from day
            group by company, block, dimension, value, date_trunc('month', period), account, unit, kind
        ), cell as materialized (
            select 0::smallint as booked_level, * from day
            union all
            select 1::smallint, * from month
            union all
            select 2::smallint, company, block, dimension, value, date_trunc('year', period)::date, account, unit, kind,
                {Sums}
            from month
            group by company, block, dimension, value, date_trunc('year', period), account, unit, kind
        ), blocks as (
            insert into ledger_read.movement_cell_{version} (
                company, recorded_level, dimension, booked_level, block, period, account, value, unit, kind,
                debit, credit, base_debit, base_credit)
            select company, 1, dimension, booked_level, block, period, account, value, unit, kind,
                debit, credit, base_debit, base_credit
            from cell
        )
        insert into ledger_read.movement_cell_{version} as everything (
            company, recorded_level, dimension, booked_level, block, period, account, value, unit, kind,
            debit, credit, base_debit, base_credit)
        select company, 0, dimension, booked_level, 0, period, account, value, unit, kind, {Sums}
        from cell
        group by company, dimension, booked_level, period, account, value, unit, kind
        {AddToEverything}
        """;

    // The key stands dimension before block, so the few dimensions of a company are stepped through.
    private readonly string fromLevelBelow = $"""
        with recursive dimension (company, name) as (
            select c.company, (
                select min(m.dimension) from ledger_read.movement_cell_{version} m
                where m.company = c.company and m.recorded_level = $3 - 1)
            from (select distinct b.company from unnest($1) b (company)) c
            union all
            select d.company, (
                select min(m.dimension) from ledger_read.movement_cell_{version} m
                where m.company = d.company and m.recorded_level = $3 - 1 and m.dimension > d.name)
            from dimension d
            where d.name is not null
        )
        insert into ledger_read.movement_cell_{version} (
            company, recorded_level, dimension, booked_level, block, period, account, value, unit, kind,
            debit, credit, base_debit, base_credit)
        select b.company, $3, d.name, m.booked_level, b.block, m.period, m.account, m.value, m.unit, m.kind, {Sums}
        from unnest($1, $2) b (company, block)
        join dimension d on d.company = b.company and d.name is not null
        cross join lateral (
            select m.* from generate_series(0, 2) g (booked_level)
            cross join lateral (
                select * from ledger_read.movement_cell_{version} m
                where m.company = b.company and m.recorded_level = $3 - 1 and m.dimension = d.name
                    and m.booked_level = g.booked_level
                    and m.block >= b.block * {Fanout} and m.block < (b.block + 1) * {Fanout}
                offset 0) m
            ) m
        group by b.company, b.block, d.name, m.booked_level, m.period, m.account, m.value, m.unit, m.kind
        """;

    private readonly string intoEverything = $"""
        insert into ledger_read.movement_cell_{version} as everything (
            company, recorded_level, dimension, booked_level, block, period, account, value, unit, kind,
            debit, credit, base_debit, base_credit)
        select company, 0, dimension, booked_level, 0, period, account, value, unit, kind,
            debit, credit, base_debit, base_credit
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) c (
            company, dimension, booked_level, period, account, value, unit, kind,
            debit, credit, base_debit, base_credit)
        {AddToEverything}
        """;

    /// <summary>
    /// Writes the cells of all blocks that the batch completes; its lines must have been written before.
    /// </summary>
    public async Task WriteAsync(NpgsqlConnection connection, BooksBatch batch, CancellationToken ct)
    {
        if (batch.Cells.FromLines.Count > 0)
        {
            var blocks = batch.Cells.FromLines;
            await SumAsync(connection, 1, blocks, ct);
        }

        if (batch.Cells.Everything.Count > 0)
        {
            await AddToEverythingAsync(connection, batch.Cells.Everything, ct);
        }

        var size = (long)blockSize * Fanout;
        for (var level = (short)2; ; level++, size *= Fanout)
        {
            var blocks = new List<(string Company, long Block)>();
            foreach (var company in batch.Progress)
            {
                for (var block = company.CoveredBefore / size; block < company.Covered / size; block++)
                {
                    blocks.Add((company.Company, block));
                }
            }

            if (blocks.Count == 0)
            {
                return;
            }

            await SumAsync(connection, level, blocks, ct);
        }
    }

    private async Task SumAsync(
        NpgsqlConnection connection, short level, List<(string Company, long Block)> blocks, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(level == 1 ? fromLines : fromLevelBelow, connection)
        {
            CommandTimeout = 0,
        };
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. blocks.Select(b => b.Company)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. blocks.Select(b => b.Block)] });
        if (level > 1)
        {
            command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = level });
        }

        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task AddToEverythingAsync(
        NpgsqlConnection connection,
        IReadOnlyDictionary<(string Company, int BookedLevel, CellKey Key), CellSums> cells,
        CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(intoEverything, connection) { CommandTimeout = 0 };
        var keys = cells.Keys;
        var sums = cells.Values;
        Add([.. keys.Select(cell => cell.Company)]);
        Add([.. keys.Select(cell => cell.Key.Dimension)]);
        Add([.. keys.Select(cell => (short)cell.BookedLevel)]);
        Add([.. keys.Select(cell => cell.Key.Period.ToDateOnly())]);
        Add([.. keys.Select(cell => cell.Key.Account)]);
        Add([.. keys.Select(cell => cell.Key.Value)]);
        Add([.. keys.Select(cell => cell.Key.Unit)]);
        Add([.. keys.Select(cell => cell.Key.Kind)]);
        Add([.. sums.Select(cell => cell.Debit)]);
        Add([.. sums.Select(cell => cell.Credit)]);
        Add([.. sums.Select(cell => cell.BaseDebit)]);
        Add([.. sums.Select(cell => cell.BaseCredit)]);
        await command.ExecuteNonQueryAsync(ct);

        void Add<T>(T[] values) => command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values });
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
