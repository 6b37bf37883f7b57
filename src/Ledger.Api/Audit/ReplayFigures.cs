namespace Ledger.Api.Audit;

/// <summary>How many of what was once calculated came out again.</summary>
/// <param name="Reproduced">The same.</param>
/// <param name="EngineMissing">This program does not have the formulas, or the format, by which they were made.</param>
public sealed record ReplayFigures(long Reproduced, long EngineMissing)
{
    public static ReplayFigures None { get; } = new(0, 0);

    public static ReplayFigures Sum(IEnumerable<ReplayFigures> each)
    {
        ArgumentNullException.ThrowIfNull(each);
        return each.Aggregate(None, (sum, one) =>
            new(sum.Reproduced + one.Reproduced, sum.EngineMissing + one.EngineMissing));
    }
}
