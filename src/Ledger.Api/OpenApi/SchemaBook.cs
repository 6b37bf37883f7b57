using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Ledger.Api.Journals;
using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Payroll;
using Ledger.Domain.TimeSheets;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.OpenApi;

/// <summary>
/// The JSON Schemas of what is sent and answered, made from the records that are read and written. What callers send is
/// closed: an unknown field is refused. What they are answered may grow.
/// </summary>
internal sealed class SchemaBook
{
    private const string DecimalPattern = @"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$";
    private const string AmountPattern = @"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?$";

    private readonly XmlDocs docs = new();
    private readonly SortedDictionary<string, (Type Type, JsonObject Schema)> components = new(StringComparer.Ordinal);

    /// <summary>Everything that was referred to, by name.</summary>
    public JsonObject Components() => new(components.Select(each =>
        KeyValuePair.Create(each.Key, (JsonNode?)each.Value.Schema.DeepClone())));

    /// <summary>A reference to the schema of a record that callers send, or are answered.</summary>
    public JsonObject Reference(Type type, bool isSent)
    {
        if (Simple(type, isSent) is { } simple)
        {
            return simple;
        }

        if (ListItem(type) is { } item)
        {
            return new() { ["type"] = "array", ["items"] = Reference(item, isSent) };
        }

        if (!type.IsClass || type.Namespace?.StartsWith("Ledger.", StringComparison.Ordinal) is not true)
        {
            throw new InvalidOperationException($"{type} has no schema: say how it is written.");
        }

        var name = NameOf(type) + (isSent ? "Request" : "");
        if (!components.TryGetValue(name, out var known))
        {
            components.Add(name, (type, new JsonObject()));
            components[name] = (type, Make(type, isSent));
        }
        else if (known.Type != type)
        {
            throw new InvalidOperationException($"{known.Type} and {type} would both be called '{name}'.");
        }

        return new() { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private JsonObject Make(Type type, bool isSent)
    {
        var info = QueryJson.Options.GetTypeInfo(type);
        var optional = type.GetConstructors().MaxBy(each => each.GetParameters().Length)!.GetParameters()
            .Where(parameter => parameter.HasDefaultValue)
            .Select(parameter => JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!))
            .ToHashSet(StringComparer.Ordinal);
        var schema = new JsonObject { ["type"] = "object" };
        if (docs.SummaryOf(type) is { } summary)
        {
            schema["description"] = summary;
        }

        schema["properties"] = new JsonObject(info.Properties.Select(property =>
            KeyValuePair.Create(property.Name, (JsonNode?)Property(property, isSent))));
        var required = info.Properties.Where(property => !optional.Contains(property.Name))
            .Select(property => (JsonNode?)property.Name).ToArray();
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray(required);
        }

        if (isSent)
        {
            schema["additionalProperties"] = false;
        }

        return schema;
    }

    private JsonObject Property(JsonPropertyInfo property, bool isSent)
    {
        var underlying = Nullable.GetUnderlyingType(property.PropertyType);
        var schema = Value(underlying ?? property.PropertyType, isSent);
        schema = property.PropertyType == typeof(Counterparty)
            ? new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = new JsonArray("string", "null") }) }
            : underlying is not null || property.IsGetNullable ? OrNull(schema) : schema;
        if (property.AttributeProvider is PropertyInfo member && docs.DescriptionOf(member) is { } description)
        {
            schema["description"] = description;
        }

        return schema;
    }

    private JsonObject Value(Type type, bool isSent) =>
        Simple(type, isSent) ?? (
            MapValue(type) is { } value ? new() { ["type"] = "object", ["additionalProperties"] = Value(value, isSent) }
            : ListItem(type) is { } item ? new() { ["type"] = "array", ["items"] = Value(item, isSent) }
            : Reference(type, isSent));

    private JsonObject? Simple(Type type, bool isSent) =>
        type == typeof(decimal) || type == typeof(Amount) ? Text("pattern", isSent ? AmountPattern : DecimalPattern)
        : type == typeof(LocalDate) ? Text("format", "date")
        : type == typeof(Instant) ? Text("format", "date-time")
        : type == typeof(YearMonth) ? Text("pattern", "^[0-9]{4}-[0-9]{2}$")
        : type == typeof(AnnualDate) ? Text("pattern", "^[0-9]{2}-[0-9]{2}$")
        : type == typeof(UnitCode) ? Text("pattern", "^[A-Za-z][A-Za-z0-9._-]{0,23}$")
        : type == typeof(AccountCode)
        ? new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = AccountCode.LengthMax }
        : type == typeof(WallTime)
        ? Text("pattern", "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?$")
        : type == typeof(string) ? new() { ["type"] = "string" }
        : type == typeof(bool) ? new() { ["type"] = "boolean" }
        : type == typeof(int) || type == typeof(long) ? new() { ["type"] = "integer" }
        : type == typeof(FactValue) ? new() { ["type"] = new JsonArray("string", "boolean", "integer") }
        : type == typeof(Guid) ? Text("format", "uuid")
        : type == typeof(JsonObject) || type == typeof(JsonElement) ? new() { ["type"] = "object" }
        : type.IsEnum ? Choices(type)
        : null;

    private JsonObject Choices(Type type)
    {
        var names = Enum.GetNames(type);
        var schema = new JsonObject
        {
            ["type"] = "string",
            ["enum"] = new JsonArray(
                [.. names.Select(name => (JsonNode?)JsonNamingPolicy.CamelCase.ConvertName(name))]),
        };
        if (docs.SummaryOf(type) is { } summary)
        {
            schema["description"] = summary;
        }

        return schema;
    }

    private static JsonObject Text(string keyword, string value) => new() { ["type"] = "string", [keyword] = value };

    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema["type"] is JsonValue type && !schema.ContainsKey("enum"))
        {
            schema["type"] = new JsonArray(type.DeepClone(), "null");
            return schema;
        }

        return new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
    }

    private static Type? MapValue(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueMap<>) ? type.GenericTypeArguments[0]
        : Array.Find([type, .. type.GetInterfaces()], each => each.IsGenericType
            && each.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))?.GenericTypeArguments[1];

    private static Type? ListItem(Type type) =>
        type == typeof(string) || MapValue(type) is not null ? null
        : type.IsArray ? type.GetElementType()
        : Array.Find([type, .. type.GetInterfaces()], each => each.IsGenericType
            && each.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GenericTypeArguments[0];

    private static string NameOf(Type type) => type.IsGenericType
        ? type.Name.Split('`')[0] + string.Concat(type.GenericTypeArguments.Select(NameOf))
        : type.Name;
}
