using System.Text.Json;
using Ledger.Domain;
using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace Ledger.Projections.Companies;

/// <summary>Reads the settings of a company as known then.</summary>
internal static class CompanyQueries
{
    /// <summary>The columns that <see cref="Read"/> reads.</summary>
    public const string Columns =
        "company, name, currency, country, time_zone, fiscal_year_start, retained_earnings, digits::text as digits";

    /// <param name="at">Where its columns begin in the row.</param>
    public static CompanyThen Read(NpgsqlDataReader row, int at) => new(
        row.GetString(at),
        row.GetString(at + 1),
        row.GetString(at + 2),
        row.GetString(at + 3),
        Zone(row.GetString(at + 4)),
        AnnualDatePattern.Iso.Parse(row.GetString(at + 5)).GetValueOrThrow(),
        row.IsDBNull(at + 6) ? null : row.GetString(at + 6),
        row.IsDBNull(at + 7) ? ValueMap<int>.Empty : Digits(row.GetString(at + 7)));

    public static DateTimeZone Zone(string name) => DateTimeZoneProviders.Tzdb[name];

    private static ValueMap<int> Digits(string json) =>
        ValueMap<int>.From(JsonSerializer.Deserialize<Dictionary<string, int>>(json)!);
}
