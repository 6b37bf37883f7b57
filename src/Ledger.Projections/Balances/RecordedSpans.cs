using Ledger.Projections.Books;

namespace Ledger.Projections.Balances;

/// <summary>A block of positions whose cells are added, or taken away.</summary>
internal readonly record struct Block(short Level, long Number, bool Adds);

/// <summary>
/// The positions 1 … P of a company as blocks that have cells, and a few positions whose lines must be summed: added
/// when they lie before P, taken away when a block reaches a little beyond it. Where the next blocks are complete there
/// are at most eight of a level, because sixteen make one of the next; at the end of the books there may be fifteen.
/// </summary>
/// <param name="After">Lines with positions behind this one …</param>
/// <param name="Through">… up to this one are <paramref name="Adds"/> ? added : taken away.</param>
internal sealed record RecordedSpans(IReadOnlyList<Block> Blocks, long After, long Through, bool Adds)
{
    private const int Fan = MovementBlocks.Fanout;

    /// <param name="position">P.</param>
    /// <param name="covered">Cells exist up to here: a multiple of the block's size.</param>
    /// <param name="blockSize">Positions in a block of level 1.</param>
    public static RecordedSpans Of(long position, long covered, int blockSize)
    {
        var blocks = new List<Block>();
        var end = Math.Min(position, covered) / blockSize;
        var (after, through, adds) = (end * blockSize, position, true);
        if (position - after > blockSize / 2 && after + blockSize <= covered)
        {
            end++;
            (after, through, adds) = (position, end * blockSize, false);
        }

        long size = blockSize;
        for (short level = 1; end > 0; level++)
        {
            var next = end / Fan;
            if (end % Fan > Fan / 2 && (next + 1) * Fan * size <= covered)
            {
                next++;
            }

            for (var number = end; number < next * Fan; number++)
            {
                blocks.Add(new(level, number, false));
            }

            for (var number = next * Fan; number < end; number++)
            {
                blocks.Add(new(level, number, true));
            }

            (end, size) = (next, size * Fan);
        }

        return new(blocks, after, through, adds);
    }
}
