using Ledger.Projections.Balances;

namespace Ledger.Projections.Queries;

/// <summary>What a question says of dimensions.</summary>
/// <param name="By">One row or column for each value of it, and one for lines without it.</param>
/// <param name="Only">Only lines that carry all of these values.</param>
public sealed record DimensionQuery(string? By, IReadOnlyList<DimensionValue> Only)
{
    public static readonly DimensionQuery None = new(null, []);
}
