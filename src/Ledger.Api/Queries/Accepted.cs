using System.Globalization;

namespace Ledger.Api.Queries;

/// <summary>Which of the types that can be made here the caller would rather have.</summary>
public static class Accepted
{
    /// <param name="request">Without <c>Accept</c> it gets the first type.</param>
    /// <param name="types">In our order of preference.</param>
    /// <exception cref="RequestException">None of them is accepted.</exception>
    public static string Of(HttpRequest request, params ReadOnlySpan<string> types)
    {
        ArgumentNullException.ThrowIfNull(request);
        var accept = request.Headers.Accept.ToString();
        if (accept.Length == 0)
        {
            return types[0];
        }

        var (best, quality) = ("", 0m);
        foreach (var type in types)
        {
            if (QualityOf(type, accept) is var found && found > quality)
            {
                (best, quality) = (type, found);
            }
        }

        return quality > 0 ? best : throw RequestProblems.Fail(
            RequestProblems.NotAcceptable,
            $"Accept is '{Domain.Texts.Shown(accept)}'. This can be had as {string.Join(", ", types.ToArray())}.");
    }

    /// <summary>By the most specific range that the type falls into.</summary>
    private static decimal QualityOf(string type, string accept)
    {
        var (quality, specificity) = (0m, -1);
        foreach (var part in accept.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var pieces = part.Split(';', StringSplitOptions.TrimEntries);
            var fits = SpecificityOf(pieces[0], type);
            if (fits > specificity)
            {
                (quality, specificity) = (QualityIn(pieces), fits);
            }
        }

        return quality;
    }

    private static int SpecificityOf(string range, string type) =>
        range.Equals(type, StringComparison.OrdinalIgnoreCase) ? 2
        : range.EndsWith("/*", StringComparison.Ordinal)
            && type.StartsWith(range[..^1], StringComparison.OrdinalIgnoreCase) ? 1
        : range == "*/*" ? 0
        : -1;

    private static decimal QualityIn(string[] pieces)
    {
        var quality = Array.Find(pieces, piece => piece.StartsWith("q=", StringComparison.OrdinalIgnoreCase));
        return quality is null ? 1
            : decimal.TryParse(
                quality.AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q)
                ? q
                : 0;
    }
}
