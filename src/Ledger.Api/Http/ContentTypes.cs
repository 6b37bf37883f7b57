using Ledger.Domain;
using Microsoft.Net.Http.Headers;

namespace Ledger.Api;

/// <summary>What a body says that it is. Parameters other than another charset do not matter.</summary>
public static class ContentTypes
{
    /// <summary>The one of these types that the body has.</summary>
    /// <exception cref="RequestException">It has none of them.</exception>
    public static string Require(HttpRequest request, params ReadOnlySpan<string> types)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding
            && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw RequestProblems.Fail(
                RequestProblems.ContentTypeUnsupported,
                $"Content-Encoding is '{Texts.Shown(encoding)}'. Send the body as it is, not compressed.");
        }

        var sent = request.ContentType;
        foreach (var type in types)
        {
            if (sent is not null && Is(sent, type))
            {
                return type;
            }
        }

        throw RequestProblems.Fail(
            RequestProblems.ContentTypeUnsupported,
            (sent is null ? "There is no Content-Type." : $"Content-Type is '{Texts.Shown(sent)}'.")
            + $" Send {string.Join(" or ", types.ToArray())}, in UTF-8.");
    }

    private static bool Is(string sent, string type) =>
        MediaTypeHeaderValue.TryParse(sent, out var parsed)
        && parsed.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase)
        && (!parsed.Charset.HasValue
            || HeaderUtilities.RemoveQuotes(parsed.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
