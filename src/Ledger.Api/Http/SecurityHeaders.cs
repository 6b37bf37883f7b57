using Microsoft.Net.Http.Headers;

namespace Ledger.Api;

/// <summary>What every answer tells the browser that may have asked for it; pages replace the policy by their
/// own.</summary>
internal static class SecurityHeaders
{
    private const string NothingMayLoad = "default-src 'none'; frame-ancestors 'none'";
    private const string TlsOnlyForAYear = "max-age=31536000; includeSubDomains";

    public static void Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = NothingMayLoad;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";

        // A browser would keep to it for every program that listens on localhost.
        if (context.Request.IsHttps && context.Request.Host.Host != "localhost")
        {
            headers[HeaderNames.StrictTransportSecurity] = TlsOnlyForAYear;
        }
    }
}
