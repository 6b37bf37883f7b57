using Ledger.Domain.Companies;

namespace Ledger.Domain.Dimensions;

public static class DimensionDecider
{
    public const int DimensionsMax = 50;

    public static Decision<DimensionEvent> Decide(
        PutDimensionValue command, DimensionCatalog catalog, Company company)
    {
        var (dimension, value, details) = (command.Dimension, command.Value, command.Details);
        var known = catalog.Find(dimension, value);
        if (known?.Details == details)
        {
            return Decision<DimensionEvent>.Nothing;
        }

        if (!company.Exists)
        {
            return CompanyRefusals.Unknown();
        }

        if (!Ids.IsValid(dimension))
        {
            return TextRefusals.IdInvalid("The dimension", dimension);
        }

        if (!Ids.IsValid(value))
        {
            return TextRefusals.IdInvalid("The value", value);
        }

        if (Register.CheckVersion(known?.Version ?? 0, command.IfMatch) is { } moved)
        {
            return moved;
        }

        if (Texts.CheckNeeded("name", details.Name, Texts.NameLengthMax) is { } name)
        {
            return name;
        }

        if (Texts.CheckNames(details.Names) is { } names)
        {
            return names;
        }

        if (!catalog.Has(dimension) && catalog.Count >= DimensionsMax)
        {
            return DimensionRefusals.TooManyDimensions(DimensionsMax);
        }

        return known is null
            ? new DimensionValueAdded(dimension, value, details)
            : new DimensionValueChanged(dimension, value, details);
    }
}
