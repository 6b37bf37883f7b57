namespace Ledger.Domain.Payroll;

/// <summary>
/// A levy in bands: above each bound a rate on the rest, and what is owed at the bound itself. The sum is exact;
/// whoever asks rounds it.
/// </summary>
public sealed class Bands
{
    private readonly decimal[] bounds;
    private readonly decimal[] rates;
    private readonly decimal[] owed;

    private Bands(Figure? figure, decimal[] bounds, decimal[] rates, decimal[] owed) =>
        (Figure, this.bounds, this.rates, this.owed) = (figure, bounds, rates, owed);

    public Figure? Figure { get; }

    /// <summary>Bounds and rates, each after its bound, from the lowest band on.</summary>
    /// <param name="figures">Where they are.</param>
    /// <param name="name">A figure like <c>0 10% 12400 12%</c>.</param>
    /// <param name="owedName">A figure with what is owed at each bound, where it is published and rounded.</param>
    public static Bands Of(FigureSet figures, string name, string? owedName = null)
    {
        ArgumentNullException.ThrowIfNull(figures);
        var values = figures.List(name);
        var count = values.Length / 2;
        var (bounds, rates, owed) = (new decimal[count], new decimal[count], new decimal[count]);
        for (var i = 0; i < count; i++)
        {
            (bounds[i], rates[i]) = (values[2 * i], values[(2 * i) + 1]);
            owed[i] = i == 0 ? 0 : owed[i - 1] + ((bounds[i] - bounds[i - 1]) * rates[i - 1]);
        }

        if (owedName is not null && figures.List(owedName) is var published && published.Length == count)
        {
            owed = published.ToArray();
        }

        return new(figures.Find(name), bounds, rates, owed);
    }

    /// <summary>The same, or null where the law of the day has none.</summary>
    public static Bands? Find(FigureSet figures, string name, string? owedName = null)
    {
        ArgumentNullException.ThrowIfNull(figures);
        return figures.Find(name) is null ? null : Of(figures, name, owedName);
    }

    /// <summary>What is owed on the amount; nothing up to the first bound.</summary>
    /// <param name="amount">What the bands divide.</param>
    /// <param name="rate">That of the highest band which it reaches.</param>
    public decimal Owed(decimal amount, out decimal rate)
    {
        for (var i = bounds.Length - 1; i >= 0; i--)
        {
            if (amount > bounds[i])
            {
                rate = rates[i];
                return owed[i] + ((amount - bounds[i]) * rate);
            }
        }

        rate = 0;
        return 0;
    }
}
