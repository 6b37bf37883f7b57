using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace Ledger.Api.Limits;

/// <summary>
/// Which web pages of other origins may ask from within a browser: those of the setting <c>Cors:Origins</c>, none by
/// default. A key is sent by the page itself, never by the browser, so credentials are allowed to nobody.
/// </summary>
internal static class CrossOrigins
{
    public const string Setting = "Cors:Origins";

    private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

    /// <summary>The origins of the setting; several are separated by blanks, commas or semicolons.</summary>
    /// <exception cref="SetUpException">One is no origin. <c>*</c> is none: it would be every page.</exception>
    public static string[] Read(IConfiguration configuration)
    {
        var origins = (configuration[Setting] ?? string.Join(
                ',', configuration.GetSection(Setting).GetChildren().Select(each => each.Value)))
            .Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return Array.Find(origins, origin => !IsOrigin(origin)) is { } wrong
            ? throw new SetUpException(
                $"{Setting} holds '{wrong}', which is no origin: name each in full, like https://books.example.com.")
            : origins;
    }

    public static void Allow(CorsPolicyBuilder policy, string[] origins) => policy
        .WithOrigins(origins)
        .WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Put, HttpMethods.Post, HttpMethods.Delete)
        .WithHeaders(
            HeaderNames.Authorization, HeaderNames.ContentType, HeaderNames.IfMatch, HeaderNames.TraceParent,
            HttpNames.AtLeast, HttpNames.IdempotencyKey, "Prefer")
        .WithExposedHeaders(
            HeaderNames.ETag, HeaderNames.Link, HeaderNames.RetryAfter, HttpNames.Sequence, HttpNames.KnownAt,
            HttpNames.KnownAtSequence)
        .SetPreflightMaxAge(PreflightAge);

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.GetLeftPart(UriPartial.Authority).Equals(text, StringComparison.OrdinalIgnoreCase)
        && uri.UserInfo.Length == 0;
}
