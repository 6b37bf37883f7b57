using Ledger.Projections.Queries;

namespace Ledger.Projections.Dimensions;

/// <summary>Reads the names of a dimension's values as known then.</summary>
internal sealed class DimensionQueries
{
    private readonly Rows<(string Value, string Name)> rows;
    private Dictionary<string, string>? names;

    private DimensionQueries(Rows<(string, string)> rows) => this.rows = rows;

    /// <param name="dimension">Null asks for nothing.</param>
    public static DimensionQueries Ask(Snapshot snapshot, string? dimension)
    {
        const string sql = """
            select value, name from ledger_read.dimension_value_history_{v}
            where company = $1 and dimension = $2 and position <= $3
            order by value, position
            """;
        return new(dimension is null
            ? []
            : snapshot.Ask(
                sql,
                row => (row.GetString(0), row.GetString(1)),
                snapshot.Company.Code,
                dimension,
                snapshot.Knowledge.Position));
    }

    /// <summary>The last name that was known; null for no value.</summary>
    public string? NameOf(string? value)
    {
        if (names is null)
        {
            names = new(StringComparer.Ordinal);
            foreach (var (each, name) in rows)
            {
                names[each] = name;
            }
        }

        return value is null ? null : names.GetValueOrDefault(value, value);
    }
}
