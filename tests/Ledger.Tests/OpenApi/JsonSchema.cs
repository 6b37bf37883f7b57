using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ledger.Tests.OpenApi;

/// <summary>
/// Holds JSON against the schemas of the API's description: the keywords that occur there, and none besides, so that a
/// new keyword fails instead of being passed over.
/// </summary>
internal static class JsonSchema
{
    private static readonly string[] Known =
    [
        "$ref", "type", "properties", "required", "additionalProperties", "items", "enum", "pattern", "format",
        "minimum",
        "maximum", "minLength", "maxLength", "anyOf", "allOf", "description", "default",
    ];

    /// <summary>What is wrong with the value, each with its path; empty when it fits.</summary>
    public static IEnumerable<string> Check(JsonNode document, JsonNode schema, JsonNode? value, string path = "$")
    {
        if (schema is JsonValue always)
        {
            return always.GetValue<bool>() ? [] : [$"{path}: nothing is allowed here"];
        }

        var rules = schema.AsObject();
        var unknown = rules.Select(rule => rule.Key).Except(Known).ToArray();
        if (unknown.Length > 0)
        {
            return [$"{path}: the schema has unknown keywords {string.Join(", ", unknown)}"];
        }

        if (rules["$ref"] is { } reference)
        {
            return Check(document, Resolve(document, reference.GetValue<string>()), value, path);
        }

        return CheckCombined(document, rules, value, path)
            .Concat(CheckType(rules, value, path))
            .Concat(CheckValue(rules, value, path))
            .Concat(value switch
            {
                JsonObject members => CheckMembers(document, rules, members, path),
                JsonArray list when rules["items"] is { } items => list.SelectMany(
                    (item, index) => Check(document, items, item, $"{path}[{index}]")),
                _ => [],
            });
    }

    public static JsonNode Resolve(JsonNode document, string reference) => reference.Split('/')[1..].Aggregate(
        document, (node, name) => node[name] ?? throw new InvalidOperationException($"{reference} leads nowhere."));

    private static IEnumerable<string> CheckCombined(JsonNode document, JsonObject rules, JsonNode? value, string path)
    {
        foreach (var part in rules["allOf"]?.AsArray() ?? [])
        {
            foreach (var fault in Check(document, part!, value, path))
            {
                yield return fault;
            }
        }

        if (rules["anyOf"]?.AsArray() is { } any && !any.Any(part => !Check(document, part!, value, path).Any()))
        {
            yield return $"{path}: {value?.ToJsonString() ?? "null"} fits none of anyOf";
        }
    }

    private static IEnumerable<string> CheckType(JsonObject rules, JsonNode? value, string path)
    {
        var types = rules["type"] switch
        {
            null => [],
            JsonArray several => several.Select(type => type!.GetValue<string>()).ToArray(),
            var one => [one.GetValue<string>()],
        };
        var actual = value?.GetValueKind() switch
        {
            null or JsonValueKind.Null => "null",
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => value.ToJsonString().AsSpan().ContainsAny('.', 'e') ? "number" : "integer",
            _ => "boolean",
        };
        if (types.Length > 0 && !types.Contains(actual) && !(actual == "integer" && types.Contains("number")))
        {
            yield return $"{path}: {actual} instead of {string.Join(" or ", types)}";
        }
    }

    private static IEnumerable<string> CheckValue(JsonObject rules, JsonNode? value, string path)
    {
        if (rules["enum"]?.AsArray() is { } choices && !choices.Any(choice => JsonNode.DeepEquals(choice, value)))
        {
            yield return $"{path}: {value?.ToJsonString() ?? "null"} is not one of {choices.ToJsonString()}";
        }

        if (value?.GetValueKind() != JsonValueKind.String)
        {
            yield break;
        }

        var text = value.GetValue<string>();
        if (rules["pattern"]?.GetValue<string>() is { } pattern && !Regex.IsMatch(text, pattern))
        {
            yield return $"{path}: '{text}' is not {pattern}";
        }

        var fits = rules["format"]?.GetValue<string>() switch
        {
            "date" => DateOnly.TryParseExact(
                text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "date-time" => text.EndsWith('Z') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
            "uuid" => Guid.TryParseExact(text, "D", out _),
            null => true,
            var other => throw new InvalidOperationException($"The format '{other}' is unknown."),
        };
        if (!fits)
        {
            yield return $"{path}: '{text}' is no {rules["format"]}";
        }
    }

    private static IEnumerable<string> CheckMembers(
        JsonNode document, JsonObject rules, JsonObject members, string path)
    {
        foreach (var name in rules["required"]?.AsArray() ?? [])
        {
            if (!members.ContainsKey(name!.GetValue<string>()))
            {
                yield return $"{path}: '{name}' is missing";
            }
        }

        foreach (var (name, value) in members)
        {
            var schema = rules["properties"]?[name] ?? rules["additionalProperties"];
            foreach (var fault in schema is null ? [] : Check(document, schema, value, $"{path}.{name}"))
            {
                yield return fault;
            }
        }
    }
}
