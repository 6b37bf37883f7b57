using Ledger.Domain;
using NodaTime;

namespace Ledger.Api.Import;

/// <summary>
/// Market prices as <c>hledger prices</c> lists them, <c>P 2026-01-31 AAPL $185.40</c>, a line each: what a unit is
/// worth in another one from that day on, until the next price of the two.
/// </summary>
internal sealed class PriceList
{
    private readonly Dictionary<(UnitCode Unit, UnitCode In), List<(LocalDate From, decimal Price)>> prices = [];
    private readonly Dictionary<UnitCode, SortedSet<UnitCode>> neighbours = [];

    /// <exception cref="InvalidDataException">A line is no price; the message names it.</exception>
    public static PriceList Read(TextReader text, Commodities commodities)
    {
        var list = new PriceList();
        var number = 0;
        while (text.ReadLine() is { } line)
        {
            number++;
            line = line.TrimStart('\uFEFF').Trim();
            if (line.Length == 0 || line[0] is ';' or '#' or '*')
            {
                continue;
            }

            if (!list.TryAdd(line, commodities, out var reason))
            {
                throw new InvalidDataException($"Line {number} of the prices: {reason}");
            }
        }

        foreach (var each in list.prices.Values)
        {
            each.Sort(static (a, b) => a.From.CompareTo(b.From));
        }

        return list;
    }

    /// <summary>
    /// What one unit was worth on a day in another, over as few steps as it takes (a price counts both ways); null when
    /// no prices lead there.
    /// </summary>
    public decimal? Find(UnitCode unit, UnitCode into, LocalDate on)
    {
        var worth = new Dictionary<UnitCode, decimal> { [unit] = 1 };
        var next = new Queue<UnitCode>([unit]);
        while (next.TryDequeue(out var from))
        {
            foreach (var to in neighbours.GetValueOrDefault(from) ?? [])
            {
                if (!worth.ContainsKey(to) && Price(from, to, on) is { } price)
                {
                    worth.Add(to, worth[from] * price);
                    if (to == into)
                    {
                        return worth[to];
                    }

                    next.Enqueue(to);
                }
            }
        }

        return null;
    }

    private decimal? Price(UnitCode unit, UnitCode into, LocalDate on) =>
        Latest(unit, into, on) ?? (Latest(into, unit, on) is { } inverse and not 0 ? 1 / inverse : null);

    private decimal? Latest(UnitCode unit, UnitCode into, LocalDate on)
    {
        if (!prices.TryGetValue((unit, into), out var list))
        {
            return null;
        }

        var (low, high) = (0, list.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = list[middle].From <= on ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? null : list[low - 1].Price;
    }

    private bool TryAdd(string line, Commodities commodities, out string reason)
    {
        var parts = line.Split(
            (char[])[' ', '\t'], 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        reason = $"'{Texts.Shown(line)}' is no price such as P 2026-01-31 AAPL $185.40.";
        if (parts.Length < 3 || parts[0] != "P" || !Dates.TryParse(parts[1], out var date))
        {
            return false;
        }

        var end = EndOfCommodity(parts[2]);
        var commodity = parts[2][..end].Trim('"');
        var rest = parts[2][end..];
        var comment = rest.IndexOf(';', StringComparison.Ordinal);
        if (!FileAmounts.TryParseAmount(comment < 0 ? rest : rest[..comment], out var price, out var costCommodity)
            || price <= 0)
        {
            return false;
        }

        if (commodities.Find(commodity) is not { } unit || commodities.Find(costCommodity) is not { } into)
        {
            reason = Commodities.Unknown(commodities.Find(commodity) is null ? commodity : costCommodity);
            return false;
        }

        Add(unit, into, date, price);
        return true;
    }

    private static int EndOfCommodity(string text)
    {
        var end = text.StartsWith('"') ? text.IndexOf('"', 1) + 1 : text.AsSpan().IndexOfAny(' ', '\t');
        return end <= 0 ? text.Length : end;
    }

    private void Add(UnitCode unit, UnitCode into, LocalDate date, decimal price)
    {
        if (!prices.TryGetValue((unit, into), out var list))
        {
            prices.Add((unit, into), list = []);
        }

        list.Add((date, price));
        Connect(unit, into);
        Connect(into, unit);
    }

    private void Connect(UnitCode one, UnitCode other)
    {
        if (!neighbours.TryGetValue(one, out var set))
        {
            neighbours.Add(one, set = []);
        }

        set.Add(other);
    }
}
