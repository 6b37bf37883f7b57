using NodaTime;
using Npgsql;

namespace Ledger.Projections.Books;

/// <summary>
/// Writes the movement cells of the blocks of positions that a batch completes: those of the lowest level as they
/// were summed while the events came by, or from the lines where their beginning was not seen, and those of each
/// higher level from the days of the level below.
/// </summary>
/// <remarks>
/// A cell stands wherever there is a line, also when its sums come to zero: which cells exist must not depend on how
/// events fell into batches.
/// </remarks>
internal sealed class MovementBlocks(int version, int blockSize)
{
    /// <summary>Each level's blocks hold so many of the level below; the view of the cells says so too.</summary>
    public const int Fanout = 16;

    private readonly CopyBuffer merged = new();

    private readonly string days = $"""
        select period, dimension, value, unit, kind, accounts, debits, credits, base_debits, base_credits
        from ledger_read.movement_cell_{version}
        where company = $1 and recorded_level = $2 and block >= $3 and block < $4 and booked_level = 0
        order by block, dimension, period, value, unit, kind
        """;

    private readonly string lines = $"""
        select l.booked_on, coalesce(d.dimension, ''), coalesce(d.value, ''), l.unit, l.kind, l.account,
            l.debit, l.credit, l.base_debit, l.base_credit
        from ledger_read.journal_line_{version} l
        cross join lateral (
            select null, null
            union all
            select * from jsonb_each_text(l.dimensions)) d (dimension, value)
        where l.company = $1 and l.position > $2 and l.position <= $3
        order by l.position, l.line
        """;

    /// <summary>
    /// Writes the cells of all blocks that the batch completes; its lines must have been written before.
    /// </summary>
    public async Task WriteAsync(NpgsqlConnection connection, BooksBatch batch, CancellationToken ct)
    {
        foreach (var (company, block) in batch.BlocksNotSeen)
        {
            (await SumLinesAsync(connection, company, block, ct)).WriteTo(batch.Cells, company, 1, block);
        }

        await WriteAsync(connection, batch.Cells, ct);
        var size = (long)blockSize * Fanout;
        for (short level = 2; ; level++, size *= Fanout)
        {
            merged.Clear();
            foreach (var company in batch.Progress)
            {
                for (var block = company.CoveredBefore / size; block < company.Covered / size; block++)
                {
                    var sums = await SumDaysAsync(connection, company.Company, (short)(level - 1), block, ct);
                    sums.WriteTo(merged, company.Company, level, block);
                }
            }

            if (merged.Rows == 0)
            {
                return;
            }

            await WriteAsync(connection, merged, ct);
        }
    }

    private Task WriteAsync(NpgsqlConnection connection, CopyBuffer cells, CancellationToken ct) =>
        cells.SendAsync(connection, FormattableString.Invariant($"ledger_read.movement_cell_{version}"), ct);

    private async Task<BlockSums> SumLinesAsync(
        NpgsqlConnection connection, string company, long block, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(lines, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = company });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = block * blockSize });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (block + 1) * blockSize });
        var sums = new BlockSums();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            sums.Add(
                KeyOf(rows),
                rows.GetString(5),
                new(rows.GetDecimal(6), rows.GetDecimal(7), rows.GetDecimal(8), rows.GetDecimal(9)));
        }

        return sums;
    }

    /// <summary>The days of a block, from the blocks of the level below that it holds.</summary>
    private async Task<BlockSums> SumDaysAsync(
        NpgsqlConnection connection, string company, short below, long block, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(days, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = company });
        command.Parameters.Add(new NpgsqlParameter<short> { TypedValue = below });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = block * Fanout });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (block + 1) * Fanout });
        var sums = new BlockSums();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var key = KeyOf(rows);
            foreach (var (account, cell) in CellArrays.Read(rows, 5))
            {
                sums.Add(key, account, cell);
            }
        }

        return sums;
    }

    private static CellsKey KeyOf(NpgsqlDataReader row) => new(
        LocalDate.FromDateOnly(row.GetFieldValue<DateOnly>(0)),
        row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt16(4));
}
