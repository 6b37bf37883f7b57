using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Tests.OpenApi;

namespace Ledger.Tests.Attacks;

/// <summary>
/// Draws requests from the description of the API: every operation, by callers with and without a key, as described and
/// not.
/// </summary>
/// <param name="seed">The same seed draws the same requests.</param>
/// <param name="document">The description.</param>
/// <param name="own">A company that whoever has a right key may change.</param>
/// <param name="callers">Right keys.</param>
/// <param name="foreign">The company that must be as before, and what belongs to it: ids, cursors, ETags.</param>
internal sealed class AttackGenerator(
    int seed, ApiDocument document, string own, IReadOnlyList<AttackCaller> callers, IReadOnlyList<string> foreign)
{
    private const string WrongKey = "bo_wr2ngkey_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private static readonly string[] Methods =
        ["PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get", "PUT", "POST", "GET"];

    private static readonly string[] Types =
    [
        "application/json", "application/x-ndjson", "text/plain", "application/json; charset=utf-16",
        "multipart/form-data; boundary=x", "nonsense", "",
    ];

    private readonly Random random = new(seed);
    private readonly AttackValues values = new(new(seed), document.Root, foreign);
    private readonly (string Path, string Method, JsonObject Operation)[] operations = [.. document.Operations];

    /// <param name="number">Counts the requests, so that every operation has its turn.</param>
    public Attack Draw(int number)
    {
        values.IsHonest = values.OneIn(3);
        var (pattern, method, operation) = operations[number % operations.Length];
        var caller = random.Next(10) switch
        {
            0 => new(null, false),
            1 => new(WrongKey, false),
            2 => new(values.Bad(), false),
            _ => values.OneOf(callers),
        };
        var key = caller.Key;
        var parameters = operation["parameters"]?.AsArray().Select(each => each!).ToArray() ?? [];
        var (type, body) = BodyOf(operation);
        return new(
            operation["operationId"]!.GetValue<string>(),
            key is null || key.Any(c => c is < ' ' or > '~') ? null : key,
            values.WrongIn(15) ? values.OneOf(Methods) : method.ToUpperInvariant(),
            PathOf(pattern, parameters, caller.MaySeeForeign) + QueryOf(parameters),
            [.. HeadersOf(parameters)],
            type,
            body);
    }

    private string PathOf(string pattern, JsonNode[] parameters, bool maySee) => string.Join(
        '/', pattern.Split('/').Select(segment => segment.Split('{', '}') is [var before, var name, var after]
            ? before + SegmentOf(name, parameters.First(each => NameOf(each) == name), maySee) + after
            : segment));

    private static string NameOf(JsonNode parameter) => parameter["name"]!.GetValue<string>();

    /// <summary>Whoever may see the foreign company stays away from it; all others try it.</summary>
    private string SegmentOf(string name, JsonNode parameter, bool maySee)
    {
        if (name != "company")
        {
            return values.WrongIn(4) ? Encoded(values.Bad()) : values.OneIn(2) ? $"e{random.Next(5_000)}"
                : parameter["example"]!.ToString();
        }

        var bad = values.Bad();
        return values.WrongIn(10) ? Encoded(maySee && bad == foreign[0] ? "nobody" : bad)
            : maySee || !values.OneIn(3) ? own
            : foreign[0];
    }

    private string QueryOf(JsonNode[] parameters)
    {
        var query = new List<string>();
        foreach (var parameter in parameters.Where(each => each["in"]!.GetValue<string>() == "query"))
        {
            var name = NameOf(parameter);

            // Waiting for an event that never comes takes two seconds; once in a while is enough.
            if (name == "atLeast" ? values.OneIn(300) : values.OneIn(3))
            {
                query.Add($"{name}={WebUtility.UrlEncode(values.Parameter(parameter))}");
            }
        }

        if (values.WrongIn(20))
        {
            query.Add($"{WebUtility.UrlEncode(values.Bad())}={WebUtility.UrlEncode(values.Bad())}");
        }

        if (values.WrongIn(40) && query.Count > 0)
        {
            query.Add(query[0]);
        }

        if (values.WrongIn(300))
        {
            query.Add("text=" + new string('q', values.OneOf([16_000, 60_000, 2_000_000])));
        }

        return query.Count == 0 ? "" : "?" + string.Join('&', query);
    }

    private IEnumerable<(string Name, string Value)> HeadersOf(JsonNode[] parameters)
    {
        foreach (var parameter in parameters.Where(each => each["in"]!.GetValue<string>() == "header"))
        {
            var name = NameOf(parameter);
            if (name == "Ledger-At-Least" ? values.OneIn(300) : values.OneIn(2))
            {
                yield return (name, Visible(values.Parameter(parameter)));
            }
        }

        if (values.OneIn(5))
        {
            yield return (
                "Accept",
                values.IsHonest ? "*/*" : values.OneOf(["text/csv", "application/x-ndjson", Visible(values.Bad())]));
        }

        foreach (var name in new[] { "If-Match", "Prefer", "traceparent", "Idempotency-Key", "If-None-Match", "X-Any" })
        {
            if (values.WrongIn(25))
            {
                yield return (name, Visible(values.Bad()));
            }
        }

        if (values.WrongIn(300))
        {
            yield return ("X-Large", new string('h', values.OneOf([31_000, 100_000, 1_000_000])));
        }
    }

    private (string? Type, byte[]? Body) BodyOf(JsonObject operation)
    {
        if (operation["requestBody"]?["content"]?.AsObject() is not { } contents)
        {
            return values.WrongIn(30) ? ("application/json", "{}"u8.ToArray()) : (null, null);
        }

        var (type, content) = values.OneOf([.. contents]);
        var json = contents["application/json"]!["schema"]!;
        var text = values.WrongIn(12) ? values.Bad()
            : type == "application/json" ? values.Value(json)?.ToJsonString() ?? "null"
            : string.Join('\n', Enumerable.Range(0, random.Next(5))
                .Select(_ => values.Value(json["items"]!)?.ToJsonString()));
        if (values.OneIn(3) && content!["example"] is { } example)
        {
            text = example is JsonValue ? example.GetValue<string>() : example.ToJsonString();
        }

        if (values.WrongIn(400))
        {
            text = new string(' ', 9 << 20) + text;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        if (values.WrongIn(40) && bytes.Length > 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return values.WrongIn(60) ? (null, null) : (values.WrongIn(15) ? values.OneOf(Types) : type, bytes);
    }

    private static string Encoded(string text) =>
        text.Length == 0 ? "-"
        : text.Contains('%', StringComparison.Ordinal) ? text.Replace(" ", "", StringComparison.Ordinal)
        : Uri.EscapeDataString(text);

    private static string Visible(string text) => string.Concat(text.Where(c => c is >= ' ' and <= '~'));
}

/// <summary>Somebody who asks.</summary>
/// <param name="MaySeeForeign">Whether they have a right to the company that must be as before.</param>
internal sealed record AttackCaller(string? Key, bool MaySeeForeign);
