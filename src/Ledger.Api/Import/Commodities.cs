using System.Collections.Frozen;
using Ledger.Domain;

namespace Ledger.Api.Import;

/// <summary>
/// What a file calls a commodity, and the unit of the books for it. Symbols that mean one currency nearly everywhere
/// are known; others are named by <c>--commodity</c>, which wins.
/// </summary>
internal sealed class Commodities
{
    private static readonly FrozenDictionary<string, string> Symbols = new Dictionary<string, string>
    {
        ["$"] = "USD", ["US$"] = "USD", ["A$"] = "AUD", ["AU$"] = "AUD", ["C$"] = "CAD", ["CA$"] = "CAD",
        ["NZ$"] = "NZD", ["HK$"] = "HKD", ["S$"] = "SGD", ["R$"] = "BRL", ["€"] = "EUR", ["£"] = "GBP", ["¥"] = "JPY",
        ["CN¥"] = "CNY", ["元"] = "CNY", ["円"] = "JPY", ["₼"] = "AZN", ["ман"] = "AZN", ["ман."] = "AZN",
        ["лв"] = "BGN", ["лв."] = "BGN", ["Лв"] = "BGN", ["Лв."] = "BGN", ["ЛВ"] = "BGN", ["₽"] = "RUB",
        ["руб"] = "RUB", ["руб."] = "RUB", ["₴"] = "UAH", ["грн"] = "UAH", ["грн."] = "UAH",
        ["₺"] = "TRY", ["₹"] = "INR", ["₩"] = "KRW",
        ["₪"] = "ILS", ["₫"] = "VND", ["₦"] = "NGN", ["₱"] = "PHP", ["฿"] = "THB", ["₸"] = "KZT", ["₾"] = "GEL",
        ["₮"] = "MNT", ["₡"] = "CRC", ["₲"] = "PYG", ["₵"] = "GHS", ["₭"] = "LAK", ["៛"] = "KHR", ["֏"] = "AMD",
        ["zł"] = "PLN", ["Kč"] = "CZK", ["Ft"] = "HUF", ["lei"] = "RON", ["дин"] = "RSD", ["дин."] = "RSD",
        ["ден"] = "MKD", ["ден."] = "MKD", ["Fr."] = "CHF", ["SFr."] = "CHF",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly Dictionary<string, UnitCode?> units;

    /// <param name="named">Unit by commodity, as <c>--commodity '$=USD'</c> says; an empty commodity is a bare
    /// number.</param>
    public Commodities(IReadOnlyDictionary<string, UnitCode> named)
    {
        units = new(StringComparer.Ordinal);
        foreach (var (commodity, unit) in named)
        {
            units.Add(commodity, unit);
        }
    }

    /// <summary>The unit; null when the commodity is no unit's code and nobody said what it is.</summary>
    public UnitCode? Find(string commodity)
    {
        if (!units.TryGetValue(commodity, out var unit))
        {
            unit = Symbols.TryGetValue(commodity, out var code) ? new UnitCode(code)
                : UnitCode.IsValid(commodity) ? new UnitCode(commodity) : null;
            units.Add(commodity, unit);
        }

        return unit;
    }

    /// <summary>Why a commodity has no unit, and what to do.</summary>
    public static string Unknown(string commodity) => commodity.Length == 0
        ? "An amount has no commodity: say what it is, such as --commodity '=EUR'."
        : $"The commodity '{Texts.Shown(commodity)}' is no code of a unit: say what it is, such as "
            + $"--commodity '{Texts.Shown(commodity)}=EUR'.";
}
