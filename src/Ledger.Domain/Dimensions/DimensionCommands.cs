namespace Ledger.Domain.Dimensions;

/// <summary>Adds the value, or changes it when its content differs.</summary>
/// <param name="IfMatch">The value's version that the caller saw; needed to change a value that exists.</param>
public sealed record PutDimensionValue(
    string Dimension, string Value, DimensionValueDetails Details, long? IfMatch = null);
