using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.Api.People;

/// <summary>The data of an event with the texts on one person open.</summary>
internal static class OpenBodies
{
    /// <param name="json">As it is stored.</param>
    /// <param name="texts">Those to be opened, by their paths, with what they say.</param>
    /// <param name="withoutHash">It is of a key, whose hash is no datum of anybody's and no business of theirs.</param>
    public static JsonElement Of(string json, IEnumerable<(string Path, string? Value)> texts, bool withoutHash = false)
    {
        var body = JsonNode.Parse(json)!;
        if (withoutHash)
        {
            body.AsObject().Remove("sha256");
        }

        foreach (var (path, value) in texts)
        {
            var stored = path.Split('.').Aggregate(body, (node, name) => node is JsonArray list
                ? list[int.Parse(name, CultureInfo.InvariantCulture)]!
                : node[name]!).AsObject();
            stored.Remove("ciphertext");
            stored["value"] = value;
        }

        return JsonSerializer.SerializeToElement(body);
    }
}
