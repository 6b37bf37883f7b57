using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.Api.People;

/// <summary>The data of an event with the texts on one person open.</summary>
internal static class OpenBodies
{
    private static readonly string[] ListsOfEmployees = ["employees", "without"];

    /// <param name="json">As it is stored.</param>
    /// <param name="texts">Those to be opened, by their paths, with what they say.</param>
    /// <param name="without">Members that are left out: they are no data on the person.</param>
    /// <param name="onlyOf">Of lists of employees only this one is left.</param>
    public static JsonElement Of(
        string json,
        IEnumerable<(string Path, string? Value)> texts,
        IReadOnlyList<string>? without = null,
        string? onlyOf = null)
    {
        var body = JsonNode.Parse(json)!;
        foreach (var member in without ?? [])
        {
            body.AsObject().Remove(member);
        }

        if (onlyOf is not null)
        {
            LeaveOnly(onlyOf, body.AsObject());
            LeaveOnly(onlyOf, body["details"] as JsonObject);
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

    private static void LeaveOnly(string employee, JsonObject? body)
    {
        foreach (var list in ListsOfEmployees)
        {
            if (body?[list] is JsonArray named)
            {
                body[list] = new JsonArray([
                    .. named.Where(each => each!.GetValue<string>() == employee).Select(each => each!.DeepClone())]);
            }
        }
    }
}
