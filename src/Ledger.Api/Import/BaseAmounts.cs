using Ledger.Domain;
using NodaTime;

namespace Ledger.Api.Import;

/// <summary>
/// Finds what the postings of one transaction are worth in the functional currency. A cost says it; where the costs are
/// in another unit, they are followed from unit to unit; and where exactly two units are left that do not balance by
/// themselves, with opposite signs, one is the price of the other, as hledger infers it. What the transaction does not
/// tell, market prices may. What has no price is worth 0.
/// </summary>
/// <param name="currency">The functional currency.</param>
/// <param name="digits">Base amounts are rounded to these decimal places, half away from zero, or to as many as the
/// transaction itself uses for the currency. Settings of the company play no part, so a file gives the same
/// always.</param>
/// <param name="prices">Market prices; null when there are none.</param>
internal sealed class BaseAmounts(UnitCode currency, int digits, PriceList? prices)
{
    /// <summary>An amount has no more decimal places than this.</summary>
    private const int DigitsMax = 12;

    private readonly Dictionary<UnitCode, decimal> rates = [];
    private readonly Dictionary<UnitCode, decimal> weights = [];

    /// <exception cref="OverflowException">The amounts are beyond what can be counted.</exception>
    public void Resolve(IReadOnlyList<MappedPosting> postings, LocalDate on)
    {
        var onlyCurrency = true;
        foreach (var posting in postings)
        {
            posting.Base = posting.Amount.Unit == currency ? posting.Amount.Amount : null;
            onlyCurrency &= posting.Base is not null;
        }

        if (onlyCurrency)
        {
            return;
        }

        FindRates(postings, on);
        var scale = Math.Min(Math.Max(digits, postings.Max(ScaleOf)), DigitsMax);
        foreach (var posting in postings)
        {
            posting.Base ??= WorthOf(posting) is { } worth
                ? Math.Round(worth, scale, MidpointRounding.AwayFromZero)
                : null;
        }

        GiveRemainderToLargest(postings, scale);
    }

    private int ScaleOf(MappedPosting posting) =>
        posting.Amount.Unit == currency ? posting.Amount.Amount.Scale
        : posting.Cost is { IsTotal: true, Of: var cost } && cost.Unit == currency ? FileAmounts.DigitsOf(cost.Amount)
        : 0;

    private decimal? WorthOf(MappedPosting posting) =>
        posting.Cost is { Of: var cost } && rates.TryGetValue(cost.Unit, out var rate) ? cost.Amount * rate
        : rates.TryGetValue(posting.Amount.Unit, out rate) ? posting.Amount.Amount * rate
        : null;

    /// <summary>Fills <see cref="rates"/>: functional currency per unit.</summary>
    private void FindRates(IReadOnlyList<MappedPosting> postings, LocalDate on)
    {
        rates.Clear();
        rates.Add(currency, 1);
        weights.Clear();
        foreach (var posting in postings)
        {
            var (amount, unit) = posting.Cost?.Of ?? posting.Amount;
            weights[unit] = weights.GetValueOrDefault(unit) + amount;
        }

        var open = weights.Where(pair => pair.Value != 0).ToList();
        do
        {
            FollowCosts(postings, open);
        }
        while (prices is not null && AskMarket(postings, prices, on));
    }

    private void FollowCosts(IReadOnlyList<MappedPosting> postings, List<KeyValuePair<UnitCode, decimal>> open)
    {
        var found = true;
        while (found)
        {
            found = open is [var a, var b] && Math.Sign(a.Value) != Math.Sign(b.Value)
                && Relate(new(a.Value, a.Key), new(-b.Value, b.Key));
            foreach (var posting in postings)
            {
                // An amount of 0 with a cost is a difference of exchange, and no price.
                found |= posting.Cost is { } cost && posting.Amount.Amount != 0 && Relate(posting.Amount, cost.Of);
            }
        }
    }

    /// <summary>
    /// The market is asked for one unit at a time: what the transaction then tells of the others counts more.
    /// </summary>
    private bool AskMarket(IReadOnlyList<MappedPosting> postings, PriceList market, LocalDate on)
    {
        foreach (var posting in postings)
        {
            var unit = (posting.Cost?.Of ?? posting.Amount).Unit;
            if (!rates.ContainsKey(unit) && market.Find(unit, currency, on) is { } rate)
            {
                rates.Add(unit, rate);
                return true;
            }
        }

        return false;
    }

    /// <summary>Two amounts are worth the same: from the rate of one unit follows that of the other.</summary>
    private bool Relate(UnitAmount one, UnitAmount other)
    {
        if (rates.TryGetValue(one.Unit, out var rate))
        {
            return other.Amount != 0 && rates.TryAdd(other.Unit, one.Amount * rate / other.Amount);
        }

        return rates.TryGetValue(other.Unit, out rate) && rates.TryAdd(one.Unit, other.Amount * rate / one.Amount);
    }

    /// <summary>
    /// What rounding left over, at most half a unit of the last place for each posting that was rounded.
    /// </summary>
    private void GiveRemainderToLargest(IReadOnlyList<MappedPosting> postings, int scale)
    {
        var sum = 0m;
        var rounded = 0;
        MappedPosting? largest = null;
        foreach (var posting in postings)
        {
            sum += posting.Base ?? 0;
            if (posting.Base is { } worth && posting.Amount.Unit != currency)
            {
                rounded++;
                largest = largest is null || Math.Abs(worth) > Math.Abs(largest.Base!.Value) ? posting : largest;
            }
        }

        var bound = rounded * new decimal(5, 0, 0, false, (byte)(scale + 1));
        if (sum != 0 && largest is not null && Math.Abs(sum) <= bound)
        {
            largest.Base -= sum;
        }
    }
}
