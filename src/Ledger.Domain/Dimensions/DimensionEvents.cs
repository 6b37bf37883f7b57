namespace Ledger.Domain.Dimensions;

/// <summary>What a caller says of one value of a dimension, such as <c>department/sales</c>.</summary>
public sealed record DimensionValueDetails(string Name, ValueMap<string>? Names = null, bool? Archived = null);

/// <summary>Stream <c>dimensions</c>: all dimensions of a company and their values.</summary>
public abstract record DimensionEvent;

[EventName("dimension_value_added")]
public sealed record DimensionValueAdded(string Dimension, string Value, DimensionValueDetails Details)
    : DimensionEvent;

[EventName("dimension_value_changed")]
public sealed record DimensionValueChanged(string Dimension, string Value, DimensionValueDetails Details)
    : DimensionEvent;
