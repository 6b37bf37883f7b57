using System.Text.Json;
using Ledger.Domain;
using Ledger.Projections.Queries;
using Npgsql;

namespace Ledger.Projections.Dimensions;

/// <summary>A value of a dimension as known then.</summary>
/// <param name="Names">By language; null for none.</param>
/// <param name="Version">That of all dimensions at its last change: the value's ETag.</param>
public sealed record DimensionValueThen(
    string Dimension, string Value, string Name, ValueMap<string>? Names, bool Archived, long Version);

/// <summary>Reads all values of all dimensions as known then.</summary>
public static class DimensionValues
{
    /// <returns>In ordinal order of dimensions and values.</returns>
    public static async Task<IReadOnlyList<DimensionValueThen>> AllAsync(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        const string sql = """
            select position, dimension, value, name, names::text, archived
            from ledger_read.dimension_value_history_{v}
            where company = $1 and position <= $2
            """;
        var versions = snapshot.Ask(sql, Read, snapshot.Company.Code, snapshot.Knowledge.Position);
        await snapshot.SendAsync();

        // Every change of a value is one event of the dimensions, so their version counts the changes up to it.
        versions.Sort((a, b) => a.Position.CompareTo(b.Position));
        var latest = new Dictionary<(string, string), DimensionValueThen>();
        for (var i = 0; i < versions.Count; i++)
        {
            var value = versions[i].Value;
            latest[(value.Dimension, value.Value)] = value with { Version = i + 1 };
        }

        return
        [
            .. latest.Values.OrderBy(each => each.Dimension, StringComparer.Ordinal)
                .ThenBy(each => each.Value, StringComparer.Ordinal),
        ];
    }

    private static (long Position, DimensionValueThen Value) Read(NpgsqlDataReader row) => (row.GetInt64(0), new(
        row.GetString(1),
        row.GetString(2),
        row.GetString(3),
        row.IsDBNull(4)
            ? null
            : ValueMap<string>.From(JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(4))!),
        row.GetBoolean(5),
        0));
}
