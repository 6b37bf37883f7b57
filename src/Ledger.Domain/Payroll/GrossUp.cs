namespace Ledger.Domain.Payroll;

/// <summary>
/// The gross pay that comes to a net pay. It is found by calculating forward, never by turning formulas around: above a
/// ceiling, or where a relief ends, an inverse takes the wrong branch.
/// </summary>
public static class GrossUp
{
    /// <summary>What people are paid stays below this.</summary>
    private const decimal GrossBound = 1_000_000_000m;

    /// <summary>Cents beside the crossing at which the net is looked for, because roundings make it jump.</summary>
    private const int Beside = 300;

    /// <summary>The lowest gross of all branches that comes to the net exactly; else the lowest found that comes to
    /// more. Null where there is none.</summary>
    /// <param name="net">The net pay that is wished for.</param>
    /// <param name="turningPoints">Gross pay at which the next branch begins, from the lowest on.</param>
    /// <param name="netOf">Calculates forward.</param>
    public static decimal? Find(decimal net, IEnumerable<decimal> turningPoints, Func<decimal, decimal> netOf)
    {
        ArgumentNullException.ThrowIfNull(turningPoints);
        ArgumentNullException.ThrowIfNull(netOf);
        decimal? atLeast = null;
        var low = 0m;
        foreach (var high in turningPoints.Append(GrossBound))
        {
            if (netOf(high) >= net)
            {
                var crossing = Crossing(net, low, high, netOf);
                for (var gross = Math.Max(low, crossing - (Beside * 0.01m)); gross <= crossing + (Beside * 0.01m);
                    gross += 0.01m)
                {
                    if (gross <= high && netOf(gross) == net)
                    {
                        return gross;
                    }
                }

                atLeast ??= crossing;
            }

            low = high;
        }

        return atLeast;
    }

    /// <summary>The lowest gross between these that comes to at least the net, the upper one being such.</summary>
    private static decimal Crossing(decimal net, decimal low, decimal high, Func<decimal, decimal> netOf)
    {
        while (high - low > 0.01m)
        {
            var middle = Rounding.DownToCents((low + high) / 2);
            (low, high) = netOf(middle) >= net ? (low, middle) : (middle, high);
        }

        return netOf(low) >= net ? low : high;
    }
}
