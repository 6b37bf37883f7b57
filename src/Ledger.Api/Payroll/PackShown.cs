using System.Text.Json.Nodes;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Api.Payroll;

/// <summary>The packs, by name.</summary>
public sealed record PackList(IReadOnlyList<PackRow> Rows);

/// <param name="Country">ISO 3166, two letters.</param>
/// <param name="EngineVersion">That of the formulas.</param>
public sealed record PackRow(string Name, string Country, int EngineVersion, string Description)
{
    internal static PackRow Of(Pack pack) => new(pack.Name, pack.Country, pack.EngineVersion, pack.Description);
}

/// <summary>A pack.</summary>
/// <param name="FactsSchema">JSON Schema of what must or may be known of an employee.</param>
/// <param name="ToDateSchema">JSON Schema of what may have been paid and withheld before.</param>
/// <param name="Published">When this ledger came to know it: a payslip goes by what stood here then.</param>
/// <param name="SettingsSchema">JSON Schema of what a pay group chooses where the law is not clear.</param>
public sealed record PackShown(
    string Name,
    string Country,
    int EngineVersion,
    string Description,
    IReadOnlyList<ElementShown> Elements,
    JsonObject FactsSchema,
    JsonObject ToDateSchema,
    JsonObject SettingsSchema,
    IReadOnlyList<FigureShown> Figures,
    IReadOnlyList<PublicationShown> Published)
{
    internal static PackShown Of(Pack pack, IEnumerable<PublicationShown> published) => new(
        pack.Name,
        pack.Country,
        pack.EngineVersion,
        pack.Description,
        [.. pack.Elements.Select(ElementShown.Of)],
        FactSchema.Of(pack.Facts),
        FactSchema.Of(pack.ToDate),
        FactSchema.Of(pack.Settings),
        [.. pack.Figures.All.Select(FigureShown.Of)],
        [.. published]);
}

/// <summary>When this ledger came to know figures or formulas of a pack.</summary>
/// <param name="Figures">How many were new.</param>
public sealed record PublicationShown(long Sequence, Instant Recorded, int EngineVersion, int Figures);

/// <summary>An element of pay.</summary>
/// <param name="Treatments">Which of insured, taxed, paidOut, supplemental and pensionable it is.</param>
public sealed record ElementShown(string Code, IReadOnlyList<string> Treatments, string Description)
{
    private static readonly (Treatments Treatment, string Name)[] Names =
    [
        (Domain.Payroll.Treatments.Insured, "insured"), (Domain.Payroll.Treatments.Taxed, "taxed"),
        (Domain.Payroll.Treatments.PaidOut, "paidOut"), (Domain.Payroll.Treatments.Supplemental, "supplemental"),
        (Domain.Payroll.Treatments.Pensionable, "pensionable"),
    ];

    internal static ElementShown Of(PayElement element) => new(
        element.Code,
        [.. Names.Where(each => element.Treatments.Has(each.Treatment)).Select(each => each.Name)],
        element.Description);
}

/// <summary>A figure of the law.</summary>
/// <param name="Through">The last day on which it is known to hold; null where the law names none.</param>
/// <param name="Values">Amounts; rates as parts of one.</param>
/// <param name="Published">Null is before it took effect.</param>
/// <param name="Checked">When its source was last looked at.</param>
public sealed record FigureShown(
    string Name,
    LocalDate From,
    LocalDate? Through,
    IReadOnlyList<decimal> Values,
    LocalDate? Published,
    FigureStatus Status,
    LocalDate Checked,
    string Source)
{
    internal static FigureShown Of(Figure figure) => new(
        figure.Name, figure.From, figure.Through, figure.Values, figure.Published, figure.Status, figure.Checked,
        figure.Source);
}

/// <summary>JSON Schemas of facts, made from their declarations.</summary>
internal static class FactSchema
{
    private const string AmountPattern = @"^(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?$";

    public static JsonObject Of(IReadOnlyList<Fact> facts) => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["type"] = "object",
        ["properties"] = new JsonObject(facts.Select(fact => KeyValuePair.Create(fact.Name, (JsonNode?)Of(fact)))),
        ["required"] = new JsonArray(
            [.. facts.Where(fact => fact.IsNeeded).Select(fact => (JsonNode?)fact.Name)]),
        ["additionalProperties"] = false,
    };

    private static JsonObject Of(Fact fact)
    {
        var schema = fact.Kind switch
        {
            FactKind.Flag => new JsonObject { ["type"] = "boolean" },
            FactKind.Count => new() { ["type"] = "integer", ["minimum"] = 0 },
            FactKind.Amount or FactKind.Percent => new() { ["type"] = "string", ["pattern"] = AmountPattern },
            FactKind.Date => new() { ["type"] = "string", ["format"] = "date" },
            FactKind.Choice => new()
            {
                ["type"] = "string",
                ["enum"] = new JsonArray([.. fact.Choices.Select(word => (JsonNode?)word)]),
            },
            _ => new() { ["type"] = "string", ["minLength"] = 1 },
        };
        schema["description"] = fact.Description;
        return schema;
    }
}
