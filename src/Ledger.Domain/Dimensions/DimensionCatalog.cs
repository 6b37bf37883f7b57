using System.Collections.Immutable;

namespace Ledger.Domain.Dimensions;

/// <summary>A value of a dimension.</summary>
/// <param name="Version">The catalog's version at the value's last change: the value's ETag.</param>
public sealed record DimensionValue(DimensionValueDetails Details, long Version)
{
    public bool IsArchived => Details.Archived ?? false;
}

/// <summary>All dimensions of a company and their values. A dimension exists once it has a value.</summary>
public sealed class DimensionCatalog
{
    private static readonly ImmutableDictionary<string, DimensionValue> NoValues =
        ImmutableDictionary.Create<string, DimensionValue>(StringComparer.Ordinal);

    public static DimensionCatalog Initial { get; } = new(
        ImmutableDictionary.Create<string, ImmutableDictionary<string, DimensionValue>>(StringComparer.Ordinal), 0);

    private readonly ImmutableDictionary<string, ImmutableDictionary<string, DimensionValue>> dimensions;

    private DimensionCatalog(
        ImmutableDictionary<string, ImmutableDictionary<string, DimensionValue>> dimensions, long version) =>
        (this.dimensions, Version) = (dimensions, version);

    public long Version { get; }

    /// <summary>How many dimensions there are.</summary>
    public int Count => dimensions.Count;

    /// <summary>All values in the ordinal order of dimensions and values.</summary>
    public IEnumerable<(string Dimension, string Value, DimensionValue Current)> Values =>
        from dimension in dimensions.OrderBy(each => each.Key, StringComparer.Ordinal)
        from value in dimension.Value.OrderBy(each => each.Key, StringComparer.Ordinal)
        select (dimension.Key, value.Key, value.Value);

    public bool Has(string dimension) => dimensions.ContainsKey(dimension);

    public DimensionValue? Find(string dimension, string value) =>
        dimensions.TryGetValue(dimension, out var values) ? values.GetValueOrDefault(value) : null;

    public static DimensionCatalog Evolve(DimensionCatalog state, DimensionEvent @event) => @event switch
    {
        DimensionValueAdded e => state.With(e.Dimension, e.Value, e.Details),
        DimensionValueChanged e => state.With(e.Dimension, e.Value, e.Details),
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not a dimension's."),
    };

    private DimensionCatalog With(string dimension, string value, DimensionValueDetails details)
    {
        var values = dimensions.GetValueOrDefault(dimension, NoValues);
        values = values.SetItem(value, new DimensionValue(details, Version + 1));
        return new DimensionCatalog(dimensions.SetItem(dimension, values), Version + 1);
    }
}
