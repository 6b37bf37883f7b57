namespace Ledger.Api;

/// <summary>What ties the events of a request to the caller's own trace: the trace id of W3C's
/// <c>traceparent</c>.</summary>
public static class Correlations
{
    /// <summary>32 lower-case hexadecimal digits, or null when the header is missing or malformed.</summary>
    public static string? Of(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var header = http.Request.Headers.TraceParent;
        if (header.Count != 1 || header[0] is not { Length: >= 55 } text || text[2] != '-' || text[35] != '-')
        {
            return null;
        }

        var trace = text.AsSpan(3, 32);
        return trace.ContainsAnyExcept("0123456789abcdef") || !trace.ContainsAnyExcept('0') ? null : trace.ToString();
    }
}
