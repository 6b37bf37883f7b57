using System.Text.Json.Nodes;
using Ledger.Domain;

namespace Ledger.Api.OpenApi;

/// <summary>The parameters that stand in paths, and the schemas of parameters.</summary>
internal static class PathParameters
{
    private const string IdPattern = "^[A-Za-z0-9._~-]{1,100}$";

    public static IEnumerable<JsonNode> Of(Operation operation) =>
        from segment in operation.Pattern.Split('/', '{')
        where segment.Contains('}', StringComparison.Ordinal)
        select Describe(
            segment[..segment.IndexOf('}', StringComparison.Ordinal)].TrimStart('*'),
            HttpMethods.IsGet(operation.Method));

    public static JsonObject Schema(ParameterKind kind) => kind switch
    {
        ParameterKind.Integer => new() { ["type"] = "integer", ["minimum"] = 0 },
        ParameterKind.Amount => Pattern(@"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?$"),
        ParameterKind.Date => Format("date"),
        ParameterKind.Month => Pattern("^[0-9]{4}-[0-9]{2}$"),
        ParameterKind.Flag => new() { ["type"] = "boolean" },
        ParameterKind.Knowledge => new() { ["anyOf"] = new JsonArray(Format("date-time"), Format("date")) },
        _ => new() { ["type"] = "string" },
    };

    /// <param name="isRead">An entry is read under its own id, or under that of its reversal.</param>
    private static JsonNode Describe(string name, bool isRead)
    {
        var (description, schema, example) = name switch
        {
            "company" => ("The company, an id that the caller chose.", Pattern(IdPattern), "acme"),
            "id" => ("The entry's id, chosen by the caller: opaque, never a name or a number of a person.",
                Pattern(isRead ? "^[A-Za-z0-9._~-]{1,109}$" : IdPattern), "order-1001"),
            "code" => (
                "The account's code: NFC, without `/`, `%` and control characters.",
                new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = AccountCode.LengthMax },
                "501"),
            "template" => ("A chart to start from.", Pattern("^[a-z]+$"), "international"),
            "dimension" => ("The dimension, an id that the caller chose.", Pattern(IdPattern), "department"),
            "value" => ("A value of the dimension, an id that the caller chose.", Pattern(IdPattern), "sales"),
            "person" => ("A natural person, by an opaque id that the caller chose.", Pattern(IdPattern), "p-17"),
            "employee" => (
                "The employee, an opaque id that the caller chose: never a name or a number of the person.",
                Pattern(IdPattern), "p-17"),
            "contract" => ("The contract, an id that the caller chose.", Pattern(IdPattern), "c1"),
            "element" => ("An element of pay, as the pack of the contract's pay group names it.", Pattern(IdPattern),
                "salary"),
            "from" => ("The day from which it counts.", Schema(ParameterKind.Date), "2026-01-01"),
            "absence" => ("The absence, an id that the caller chose.", Pattern(IdPattern), "leave-2026-07"),
            "entry" => ("The entry, an id that the caller chose: unique among those of its month.", Pattern(IdPattern),
                "t-2026-06-01"),
            "deduction" => ("The deduction, an id that the caller chose.", Pattern(IdPattern), "loan-1"),
            "year" => ("The statutory year, called by the calendar year of its first day.", Pattern("^[0-9]{4}$"),
                "2026"),
            "group" => ("The pay group, an id that the caller chose.", Pattern(IdPattern), "office"),
            "run" => ("The pay run, an id that the caller chose.", Pattern(IdPattern), "office-2026-03"),
            "line" => ("The line of the payslip, from 1.", Pattern("^[1-9][0-9]{0,3}$"), "2"),
            "pack" => ("A payroll pack.", Pattern("^[a-z]+$"), "bg"),
            "stream" => ("A register, or the kind of a document.", Pattern(IdPattern), "journal-entry"),
            "document" => ("The document, by its id.", Pattern("^[A-Za-z0-9._~-]{1,109}$"), "order-1001"),
            "part" => ("The part, by its id.", Pattern(IdPattern), "p-17"),
            "problem" => ("The code of a problem.", Pattern("^[a-z0-9-]+$"), "period-closed"),
            "level" => ("The level of the tile: 0 for leaves.", Pattern("^[0-9]{1,2}$"), "0"),
            "tile" => ("The number of the tile, and the width of one that is not full.",
                Pattern(@"^(x[0-9]{3}/){0,5}[0-9]{3}(\.p/[1-9][0-9]{0,2})?$"), "000.p/12"),
            "period" => ("The month.", Schema(ParameterKind.Month), "2026-03"),
            _ => throw new ArgumentException($"The path parameter '{name}' is not described.", nameof(name)),
        };
        return new JsonObject
        {
            ["name"] = name,
            ["in"] = "path",
            ["required"] = true,
            ["description"] = description,
            ["schema"] = schema,
            ["example"] = example,
        };
    }

    private static JsonObject Pattern(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    private static JsonObject Format(string format) => new() { ["type"] = "string", ["format"] = format };
}
