using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Ledger.Api.Limits;

/// <summary>How the server listens: what it takes from a connection, and who can reach it.</summary>
internal static class Listening
{
    public static void Limit(KestrelServerOptions kestrel, EdgeLimits limits)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowResponseHeaderCompression = false;
        var bounds = kestrel.Limits;

        // Each operation has its own limit. The server's would end the connection before the caller could read why.
        bounds.MaxRequestBodySize = null;
        bounds.MaxConcurrentConnections = limits.Connections;
        bounds.MaxRequestHeaderCount = limits.Headers;
        bounds.MaxRequestHeadersTotalSize = limits.HeaderBytes;
        bounds.MaxRequestLineSize = limits.RequestLineBytes;
        bounds.RequestHeadersTimeout = TimeSpan.FromSeconds(limits.HeaderSeconds);
        bounds.KeepAliveTimeout = TimeSpan.FromSeconds(limits.KeepAliveSeconds);

        var grace = TimeSpan.FromSeconds(limits.GraceSeconds);
        bounds.MinRequestBodyDataRate = new(limits.RequestBytesPerSecond, grace);
        bounds.MinResponseDataRate = new(limits.ResponseBytesPerSecond, grace);

        // The server holds the request line against what it buffers, so the buffer must hold one.
        bounds.MaxRequestBufferSize = Math.Max(1 << 20, limits.RequestLineBytes);
    }

    /// <summary>A sentence for each address that other machines can reach without TLS.</summary>
    public static IEnumerable<string> Warnings(IEnumerable<string> urls) =>
        from url in urls
        let address = BindingAddress.Parse(url)
        where address.Scheme == Uri.UriSchemeHttp && !address.IsUnixPipe && !IsLoopback(address.Host)
        select $"Warning: other machines can reach {url}, and without TLS keys and books travel readable. Name a "
            + "certificate and an https address (docs/operating.md, TLS), or listen on 127.0.0.1 behind a proxy that "
            + "does TLS.";

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
