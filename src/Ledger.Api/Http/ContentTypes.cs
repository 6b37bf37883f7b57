using Ledger.Domain;

namespace Ledger.Api;

/// <summary>What a body says that it is. Parameters other than another charset do not matter.</summary>
public static class ContentTypes
{
    /// <summary>The one of these types that the body has.</summary>
    /// <exception cref="RequestException">It has none of them.</exception>
    public static string Require(HttpRequest request, params ReadOnlySpan<string> types)
    {
        ArgumentNullException.ThrowIfNull(request);
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

    private static bool Is(string sent, string type)
    {
        if (!sent.StartsWith(type, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = sent.AsSpan(type.Length).Trim();
        if (rest.IsEmpty)
        {
            return true;
        }

        var charset = rest.IndexOf("charset=", StringComparison.OrdinalIgnoreCase);
        return rest[0] == ';'
            && (charset < 0 || rest[(charset + 8)..].Trim('"').StartsWith("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
