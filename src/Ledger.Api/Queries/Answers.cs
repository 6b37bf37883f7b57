using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.Projections.Queries;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Queries;

/// <summary>Writes what a question came to: JSON or CSV as the caller accepts, or the problem.</summary>
public static class Answers
{
    /// <summary>Asks the ledger about the company of the path.</summary>
    public static Task<Answer<T>> AskAsync<T>(
        this Call call, KnownAt knownAt, Func<Snapshot, Task<Answer<T>>> query)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Ledger.Reader.AskAsync(new Question(call.Company, knownAt, call.AtLeast), query, call.Gone);
    }

    /// <summary>A document, which is only had as JSON.</summary>
    public static ValueTask WriteAsync<T>(this Call call, Answer<T> answer)
    {
        ArgumentNullException.ThrowIfNull(call);
        Accepted.Of(call.Context.Request, Http.Json);
        return answer.Refusal is { } refusal
            ? Http.WriteAsync(call.Context, Http.ProblemOf(refusal))
            : Http.WriteAsync(call.Context, StatusCodes.Status200OK, Http.Json, Json(answer.Value!));
    }

    /// <summary>A table: JSON says all of it, CSV its rows, with the rest in headers.</summary>
    /// <param name="call">The call.</param>
    /// <param name="answer">The table, or the refusal.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="next">The cursor of the page behind it; null at the end.</param>
    /// <param name="amounts">The names of the columns that a row's list of amounts becomes.</param>
    public static ValueTask WriteTableAsync<T, TRow>(
        this Call call,
        Answer<T> answer,
        Func<T, IReadOnlyList<TRow>> rows,
        Func<T, string?>? next = null,
        Func<T, IReadOnlyList<string>>? amounts = null)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(rows);
        if (answer.Refusal is { } refusal)
        {
            return Http.WriteAsync(call.Context, Http.ProblemOf(refusal));
        }

        var table = answer.Value!;
        var type = Accepted.Of(call.Context.Request, Http.Json, Http.Csv);
        call.Context.Response.Headers.Vary = "Accept";
        if (table is IKnown known)
        {
            call.TellKnowledge(known.KnownAt, known.KnownAtSequence);
        }

        if (next?.Invoke(table) is { } cursor)
        {
            call.Context.Response.Headers.Link = $"<{PathOf(call, cursor)}>; rel=\"next\"";
        }

        return type == Http.Json
            ? Http.WriteAsync(call.Context, StatusCodes.Status200OK, Http.Json, Json(table))
            : Http.WriteAsync(
                call.Context, StatusCodes.Status200OK, CsvType, Csv(rows(table), amounts?.Invoke(table) ?? []));
    }

    internal const string CsvType = Http.Csv + "; charset=utf-8; header=present";

    /// <summary>What an answer without a place for it rests on.</summary>
    internal static void TellKnowledge(this Call call, Instant? knownAt, long sequence)
    {
        var headers = call.Context.Response.Headers;
        headers[HttpNames.KnownAtSequence] = sequence.ToString(CultureInfo.InvariantCulture);
        if (knownAt is { } instant)
        {
            headers[HttpNames.KnownAt] = InstantPattern.ExtendedIso.Format(instant);
        }
    }

    private static ReadOnlyMemory<byte> Json<T>(T value)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(body, Http.JsonOptions))
        {
            JsonSerializer.Serialize(json, value, QueryJson.Options);
        }

        return body.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> Csv<TRow>(IReadOnlyList<TRow> rows, IReadOnlyList<string> amounts)
    {
        var columns = CsvColumns<TRow>.Of(amounts);
        var csv = new StringBuilder();
        columns.WriteHeader(csv);
        foreach (var row in rows)
        {
            columns.WriteRow(csv, row);
        }

        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    /// <summary>The same request with the cursor.</summary>
    private static string PathOf(Call call, string cursor)
    {
        var request = call.Context.Request;
        var query = QueryString.Create(request.Query.Where(each => each.Key != "cursor")).Add("cursor", cursor);
        return request.Path.ToUriComponent() + query.ToUriComponent();
    }
}
