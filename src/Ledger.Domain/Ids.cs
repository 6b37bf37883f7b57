using System.Buffers;

namespace Ledger.Domain;

/// <summary>
/// Ids that callers choose: 1–100 of <c>A-Za-z0-9._~-</c>, opaque, never a name, e-mail or national number.
/// </summary>
public static class Ids
{
    public const int LengthMax = 100;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-");

    /// <summary>"." and ".." are refused as well: clients and proxies drop them from a path.</summary>
    public static bool IsValid(string? id) =>
        id is { Length: > 0 and <= LengthMax } && !id.AsSpan().ContainsAnyExcept(Allowed) && id is not ("." or "..");
}
