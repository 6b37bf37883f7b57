namespace Ledger.Projections.Balances;

/// <summary>A block of positions whose cells are added, or taken away.</summary>
internal readonly record struct Block(short Level, long Number, bool Adds);

/// <summary>
/// The positions 1 … P of a company as blocks that have cells, and a few positions whose lines must be summed: added
/// when they lie before P, taken away when a block reaches a little beyond it. At each level there are at most eight
/// blocks, because sixteen make one of the next level.
/// </summary>
/// <param name="After">Lines with positions behind this one …</param>
/// <param name="Through">… up to this one are <paramref name="Adds"/> ? added : taken away.</param>
internal sealed record RecordedSpans(IReadOnlyList<Block> Blocks, long After, long Through, bool Adds)
{
    private const int Fan = 16;

    private static readonly Block Everything = new(0, 0, true);

    /// <param name="position">P.</param>
    /// <param name="covered">Cells exist up to here: a multiple of the block's size.</param>
    /// <param name="blockSize">Positions in a block of level 1.</param>
    public static RecordedSpans Of(long position, long covered, int blockSize)
    {
        if (position >= covered)
        {
            return new(covered > 0 ? [Everything] : [], covered, position, true);
        }

        var spans = Prefix(position, covered, blockSize);
        var fromTheEnd = Beyond(spans.Blocks, Prefix(covered, covered, blockSize).Blocks);
        return fromTheEnd.Count < spans.Blocks.Count ? spans with { Blocks = fromTheEnd } : spans;
    }

    private static RecordedSpans Prefix(long position, long covered, int blockSize)
    {
        var blocks = new List<Block>();
        var (after, through, adds) = (position / blockSize * blockSize, position, true);
        var end = position / blockSize;
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

    /// <summary>The same positions as everything that is covered, less what lies between.</summary>
    private static List<Block> Beyond(IReadOnlyList<Block> blocks, IReadOnlyList<Block> covered)
    {
        var all = new List<Block> { Everything };
        all.AddRange(blocks.Except(covered));
        all.AddRange(covered.Except(blocks).Select(block => block with { Adds = !block.Adds }));
        return all;
    }
}
