namespace Ledger.Domain.TimeSheets;

/// <summary>Parts of a country with public holidays of their own.</summary>
public static class HolidayRegions
{
    public const string EnglandAndWales = "england-and-wales";

    public const string Scotland = "scotland";

    public const string NorthernIreland = "northern-ireland";

    /// <summary>The part of the United Kingdom in which a place of work is, where it says one; else England and
    /// Wales. Other countries here have no parts, so that for them it makes no difference.</summary>
    public static string Of(string? place) =>
        place?.Contains("Scotland", StringComparison.OrdinalIgnoreCase) is true ? Scotland
        : place?.Contains("Northern Ireland", StringComparison.OrdinalIgnoreCase) is true ? NorthernIreland
        : EnglandAndWales;
}
