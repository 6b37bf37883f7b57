namespace Ledger.Api.Demo;

/// <summary>What lies in the warehouse, at moving average cost.</summary>
internal sealed class Warehouse
{
    private readonly Dictionary<ShopFacts.Article, (int Units, decimal Value)> stock = [];

    public int UnitsOf(ShopFacts.Article article) => stock.GetValueOrDefault(article).Units;

    /// <summary>Takes units in at what they cost together.</summary>
    public void Put(ShopFacts.Article article, int units, decimal cost)
    {
        var (had, value) = stock.GetValueOrDefault(article);
        stock[article] = (had + units, value + cost);
    }

    /// <summary>Takes units out. What they cost, to the cent; the last units take what is left.</summary>
    public decimal Take(ShopFacts.Article article, int units)
    {
        var cost = CostOf(article, units);
        Take(article, units, cost);
        return cost;
    }

    /// <summary>Takes units out at what they are known to have cost.</summary>
    public void Take(ShopFacts.Article article, int units, decimal cost)
    {
        var (had, value) = stock.GetValueOrDefault(article);
        if (units > had)
        {
            throw new InvalidOperationException($"The shop has no {units} of '{article.Name}', only {had}.");
        }

        stock[article] = (had - units, value - cost);
    }

    public decimal CostOf(ShopFacts.Article article, int units)
    {
        var (had, value) = stock.GetValueOrDefault(article);
        return units == had ? value : ShopFacts.Cents(value * units / had);
    }
}
