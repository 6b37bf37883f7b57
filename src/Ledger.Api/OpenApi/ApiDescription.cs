using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Api.Json;
using Ledger.Domain.Keys;

namespace Ledger.Api.OpenApi;

/// <summary>
/// The description of the API as OpenAPI 3.1, made from the surface's own operations: what is mapped is described, and
/// nothing else is.
/// </summary>
public sealed class ApiDescription
{
    public const string Path = "/openapi/v1.json";

    private const string SecurityScheme = "key";

    private readonly SchemaBook schemas = new();
    private readonly ProblemBook problems = new();

    private ApiDescription()
    {
    }

    /// <summary>The whole document, in UTF-8.</summary>
    /// <exception cref="InvalidOperationException">An operation is not described, or by names that are
    /// taken.</exception>
    public static byte[] Write(IReadOnlyList<Operation> operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        var options = new JsonSerializerOptions
        {
            WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        return JsonSerializer.SerializeToUtf8Bytes(new ApiDescription().Document(operations), options);
    }

    private JsonObject Document(IReadOnlyList<Operation> operations)
    {
        var paths = new JsonObject();
        foreach (var path in operations.GroupBy(operation => operation.Pattern))
        {
            paths[path.Key.Replace("{**", "{", StringComparison.Ordinal)] = new JsonObject(path.Select(operation =>
                KeyValuePair.Create(Lower(operation.Method), (JsonNode?)Describe(operation))));
        }

        schemas.Reference(typeof(ProblemBody), isSent: false);
        var components = schemas.Components();
        var problem = components["ProblemBody"]!.DeepClone();
        components.Remove("ProblemBody");
        components["Problem"] = problem;
        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "BackOffice ledger",
                ["version"] = Assembly.GetExecutingAssembly().GetName().Version!.ToString(3),
                ["summary"] = "An event-sourced accounting ledger.",
                ["description"] = Conventions.Text,
            },
            ["tags"] = new JsonArray([.. operations.Select(operation => operation.Group).Distinct()
                .Select(group =>
                    (JsonNode?)new JsonObject { ["name"] = group, ["description"] = Conventions.OfGroup(group) })]),
            ["security"] = new JsonArray(new JsonObject { [SecurityScheme] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = components,
                ["examples"] = problems.Examples(),
                ["securitySchemes"] = new JsonObject
                {
                    [SecurityScheme] = new JsonObject
                    {
                        ["type"] = "http",
                        ["scheme"] = "bearer",
                        ["description"] = "The first start of the service writes the owner's key to `.data/owner.key`.",
                    },
                },
            },
        };
    }

    private JsonObject Describe(Operation operation)
    {
        var described = new JsonObject
        {
            ["operationId"] = operation.Id,
            ["tags"] = new JsonArray(operation.Group),
            ["summary"] = operation.Summary,
            ["description"] = operation.Description + PermissionOf(operation),
        };
        if (!operation.NeedsKey)
        {
            described["security"] = new JsonArray();
        }

        var parameters = PathParameters.Of(operation).Concat(operation.Parameters.Select(Parameter)).ToArray();
        if (parameters.Length > 0)
        {
            described["parameters"] = new JsonArray([.. parameters]);
        }

        if (operation.Bodies.Count > 0)
        {
            described["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = new JsonObject(operation.Bodies.Select(body =>
                    KeyValuePair.Create(body.ContentType, (JsonNode?)Content(body, isSent: true)))),
            };
        }

        described["responses"] = Responses(operation);
        return described;
    }

    private static string PermissionOf(Operation operation) => operation switch
    {
        { Permission: null } => "",
        { OwnPermission: null } => $" Needs `{Choice<Permission>.NameOf(operation.Permission.Value)}`.",
        _ => $" Needs `{Choice<Permission>.NameOf(operation.Permission.Value)}`, or for one's own "
            + $"`{Choice<Permission>.NameOf(operation.OwnPermission.Value)}`.",
    };

    private JsonObject Responses(Operation operation)
    {
        var responses = new JsonObject();
        foreach (var status in operation.Outcomes.GroupBy(answer => answer.Status).OrderBy(group => group.Key))
        {
            var first = status.First();
            var response = new JsonObject { ["description"] = first.Description };
            if (first.Headers.Count > 0)
            {
                response["headers"] = new JsonObject(first.Headers.Select(name =>
                    KeyValuePair.Create(name, (JsonNode?)Header(name))));
            }

            var content = status.Where(answer => answer.Body is not null).Select(answer =>
                KeyValuePair.Create(answer.Body!.ContentType, (JsonNode?)Content(answer.Body, isSent: false)))
                    .ToArray();
            if (content.Length > 0)
            {
                response["content"] = new JsonObject(content);
            }

            responses[Text(status.Key)] = response;
        }

        foreach (var (status, response) in problems.ResponsesOf(operation))
        {
            responses[Text(status)] = response;
        }

        return responses;
    }

    private JsonObject Content(BodyDoc body, bool isSent) => new()
    {
        ["schema"] = body.ContentType is Http.Json
            ? schemas.Reference(body.Type, isSent)
            : Described(body, isSent),
        ["example"] = body.ContentType is Http.Json ? JsonNode.Parse(body.Example) : body.Example,
    };

    /// <summary>OpenAPI 3.1 knows no schema for the lines of NDJSON, so the words name the one of a line.</summary>
    private JsonObject Described(BodyDoc body, bool isSent)
    {
        var text = new JsonObject { ["type"] = "string" };
        if (body.ContentType == Http.NdJson)
        {
            var line = schemas.Reference(body.Type, isSent)["$ref"]!.GetValue<string>().Split('/')[^1];
            text["description"] = $"Each line is one `{line}`.";
        }

        return text;
    }

    private static JsonNode Parameter(ParameterDoc parameter)
    {
        var schema = PathParameters.Schema(parameter.Kind);
        if (parameter.Choices is { } choices)
        {
            schema["enum"] = new JsonArray([.. choices.Select(choice => (JsonNode?)choice)]);
        }

        return new JsonObject
        {
            ["name"] = parameter.Name,
            ["in"] = parameter.IsHeader ? "header" : "query",
            ["required"] = parameter.IsRequired,
            ["description"] = parameter.Description,
            ["schema"] = schema,
            ["example"] = parameter.Kind switch
            {
                ParameterKind.Integer =>
                    long.Parse(parameter.Example, System.Globalization.CultureInfo.InvariantCulture),
                ParameterKind.Flag => bool.Parse(parameter.Example),
                _ => parameter.Example,
            },
        };
    }

    private static JsonObject Header(string name) => name switch
    {
        "ETag" => ProblemBook.Header("The version, to be named in `If-Match` when it is changed.", "string", "\"1\""),
        HttpNames.Sequence => ProblemBook.Header("The number of the last event.", "integer", 1742),
        _ => throw new ArgumentException($"The header '{name}' is not described.", nameof(name)),
    };

    private static string Lower(string method) => method.ToLowerInvariant();

    private static string Text(int status) => status.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A problem as RFC 9457 has it.</summary>
/// <param name="Type">A path that ends in the code.</param>
/// <param name="Title">The code in words.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Code">Permanent; what programs decide by.</param>
/// <param name="Detail">What was wrong with this request, and what to send instead.</param>
/// <param name="Path">Where in the body, as a JSONPath such as <c>$.lines[3].amount</c>.</param>
public sealed record ProblemBody(
    string Type, string Title, int Status, string Code, string Detail, string? Path = null);
