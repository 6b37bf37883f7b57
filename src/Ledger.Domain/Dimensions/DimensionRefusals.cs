namespace Ledger.Domain.Dimensions;

public static class DimensionRefusals
{
    public static Refusal TooManyDimensions(int countMax) => new(
        "too-many-dimensions",
        $"The company has {countMax} dimensions already, and may not have more: add a value to one of them.");
}
