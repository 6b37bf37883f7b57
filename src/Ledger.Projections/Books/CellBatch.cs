using System.Runtime.InteropServices;

namespace Ledger.Projections.Books;

/// <summary>
/// The movement cells that a batch brings: whole blocks of the lowest level, and their sums for level 0.
/// </summary>
internal sealed class CellBatch
{
    private readonly Dictionary<(string Company, int BookedLevel, CellKey Key), CellSums> everything = [];

    /// <summary>Rows of the lowest level, ready for COPY.</summary>
    public CopyBuffer Blocks { get; } = new();

    /// <summary>What is added to the cells of "everything so far".</summary>
    public IReadOnlyDictionary<(string Company, int BookedLevel, CellKey Key), CellSums> Everything => everything;

    /// <summary>Completed blocks whose cells the database sums from the lines.</summary>
    public List<(string Company, long Block)> FromLines { get; } = [];

    public void Clear()
    {
        Blocks.Clear();
        everything.Clear();
        FromLines.Clear();
    }

    /// <summary>The block is complete: writes its cells from what was summed, or leaves them to the database.</summary>
    public void Complete(string company, long block, BlockSums? sums)
    {
        var levels = sums?.Levels();
        if (sums is not { Exact: true } || !Fits(company, levels!))
        {
            FromLines.Add((company, block));
            return;
        }

        for (var level = 0; level < levels!.Length; level++)
        {
            foreach (var (key, cell) in levels[level])
            {
                Blocks.Row(14)
                    .Text(company).Short(1).Text(key.Dimension).Short((short)level).Long(block).Date(key.Period)
                    .Text(key.Account).Text(key.Value).Text(key.Unit).Short(key.Kind)
                    .Numeric(cell.Debit).Numeric(cell.Credit).Numeric(cell.BaseDebit).Numeric(cell.BaseCredit);
                CollectionsMarshal.GetValueRefOrAddDefault(everything, (company, level, key), out _).Add(cell);
            }
        }
    }

    // Several blocks of a batch together may have more digits than a decimal holds; the database holds any number.
    private bool Fits(string company, Dictionary<CellKey, CellSums>[] levels)
    {
        for (var level = 0; level < levels.Length; level++)
        {
            foreach (var (key, cell) in levels[level])
            {
                if (everything.TryGetValue((company, level, key), out var sum) && !sum.Add(cell))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
