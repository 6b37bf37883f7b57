using System.Text.RegularExpressions;
using Ledger.Api;
using Ledger.Tests.Http;
using Microsoft.AspNetCore.Routing;

namespace Ledger.Tests.Keys;

/// <summary>All operations of a host, each asked with a path that is filled in.</summary>
internal static class EveryOperation
{
    public static Operation[] Of(ApiHost host) => [.. ((IEndpointRouteBuilder)host.App).DataSources
        .SelectMany(source => source.Endpoints)
        .Select(endpoint => endpoint.Metadata.GetRequiredMetadata<Operation>())
        .Distinct()];

    /// <summary>The entry <c>known</c>, the account 100 and so on, with an empty document as body.</summary>
    public static Task<ApiAnswer> AskAsync(ApiHost host, Operation operation, string company, string? key)
    {
        var path = operation.Pattern.Replace("{company}", company, StringComparison.Ordinal)
            .Replace("{code}", "100", StringComparison.Ordinal)
            .Replace("{period}", "2026-01", StringComparison.Ordinal)
            .Replace("{template}", "international", StringComparison.Ordinal)
            .Replace("{id}", "known", StringComparison.Ordinal);
        path = Regex.Replace(path, "{[a-z]+}", "x");
        path += operation.IsOfNamedCompany ? $"?{Operation.CompanyParameter}={company}" : "";
        return CompanyKeys.SendAsync(host, key, ApiHost.Request(
            new(operation.Method), path, operation.Method == "GET" ? null : "{}"));
    }

    public static string CodeOf(ApiAnswer answer) => answer.Json.GetProperty("code").GetString()!;
}
