using Ledger.Api.Json;
using Ledger.Domain;
using Ledger.Domain.Dimensions;

namespace Ledger.Api.Dimensions;

/// <summary>Reads a value of a dimension as callers send it.</summary>
public static class DimensionJson
{
    private static readonly Members Value = new("name", "names", "archived");

    public static DimensionValueDetails Read(ref JsonInput input, int unused)
    {
        string? name = null;
        ValueMap<string>? names = null;
        bool? archived = null;
        var seen = input.Object();
        while (input.Next(Value, ref seen))
        {
            switch (Value[seen.Last])
            {
                case "name":
                    name = input.Text();
                    break;
                case "names":
                    names = input.Null() ? null : input.Map(static (ref JsonInput value, int _) => value.Text());
                    break;
                case "archived":
                    archived = input.Null() ? null : input.Flag();
                    break;
            }
        }

        return new(name ?? throw input.Missing("name"), names, archived);
    }
}
