using System.Collections.Frozen;
using Ledger.Domain.Journals;
using NodaTime.TimeZones;

namespace Ledger.Domain.Companies;

/// <summary>What follows from a company's country (ISO 3166 alpha-2) by default.</summary>
public static class Countries
{
    /// <summary>Countries where nearly all business keeps one of the country's several zones.</summary>
    private static readonly FrozenDictionary<string, string> MainZones = new Dictionary<string, string>
    {
        ["AR"] = "America/Argentina/Buenos_Aires",
        ["CN"] = "Asia/Shanghai",
        ["CY"] = "Asia/Nicosia",
        ["DE"] = "Europe/Berlin",
        ["ES"] = "Europe/Madrid",
        ["MY"] = "Asia/Kuala_Lumpur",
        ["NZ"] = "Pacific/Auckland",
        ["PT"] = "Europe/Lisbon",
        ["UA"] = "Europe/Kyiv",
        ["UZ"] = "Asia/Tashkent",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// Where a wrong entry is customarily taken back in red, by negative amounts on the same sides, so that turnovers
    /// stay clean: central and eastern Europe, central Asia, China, Vietnam.
    /// </summary>
    private static readonly FrozenSet<string> RedStorno = FrozenSet.Create(
        StringComparer.Ordinal,
        "AM", "AZ", "BA", "BG", "BY", "CN", "CZ", "GE", "HR", "KG", "KZ", "MD", "ME", "MK", "PL", "RO", "RS", "RU",
        "SI", "SK", "TJ", "TM", "UA", "UZ", "VN");

    private static readonly FrozenDictionary<string, FrozenSet<string>> Zones =
        TzdbDateTimeZoneSource.Default.ZoneLocations!
            .GroupBy(location => location.CountryCode, StringComparer.Ordinal)
            .ToFrozenDictionary(
                country => country.Key,
                country => country.Select(location => location.ZoneId).ToFrozenSet(StringComparer.Ordinal),
                StringComparer.Ordinal);

    public static bool IsKnown(string country) => Zones.ContainsKey(country);

    /// <summary>The IANA zone of a country with one, or with one that counts; null where a company must say.</summary>
    public static string? DefaultTimeZone(string country)
    {
        if (MainZones.TryGetValue(country, out var main))
        {
            return main;
        }

        return Zones.TryGetValue(country, out var zones) && zones.Count == 1 ? zones.First() : null;
    }

    /// <summary>Up to five zones of the country, for a message.</summary>
    public static IEnumerable<string> SomeTimeZones(string country) =>
        Zones.TryGetValue(country, out var zones) ? zones.Order(StringComparer.Ordinal).Take(5) : [];

    public static bool IsTimeZone(string zone) =>
        TzdbDateTimeZoneSource.Default.CanonicalIdMap.ContainsKey(zone);

    public static ReversalMethod DefaultReversal(string country) =>
        RedStorno.Contains(country) ? ReversalMethod.Red : ReversalMethod.Mirror;
}
