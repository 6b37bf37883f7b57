using System.Text.Json;
using Ledger.Domain.Keys;
using Ledger.Tests.Http;

namespace Ledger.Tests.Keys;

/// <summary>Keys of a scenario's company: issued by the owner, used as anybody would.</summary>
internal sealed class CompanyKeys(ApiHost host, string company)
{
    /// <summary>Issues a key and gives its secret, which its issuer knows.</summary>
    public async Task<string> IssueAsync(string id, string json) =>
        (await host.PutAsync($"/companies/{company}/keys/{id}", json)).Is(201).Json.GetProperty("secret").GetString()!;

    /// <summary>A key with one role, held by a person of that name, who made its secret their own.</summary>
    public async Task<string> IssueAsync(string id, Role role, string holder) =>
        await OwnAsync(id, await IssueAsync(id, JsonOf(role, holder)));

    /// <summary>Rotates a key by itself, and gives the secret that only it knows.</summary>
    public async Task<string> OwnAsync(string id, string secret) =>
        (await SendAsync(secret, Step.Post($"/keys/{id}/rotation", "{}"))).Is(201).Json.GetProperty("secret")
            .GetString()!;

    public static string JsonOf(Role role, string holder)
    {
        var person = role == Role.Employee ? ", \"person\": \"p-17\"" : "";
        var name = JsonNamingPolicy.CamelCase.ConvertName(role.ToString());
        return $$"""{"roles": ["{{name}}"], "holder": "{{holder}}"{{person}}}""";
    }

    /// <summary>Sends a request of the company, with the key instead of the owner's.</summary>
    public Task<ApiAnswer> SendAsync(string? key, Step step) => SendAsync(host, key, ApiHost.Request(
        step.Method, $"/companies/{company}{step.Path}", step.Json, step.Headers));

    public static async Task<ApiAnswer> SendAsync(ApiHost host, string? key, HttpRequestMessage request)
    {
        using var anybody = new HttpClient { BaseAddress = host.Address };
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        using (request)
        {
            var path = request.RequestUri!.OriginalString;
            using var response = await anybody.SendAsync(request);
            var answer = await ApiAnswer.ReadAsync(response);
            var faults = host.Document.Check(request.Method.Method, path, answer);
            Assert.True(!faults.Any(), string.Join('\n', faults));
            return answer;
        }
    }
}
