using System.Globalization;
using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.Projections.Audit;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.Audit;

/// <summary>The events themselves over HTTP, for auditors.</summary>
public static class EventsApi
{
    private const int PieceRows = 500;

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/events", EventsAsync)
            .Needs(Permission.ReadEvents)
            .Is(
                "listEvents", "Audit", "Lists the events of a company as they are recorded",
                "In the order of recording. `position` counts the events of the company without gaps, `sequence` "
                    + "those of "
                + "all companies. JSON answers a page; CSV and NDJSON answer everything behind `after` in one stream, "
                + "unless `limit` is given. `data` is what is stored, as JSON also within CSV.")
            .Query("after", ParameterKind.Integer, "Begins behind this position; 0 by default.", "120")
            .Query("type", ParameterKind.Text, "Only events of this name.", "journal_entry_posted")
            .Query("stream", ParameterKind.Text, "Only events of this stream.", "journal-entry/order-5512")
            .Query(
                "actor", ParameterKind.Text, "Only by this actor. Narrow it by a span of recording where there are "
                    + "many events.", "key:k3yprefx")
            .Query(
                "correlation", ParameterKind.Text, "Only of the requests with this correlation; the same holds.",
                "4bf92f3577b34da6a3ce929d0e0e4736")
            .Spans("recordedFrom", "recordedTo", "Recorded")
            .Pages()
            .Query(
                "atLeast", ParameterKind.Integer,
                "Waits up to two seconds until the log has reached this sequence; by default the last that was "
                    + "answered "
                + "to the same key.", "1742")
            .Header(HttpNames.AtLeast, "The same as `atLeast`.", "1742")
            .Refuses(
                RequestProblems.ParameterMalformed, RequestProblems.ProjectionBehind, RequestProblems.QueryTookTooLong,
                RequestProblems.NotAcceptable, "company-unknown", "id-invalid")
            .AnswersTable<EventList, EventRow>(ListExample)
            .Answers<EventRow>(
                StatusCodes.Status200OK, "An event a line.", LineExample.ReplaceLineEndings(" "), Http.NdJson);
    }

    private static async ValueTask EventsAsync(Call call)
    {
        var type = Accepted.Of(call.Context.Request, Http.Json, Http.Csv, Http.NdJson);
        var cursor = Cursor.Of(call, places: 1);
        var after = cursor?.Number(0) ?? call.Whole("after", 0, long.MaxValue) ?? 0;
        var recorded = call.Span("recordedFrom", "recordedTo");
        recorded.Check();
        var filter = new EventFilter(
            after, call.Query("type"), call.Query("stream"), cursor?.KnownAtSequence, call.Query("actor"),
            call.Query("correlation"), recorded.From, recorded.To);
        call.Context.Response.Headers.Vary = "Accept";
        if (type == Http.Json)
        {
            await PageAsync(call, filter);
        }
        else
        {
            await StreamAsync(call, filter, type);
        }
    }

    private static async Task PageAsync(Call call, EventFilter filter)
    {
        var limit = call.Limit();
        var found = await ReadAsync(call, filter, limit + 1, call.AtLeast);
        if (found.Refusal is { } refusal)
        {
            await Http.WriteAsync(call.Context, Http.ProblemOf(refusal));
            return;
        }

        var then = found.Value!;
        IReadOnlyList<EventRow> rows = [.. then.Rows.Take(limit)];
        var next = then.Rows.Length > limit
            ? Cursor.Write(call, then.KnownAtSequence, rows[^1].Position.ToString(CultureInfo.InvariantCulture))
            : null;
        PersonStreams.NoteRead(call, rows.Select(row => row.Stream));
        await call.WriteAsync<EventList>(
            new EventList(call.Company, then.KnownAt, then.KnownAtSequence, call.Asked(), rows, next));
    }

    private static async Task StreamAsync(Call call, EventFilter filter, string type)
    {
        var left = call.Query("limit") is null ? long.MaxValue : call.Limit();
        var columns = CsvColumns<EventRow>.Of([]);
        using var stream = new Streaming(call, type == Http.Csv ? Answers.CsvType : type);
        if (type == Http.Csv)
        {
            stream.AddCsv(columns.WriteHeader);
        }

        for (var atLeast = call.AtLeast; ; atLeast = 0)
        {
            var wanted = (int)Math.Min(PieceRows, left);
            var found = await ReadAsync(call, filter, wanted, atLeast);
            if (found.Refusal is { } refusal)
            {
                await stream.RefuseAsync(refusal);
                return;
            }

            var then = found.Value!;
            if (filter.KnownAtSequence is null)
            {
                // All pieces know what the first one did.
                call.TellKnowledge(then.KnownAt, then.KnownAtSequence);
                filter = filter with { KnownAtSequence = then.KnownAtSequence };
            }

            PersonStreams.NoteRead(call, then.Rows.Select(row => row.Stream));
            foreach (var row in then.Rows)
            {
                Add(stream, columns, row, type);
            }

            await stream.SendAsync();
            left -= then.Rows.Length;
            if (then.Rows.Length < wanted || left == 0)
            {
                return;
            }

            filter = filter with { After = then.Rows[^1].Position };
        }
    }

    private static void Add(Streaming stream, CsvColumns<EventRow> columns, EventRow row, string type)
    {
        if (type == Http.Csv)
        {
            stream.AddCsv(csv => columns.WriteRow(csv, row));
        }
        else
        {
            stream.AddJson(row);
        }
    }

    private static Task<Answer<EventsThen>> ReadAsync(Call call, EventFilter filter, int limit, long atLeast) =>
        EventQueries.EventsAsync(call.Ledger.Reader, call.Company, filter, limit, atLeast, call.Gone);

    internal const string LineExample = """
        {"position": 120, "sequence": 1742, "recorded": "2026-04-02T08:15:00.123456Z", "stream": "periods",
        "version": 3,
        "type": "period_closed", "id": "0b9f0f5e-6f5c-4b0b-9c1b-6d7a0f3c2a11", "data": {"period": "2026-03"}, "actor":
        "key:k3yprefx", "correlation": null, "causation": null, "headers": null}
        """;

    internal const string ListExample = $$"""
        {"company": "acme", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742,
        "parameters": {"after": "119"}, "rows": [{{LineExample}}], "next": null}
        """;
}

/// <summary>A page of events; <c>Parameters</c> repeats what was asked.</summary>
public sealed record EventList(
    string Company,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    IReadOnlyList<EventRow> Rows,
    string? Next) : IKnown;
