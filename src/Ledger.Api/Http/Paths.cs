using Microsoft.AspNetCore.Http.Features;

namespace Ledger.Api;

/// <summary>Refuses paths that servers and proxies read differently.</summary>
internal static class Paths
{
    public static void Check(HttpContext context)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        var query = raw.IndexOf('?');
        var path = query < 0 ? raw : raw[..query];
        if (path.IndexOf("/.") >= 0 && HasDotSegment(path))
        {
            throw Refuse("has a segment '.' or '..'");
        }

        if (path.Contains('%') && Encoded(path) is { } found)
        {
            throw Refuse(found);
        }

        if (path.Contains('\\'))
        {
            throw Refuse("has a backslash");
        }
    }

    private static bool HasDotSegment(ReadOnlySpan<char> path)
    {
        foreach (var segment in path.Split('/'))
        {
            if (path[segment] is "." or "..")
            {
                return true;
            }
        }

        return false;
    }

    private static string? Encoded(ReadOnlySpan<char> path) =>
        path.Contains("%2e", StringComparison.OrdinalIgnoreCase) ? "has an encoded dot (%2e): write it as '.'"
        : path.Contains("%2f", StringComparison.OrdinalIgnoreCase) ? "has an encoded slash (%2f), which no id may hold"
        : path.Contains("%5c", StringComparison.OrdinalIgnoreCase) ? "has an encoded backslash (%5c)"
        : path.Contains("%00", StringComparison.Ordinal) ? "has an encoded NUL (%00)"
        : path.Contains("%25", StringComparison.Ordinal) ? "has an encoded percent sign (%25), which no id may hold"
        : null;

    private static RequestException Refuse(string what) =>
        RequestProblems.Fail(RequestProblems.PathMalformed, $"The path {what}.");
}
