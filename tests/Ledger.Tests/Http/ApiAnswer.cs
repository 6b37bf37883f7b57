using System.Text.Json;

namespace Ledger.Tests.Http;

/// <summary>A whole answer: status, headers, body.</summary>
public sealed record ApiAnswer(int Status, ILookup<string, string> Headers, string Body)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The number of the last event that a write answered.</summary>
    public long Sequence => Json.GetProperty("sequence").GetInt64();

    public string? Header(string name) => Headers[name].SingleOrDefault();

    /// <summary>The same answer; fails with its body when it has another status.</summary>
    public ApiAnswer Is(int status)
    {
        Assert.True(Status == status, $"Status {Status} instead of {status}: {Body}");
        return this;
    }

    /// <summary>The same answer, which has one of these statuses.</summary>
    public ApiAnswer IsOneOf(params int[] statuses)
    {
        Assert.True(statuses.Contains(Status), $"Status {Status} instead of {string.Join(", ", statuses)}: {Body}");
        return this;
    }

    /// <summary>The same answer, which is a problem with this code.</summary>
    public ApiAnswer IsProblem(int status, string code)
    {
        Is(status);
        Assert.Equal("application/problem+json", Header("Content-Type"));
        Assert.True(
            Json.GetProperty("code").GetString() == code, $"Another problem than '{code}': {Body}");
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        Assert.Equal($"/problems/{code}", Json.GetProperty("type").GetString());
        Assert.NotEmpty(Json.GetProperty("title").GetString()!);
        Assert.NotEmpty(Json.GetProperty("detail").GetString()!);
        return this;
    }

    public static async Task<ApiAnswer> ReadAsync(HttpResponseMessage response)
    {
        var headers = response.Headers.Concat(response.Content.Headers)
            .SelectMany(header => header.Value.Select(value => (header.Key, value)))
            .ToLookup(pair => pair.Key, pair => pair.value, StringComparer.OrdinalIgnoreCase);
        return new((int)response.StatusCode, headers, await response.Content.ReadAsStringAsync());
    }
}
