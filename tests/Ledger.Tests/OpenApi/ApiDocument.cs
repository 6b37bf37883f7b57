using System.Text.Json.Nodes;
using Ledger.Tests.Http;

namespace Ledger.Tests.OpenApi;

/// <summary>The API's description as a running service gives it.</summary>
internal sealed class ApiDocument(string json)
{
    public string Json { get; } = json;

    public JsonNode Root { get; } = JsonNode.Parse(json)!;

    public IEnumerable<(string Path, string Method, JsonObject Operation)> Operations =>
        from path in Root["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        select (path.Key, method.Key, method.Value!.AsObject());

    /// <summary>What an answer has that the description does not say; empty for an answer as described.</summary>
    public IEnumerable<string> Check(string method, string path, ApiAnswer answer)
    {
        var operation = Find(method, path);
        if (operation is null)
        {
            return answer.Status is 404 or 405 or 400 ? [] : [$"{method} {path} is not described."];
        }

        var about = $"{method} {path}: {answer.Status}";
        if (operation["responses"]![$"{answer.Status}"] is not { } response)
        {
            return [$"{about} is not described: {answer.Body}"];
        }

        var type = answer.Header("Content-Type")?.Split(';')[0] ?? "";
        if (response["content"]?[type] is not { } content)
        {
            return [$"{about} is not described as '{type}'."];
        }

        var missing = response["headers"]?.AsObject().Select(header => header.Key)
            .Where(header => answer.Header(header) is null).Select(header => $"{about} has no header {header}.") ?? [];
        var values = type.EndsWith("json", StringComparison.Ordinal) && type != "application/x-ndjson"
            ? JsonSchema.Check(Root, content["schema"]!, JsonNode.Parse(answer.Body)) : [];
        return missing.Concat(values.Select(fault => $"{about}: {fault}"));
    }

    private JsonNode? Find(string method, string path)
    {
        var segments = path.Split('?')[0].Split('/');
        return (from described in Root["paths"]!.AsObject()
                let pattern = described.Key.Split('/')
                where pattern.Length == segments.Length
                    || (pattern.Length < segments.Length && pattern[^1] is "{tile}" or "{stream}")
                where pattern.Zip(segments).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second)
                orderby described.Key.Count(c => c == '{')
                select described.Value![method.ToLowerInvariant()]).FirstOrDefault(operation => operation is not null);
    }
}
