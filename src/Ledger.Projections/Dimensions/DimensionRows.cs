using Ledger.Domain.Dimensions;

namespace Ledger.Projections.Dimensions;

/// <summary>A version of a dimension's value.</summary>
internal static class DimensionRows
{
    public static void Add(
        CopyBuffer values, in LoggedEvent at, string dimension, string value, DimensionValueDetails details) =>
        values.Row(7)
            .Text(at.Company).Text(dimension).Text(value).Long(at.Position)
            .Text(details.Name).Json(details.Names).Bool(details.Archived ?? false);
}
