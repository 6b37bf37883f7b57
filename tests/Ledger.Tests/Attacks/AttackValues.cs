using System.Globalization;
using System.Text.Json.Nodes;
using Ledger.Tests.OpenApi;

namespace Ledger.Tests.Attacks;

/// <summary>
/// Draws values for parameters and bodies: half of them as the description has them, the others of another type, size
/// or meaning, with SQL in them, or with the ids of another company.
/// </summary>
/// <param name="random">Seeded, so that a run can be repeated.</param>
/// <param name="description">Of the API.</param>
/// <param name="foreign">Texts that belong to a company that none of the requests may touch.</param>
internal sealed class AttackValues(Random random, JsonNode description, IReadOnlyList<string> foreign)
{
    private static readonly string[] Sql =
    [
        "' or '1'='1", "'; drop table public.mt_events; --", "\"; delete from ledger.log; --",
        "1); select pg_sleep(9); --", "$$; truncate public.mt_streams; $$",
        "x' union select data::text from public.mt_events --", "\\'; --", "%27%20or%201=1", "{v}",
        "$1", "{0}", "%s%n", "a' || (select version()) || '",
    ];

    private static readonly string[] Strange =
    [
        "", " ", "null", "undefined", "NaN", "-1", "0", "00", "1e9", "9999999999999999999999", "true", "[]", "{}",
        "../../x", "..", "%2e%2e", "a/b", "a%2Fb", "a\\b", "a\0b", "%00", "<script>alert(1)</script>", "ünïcödé",
        "ابجد", "🤖", "\u202E", "\u200B", "CON", "*DEFAULT*", "*", "-", "~", "2026-02-30", "0000-00-00",
        "9999-12-31", "2026-13", "1900-01",
        "9223372036854775807", "-9223372036854775808", "2147483648", "12,00", "1.2.3", "0x10", "1200.00",
    ];

    private static readonly string[] NotInTheSchema =
    [
        "actor", "sequence", "position", "recorded", "version", "company", "number", "fiscalYear", "isAdmin", "roles",
        "tenant_id", "__proto__", "constructor", "user_name", "reversedBy", "id ",
    ];

    /// <summary>Whether the request that is drawn now is to be as described: some must be, so that what is wrong with
    /// the others is not always the first thing that is looked at.</summary>
    public bool IsHonest { get; set; }

    /// <summary>One in so many.</summary>
    public bool OneIn(int many) => random.Next(many) == 0;

    /// <summary>One in so many, of the requests that are to be wrong.</summary>
    public bool WrongIn(int many) => OneIn(many) && !IsHonest;

    public T OneOf<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>A text that nobody sends by mistake.</summary>
    public string Bad() => random.Next(8) switch
    {
        0 or 1 => OneOf(Sql),
        2 => OneOf(foreign),
        3 => new string('x', random.Next(90, 2_500)),
        4 => random.NextInt64().ToString(CultureInfo.InvariantCulture),
        _ => OneOf(Strange),
    };

    /// <summary>A value of a parameter, as text.</summary>
    public string Parameter(JsonNode parameter) => WrongIn(2) ? Bad()
        : parameter["schema"]!["enum"]?.AsArray() is { } choices ? OneOf([.. choices])!.GetValue<string>()
        : parameter["example"]!.ToString();

    /// <summary>A value of a body, mostly as its schema has it.</summary>
    public JsonNode? Value(JsonNode schema, int depth = 0)
    {
        if (WrongIn(25))
        {
            return WrongType(depth);
        }

        if (schema["$ref"] is { } reference)
        {
            return Value(JsonSchema.Resolve(description, reference.GetValue<string>()), depth);
        }

        if (schema["anyOf"]?.AsArray() is { } any)
        {
            return Value(any[random.Next(any.Count)]!, depth);
        }

        if (schema["enum"]?.AsArray() is { } choices)
        {
            return WrongIn(10) ? JsonValue.Create(Bad()) : OneOf([.. choices])!.DeepClone();
        }

        return TypeOf(schema) switch
        {
            "object" => ObjectOf(schema, depth),
            "array" => new JsonArray([.. Enumerable.Range(0, WrongIn(50) ? 1_500 : random.Next(4))
                .Select(_ => Value(schema["items"]!, depth + 1))]),
            "integer" => random.Next(-3, 3_000),
            "boolean" => OneIn(2),
            "null" => null,
            _ => JsonValue.Create(TextOf(schema)),
        };
    }

    private static string TypeOf(JsonNode schema) => schema["type"] switch
    {
        JsonArray several => several[0]!.GetValue<string>(),
        JsonValue one => one.GetValue<string>(),
        _ => "string",
    };

    private JsonObject ObjectOf(JsonNode schema, int depth)
    {
        var made = new JsonObject();
        var required = schema["required"]?.AsArray().Select(each => each!.GetValue<string>()).ToArray() ?? [];
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
        {
            if (required.Contains(name) ? !WrongIn(30) : OneIn(3))
            {
                made[name] = Value(property!, depth + 1);
            }
        }

        if (schema["additionalProperties"] is JsonObject values)
        {
            made[IsHonest ? "department" : Bad()] = Value(values, depth + 1);
        }

        if (WrongIn(15))
        {
            made[OneOf(NotInTheSchema)] = WrongType(depth);
        }

        return made;
    }

    private string TextOf(JsonNode schema) => WrongIn(8) ? Bad() : $"{schema["format"] ?? schema["pattern"]}" switch
    {
        "date" => $"2026-0{random.Next(1, 7)}-1{random.Next(10)}",
        "^[0-9]{4}-[0-9]{2}$" => $"2026-0{random.Next(1, 10)}",
        "^[0-9]{2}-[0-9]{2}$" => "01-01",
        { } amount when amount.Contains("{0,14}", StringComparison.Ordinal) => OneOf(["1", "12.00", "-5.25", "0"]),
        "^[A-Za-z][A-Za-z0-9._-]{0,23}$" => OneOf(["EUR", "USD", "HOURS"]),
        _ => OneOf(["100", "400", "EUR", "BG", "Europe/Sofia", "Order", "department", "01-01", $"e{random.Next(50)}"]),
    };

    private JsonNode? WrongType(int depth) => random.Next(9) switch
    {
        0 => null,
        1 => JsonValue.Create(Bad()),
        2 => random.NextInt64(long.MinValue, long.MaxValue),
        3 => JsonNode.Parse("1e400"),
        4 => OneIn(2),
        5 => new JsonArray(),
        6 => new JsonObject { ["$ne"] = null },
        7 => depth < 3 ? JsonNode.Parse(new string('[', 60) + new string(']', 60)) : 0.1m,
        _ => JsonValue.Create(new string('y', random.Next(1, 20_000))),
    };
}
