using Ledger.Projections.Queries;

namespace Ledger.Projections.Balances;

/// <summary>Movements of several segments with what a question says of accounts and dimensions.</summary>
internal sealed class TurnoverQuery
{
    private readonly int segments;
    private readonly Movements total;
    private readonly Movements? byValue;

    private TurnoverQuery(int segments, Movements total, Movements? byValue)
    {
        this.segments = segments;
        this.total = total;
        this.byValue = byValue;
    }

    /// <param name="accounts">Null for all.</param>
    public static TurnoverQuery Ask(
        Snapshot snapshot, IReadOnlyList<Segment> segments, IReadOnlyList<string>? accounts, DimensionQuery dimension)
    {
        var filter = new MovementFilter(accounts, dimension.Only);
        return new(
            segments.Count,
            Movements.Ask(snapshot, segments, filter),
            dimension.By is null ? null : Movements.Ask(snapshot, segments, filter with { By = dimension.By }));
    }

    /// <param name="counts">Which movements count; all by default.</param>
    public Turnovers Turnovers(Func<Movement, bool>? counts = null) =>
        Balances.Turnovers.Of(segments, total.Sums(), byValue?.Sums(), counts ?? (_ => true));

    /// <summary>The movements themselves: all, and those of lines with the dimension asked for, by its
    /// values.</summary>
    public (IReadOnlyList<Movement> Total, IReadOnlyList<Movement>? ByValue) Sums() => (total.Sums(), byValue?.Sums());
}
