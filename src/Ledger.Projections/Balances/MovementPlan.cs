using NodaTime;

namespace Ledger.Projections.Balances;

/// <summary>What segments are made of, as the arrays that the statements of the movements take.</summary>
/// <param name="Cells">Segment, adds, recorded level, block, booked level, since and before of spans of cells.</param>
/// <param name="Lines">Part, adds, after and through of positions behind the cells; then segment, part, since and
/// before of days.</param>
internal sealed record MovementPlan(object[] Cells, object[] Lines)
{
    public static MovementPlan Of(IReadOnlyList<Segment> segments, long covered, int blockSize)
    {
        var cells = new List<(int Segment, Block Block, BookedSpan Booked)>();
        var parts = new List<RecordedSpans>();
        var positions = new List<long>();
        var days = new List<(int Segment, int Part, DateOnly Since, DateOnly Before)>();
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            if (segment.From > segment.To)
            {
                continue;
            }

            var part = positions.IndexOf(segment.Position);
            if (part < 0)
            {
                part = positions.Count;
                positions.Add(segment.Position);
                parts.Add(RecordedSpans.Of(segment.Position, covered, blockSize));
            }

            days.Add((i, part, Since(segment), Before(segment).ToDateOnly()));
            foreach (var booked in BookedSpans.Of(segment.From, Before(segment)))
            {
                cells.AddRange(parts[part].Blocks.Select(block => (i, block, booked)));
            }
        }

        return new(
            [
                cells.ConvertAll(cell => cell.Segment).ToArray(),
                cells.ConvertAll(cell => cell.Block.Adds == cell.Booked.Adds).ToArray(),
                cells.ConvertAll(cell => cell.Block.Level).ToArray(),
                cells.ConvertAll(cell => cell.Block.Number).ToArray(),
                cells.ConvertAll(cell => cell.Booked.Level).ToArray(),
                cells.ConvertAll(cell => cell.Booked.Since?.ToDateOnly() ?? DateOnly.MinValue).ToArray(),
                cells.ConvertAll(cell => cell.Booked.Before.ToDateOnly()).ToArray(),
            ],
            [
                Enumerable.Range(0, parts.Count).ToArray(),
                parts.ConvertAll(part => part.Adds).ToArray(),
                parts.ConvertAll(part => part.After).ToArray(),
                parts.ConvertAll(part => part.Through).ToArray(),
                days.ConvertAll(day => day.Segment).ToArray(),
                days.ConvertAll(day => day.Part).ToArray(),
                days.ConvertAll(day => day.Since).ToArray(),
                days.ConvertAll(day => day.Before).ToArray(),
            ]);
    }

    /// <summary>Npgsql writes the least date as <c>-infinity</c>.</summary>
    public static DateOnly Since(Segment segment) => segment.From?.ToDateOnly() ?? DateOnly.MinValue;

    /// <summary>The day behind the last one; nothing is booked on the last day of the calendar.</summary>
    public static LocalDate Before(Segment segment) =>
        segment.To == LocalDate.MaxIsoValue ? segment.To : segment.To.PlusDays(1);
}
