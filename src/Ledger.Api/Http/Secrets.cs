using System.Text.RegularExpressions;

namespace Ledger.Api;

/// <summary>
/// Takes out of a text what can only be a secret: keys and tokens that somebody sent in the wrong place, and that a
/// problem would repeat, from where they would get into the logs of proxies and callers.
/// </summary>
internal static partial class Secrets
{
    /// <summary>The same text in which a key is no more than what finds it, and a token nothing.</summary>
    public static string Without(string text) =>
        text.Contains("bo_", StringComparison.Ordinal) || text.Contains("eyJ", StringComparison.Ordinal)
            ? Secret().Replace(text, "${found}…")
            : text;

    [GeneratedRegex(
        "(?<found>bo_[A-Za-z0-9]{8}_)[A-Za-z0-9_-]+|eyJ[A-Za-z0-9_.-]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Secret();
}
