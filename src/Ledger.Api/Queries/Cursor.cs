using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Api.Json;
using Ledger.Projections.Queries;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Queries;

/// <summary>
/// Where a page of a list ended. It keeps what the first page knew, so that pages fit together however much is recorded
/// meanwhile, and it belongs to the path and parameters that it was made for. Opaque to callers, and no secret.
/// </summary>
/// <param name="KnownAtSequence">What all pages know.</param>
/// <param name="Place">The sort key of the last row, and what else the next page must not decide anew.</param>
public sealed record Cursor(long KnownAtSequence, IReadOnlyList<string> Place)
{
    private const int Version = 1;

    /// <summary>What the next page knows.</summary>
    public KnownAt KnownAt => new KnownAt.OfSequence(KnownAtSequence);

    public static string Write(Call call, long knownAtSequence, params IEnumerable<string> place)
    {
        ArgumentNullException.ThrowIfNull(call);
        string[] content = [Text(Version), HashOf(call), Text(knownAtSequence), .. place];
        return Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(content));
    }

    /// <summary>The cursor of the request; null for a first page.</summary>
    /// <param name="call">The request.</param>
    /// <param name="places">How many parts its place has.</param>
    /// <exception cref="RequestException">It is none of this list.</exception>
    public static Cursor? Of(Call call, int places)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.Query("cursor") is not { } text)
        {
            return null;
        }

        if (ContentOf(text) is not [var version, var hash, var sequence, .. var place]
            || version != Text(Version)
            || !long.TryParse(sequence, NumberStyles.None, CultureInfo.InvariantCulture, out var knownAt))
        {
            throw Malformed();
        }

        return hash == HashOf(call) && place.Length == places ? new(knownAt, place) : throw RequestProblems.Fail(
            RequestProblems.CursorOfAnotherQuery,
            "The cursor was made for another list or other parameters. Send the same parameters as for the first page, "
            + "or begin again without the cursor.");
    }

    /// <summary>A part of the place that is a day.</summary>
    public LocalDate Day(int part) =>
        LocalDatePattern.Iso.Parse(Place[part]) is { Success: true, Value: var day } && Dates.IsInRange(day)
            ? day
            : throw Malformed();

    /// <summary>A part of the place that is a whole number.</summary>
    public long Number(int part, long most = long.MaxValue) =>
        long.TryParse(Place[part], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw Malformed();

    public static RequestException Malformed() => RequestProblems.Fail(
        RequestProblems.CursorMalformed, "The cursor is not one that a list gave. Send 'next' of the page before.");

    private static string[]? ContentOf(string text)
    {
        try
        {
            var content = JsonSerializer.Deserialize<string[]>(Base64Url.DecodeFromChars(text));
            return content is null || Array.Exists(
                content, part => part is null || part.Contains('\0', StringComparison.Ordinal)) ? null : content;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Over everything that decides which rows there are, and in which order.</summary>
    private static string HashOf(Call call)
    {
        var asked = new StringBuilder(call.Context.Request.Path.Value);
        foreach (var (name, value) in call.Context.Request.Query.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            if (name is not ("cursor" or "limit" or "atLeast"))
            {
                asked.Append('\n').Append(name).Append('=').Append(value.ToString());
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(asked.ToString())).AsSpan(0, 8));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
