using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain;

namespace Ledger.Api.OpenApi;

/// <summary>Which problems an operation may answer, by status, each with an example.</summary>
internal sealed class ProblemBook
{
    private static readonly string[] Always = [RequestProblems.PathMalformed, RequestProblems.InternalError];

    private static readonly string[] WithKey =
    [
        RequestProblems.KeyMissing, RequestProblems.KeyUnknown, RequestProblems.KeyNotValid,
        RequestProblems.IssuerUnavailable, RequestProblems.PermissionMissing, RequestProblems.TooManyRequests,
        RequestProblems.TooManyFailedAuthentications, RequestProblems.ParameterUnknown,
        RequestProblems.StoreUnavailable,
    ];

    private static readonly string[] WithBody =
    [
        RequestProblems.ContentTypeUnsupported, RequestProblems.BodyMissing, RequestProblems.BodyIncomplete,
        RequestProblems.BodyTooLarge, RequestProblems.BodyTooSlow, RequestProblems.BodyNotUtf8,
        RequestProblems.JsonMalformed, RequestProblems.JsonIncomplete, RequestProblems.JsonTooDeep,
        RequestProblems.FieldUnknown, RequestProblems.FieldDuplicate, RequestProblems.FieldMissing,
        RequestProblems.ValueOfWrongType, RequestProblems.ValueNotKnown, RequestProblems.TextNotAllowed,
    ];

    private static readonly string[] WithWrite =
    [
        RequestProblems.QueueFull, RequestProblems.Busy, RequestProblems.OutcomeUnknown,
        RequestProblems.ContentNotStorable, RequestProblems.HeaderMalformed,
    ];

    private static readonly Dictionary<string, CataloguedRefusal> Refusals = RefusalCatalog.All
        .GroupBy(refusal => refusal.Code, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    private readonly SortedSet<string> used = new(StringComparer.Ordinal);

    /// <summary>All codes of an operation: its own, and those that follow from its form.</summary>
    public static IReadOnlySet<string> CodesOf(Operation operation)
    {
        var codes = new SortedSet<string>(operation.Codes, StringComparer.Ordinal);
        codes.UnionWith(Always);
        codes.UnionWith(operation.NeedsKey ? WithKey : []);
        codes.UnionWith(operation.Bodies.Count > 0 ? WithBody : []);
        codes.UnionWith(operation.Method != HttpMethods.Get ? WithWrite : []);
        codes.UnionWith(operation.Pattern.Contains("{company}", StringComparison.Ordinal) ? ["id-invalid"] : []);
        codes.UnionWith(operation.Parameters.Any(each => each.IsHeader) ? [RequestProblems.HeaderMalformed] : []);
        codes.UnionWith(operation.Parameters.Any(each => !each.IsHeader) ? [RequestProblems.ParameterMalformed] : []);
        return codes;
    }

    /// <summary>A response for each status, which lists its codes.</summary>
    public IEnumerable<(int Status, JsonObject Response)> ResponsesOf(Operation operation)
    {
        foreach (var group in CodesOf(operation).GroupBy(Http.StatusOf).OrderBy(group => group.Key))
        {
            used.UnionWith(group);
            yield return (group.Key, Response(group.Key, [.. group]));
        }
    }

    /// <summary>One example for each code that some operation may answer.</summary>
    public JsonObject Examples() => new(used.Select(code => KeyValuePair.Create(code, (JsonNode?)Example(code))));

    /// <summary>What a code means; null for a code that is not known.</summary>
    public static string? MeaningOf(string code) =>
        RequestProblems.All.TryGetValue(code, out var known) ? known.Meaning
        : Refusals.TryGetValue(code, out var refusal) ? refusal.Example.Message
        : null;

    private static JsonObject Response(int status, string[] codes)
    {
        var headers = new JsonObject();
        if (status == StatusCodes.Status401Unauthorized)
        {
            headers["WWW-Authenticate"] =
                Header("The scheme to authenticate by: Bearer.", "string", "Bearer realm=\"ledger\"");
        }

        if (status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
        {
            headers["Retry-After"] =
                Header("Seconds after which the same request is worth sending again.", "integer", 1);
        }

        var list = string.Join("\n", codes.Select(code => $"- `{code}`: {MeaningOf(code)}"));
        var response = new JsonObject
        {
            ["description"] = list,
            ["content"] = new JsonObject
            {
                [Http.ProblemJson] = new JsonObject
                {
                    ["schema"] = new JsonObject
                    {
                        ["allOf"] = new JsonArray(new JsonObject { ["$ref"] = "#/components/schemas/Problem" }),
                        ["properties"] = new JsonObject
                        {
                            ["code"] = new JsonObject
                            {
                                ["enum"] = new JsonArray([.. codes.Select(code => (JsonNode?)code)]),
                            },
                        },
                    },
                    ["examples"] = new JsonObject(codes.Select(code => KeyValuePair.Create(
                        code, (JsonNode?)new JsonObject { ["$ref"] = $"#/components/examples/{code}" }))),
                },
            },
        };
        if (headers.Count > 0)
        {
            response["headers"] = headers;
        }

        return response;
    }

    public static JsonObject Header(string description, string type, JsonNode example) => new()
    {
        ["description"] = description,
        ["schema"] = new JsonObject { ["type"] = type },
        ["example"] = example,
    };

    private static JsonObject Example(string code)
    {
        var problem = new Problem(Http.StatusOf(code), code, MeaningOf(code)
            ?? throw new InvalidOperationException($"An operation refuses '{code}', which no catalog knows."));
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Http.JsonOptions))
        {
            json.WriteStartObject();
            Http.WriteMembers(json, problem);
            json.WriteEndObject();
        }

        return new() { ["summary"] = problem.Title, ["value"] = JsonNode.Parse(bytes.ToArray()) };
    }
}
