using System.Text.Json;
using Ledger.Api.Batches;
using Ledger.Domain.Keys;
using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Api.TimeSheets;

/// <summary>Time that was worked over HTTP, what records it.</summary>
public static class TimeSheetsApi
{
    /// <summary>A batch of entries.</summary>
    public static BatchKind<PutTimeEntry> Kind { get; } = new(
        "entry", "entries", "Send one entry.", TimeEntryJson.ReadLine, WriteKey);

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Put("/companies/{company}/employees/{employee}/time-entries/{entry}", PutAsync)
            .Needs(Permission.RecordTime)
            .Is(
                "putTimeEntry", "Time", "Records time that an employee worked",
                "From when through when, as the clock on the wall showed it, in the company's time zone unless `zone` "
                + "says another; with the offset where the clocks went back (`2026-10-25T03:30+02:00`). What counts is "
                + "the time that passed, less breaks. An entry belongs to the month in which it begins. One that did "
                + "not happen is sent again with `withdrawn`. Sent again with other content and `If-Match` it corrects "
                + "what was recorded; what was known before stays known, and the next run pays the difference. Whoever "
                + "may not read people, as integrators, corrects and repeats only what they recorded themselves: an id "
                + "of others' answers 409, whatever is sent.")
            .Changes()
            .Reads<TimeEntryDetails>(Example)
            .Writes<TimeEntryWritten>(
                "{\"employee\": \"p-17\", \"entry\": \"t-2026-06-01\", \"version\": 1, \"sequence\": 1742, "
                + "\"recorded\": \"2026-06-01T18:00:00.123456Z\"}")
            .Refuses(RequestProblems.DateMalformed, RequestProblems.DateOutOfRange)
            .Refuses("company-unknown", "personal-data-erased", "employee-unknown")
            .Refuses("if-match-required", "if-match-failed", "time-zone-unknown")
            .Refuses(OpenApi.Refusals.Of("TimeSheet").Where(code => code != "holidays-unknown"));
        surface.Post("/companies/{company}/time-entries:batch", PostAsync)
            .Needs(Permission.RecordTime)
            .Is(
                "postTimeEntries", "Time", "Records time that many employees worked",
                "A JSON list, or one a line, of any size: `content` is what is sent of an entry alone. Each stands "
                + "alone, and is decided after those before it; there is one result for each, in order. The same batch "
                + "may be sent again.")
            .Reads<TimeEntryLine[]>("[" + LineExample + "]")
            .Reads<TimeEntryLine>(LineExample.ReplaceLineEndings(" "), Http.NdJson)
            .Answers<TimeEntryResult[]>(StatusCodes.Status200OK, Each, "[" + ResultExample + "]")
            .Answers<TimeEntryResult>(
                StatusCodes.Status200OK, Each, ResultExample.ReplaceLineEndings(" ") + "\n", Http.NdJson)
            .Refuses("company-unknown", RequestProblems.AnswerNotRead);
    }

    private const string Each = "What became of each line.";

    private const string Example = """
        {"from": "2026-06-01T08:00", "through": "2026-06-01T17:00",
        "breaks": [{"from": "2026-06-01T12:00", "through": "2026-06-01T13:00"}]}
        """;

    private const string LineExample = """
        {"employee": "p-17", "entry": "t-2026-06-01", "content": {"from": "2026-06-01T22:00",
        "through": "2026-06-02T06:00", "zone": "Europe/Sofia"}}
        """;

    private const string ResultExample = """
        {"line": 1, "employee": "p-17", "entry": "t-2026-06-01", "status": 201, "version": 3, "sequence": 1742,
        "recorded": "2026-06-01T18:00:00.123456Z"}
        """;

    private static async ValueTask PutAsync(Call call)
    {
        var command = new PutTimeEntry(
            call.Id("employee"), call.Id("entry"), await call.BodyAsync(TimeEntryJson.Read, 0), call.IfMatch);
        var own = OwnTime.For(call);
        var outcome = await call.TransactAsync(
            reading => TimeSheetWrites.PutAsync(command, reading, call.Ledger, own));
        await Writes.AnswerAsync(call, outcome, WriteKey, command);
    }

    private static async ValueTask PostAsync(Call call)
    {
        var request = call.Context.Request;
        BatchItems<PutTimeEntry> items = ContentTypes.Require(request, Http.Json, Http.NdJson) == Http.Json
            ? new JsonListItems<PutTimeEntry>(Kind, request.BodyReader)
            : new NdJsonItems<PutTimeEntry>(Kind, request.BodyReader);
        await using var results = new BatchResults<PutTimeEntry>(items);
        var own = OwnTime.For(call);
        await BatchStream.AnswerAsync(
            call, items, results, (command, reading) => TimeSheetWrites.PutAsync(command, reading, call.Ledger, own));
    }

    /// <summary>What was recorded, as callers name it.</summary>
    private static void WriteKey(Utf8JsonWriter json, PutTimeEntry command)
    {
        json.WriteString("employee"u8, command.Employee);
        json.WriteString("entry"u8, command.Entry);
    }
}

/// <summary>Where time was recorded.</summary>
/// <param name="Version">That of the employee's sheet of the month: send it as If-Match to correct this.</param>
public sealed record TimeEntryWritten(string Employee, string Entry, long Version, long Sequence, Instant Recorded);

/// <summary>What became of a line: what it would have been answered with alone.</summary>
public sealed record TimeEntryResult(
    int Status,
    long? Line = null,
    long? Index = null,
    string? Employee = null,
    string? Entry = null,
    long? Version = null,
    long? Sequence = null,
    Instant? Recorded = null,
    string? Type = null,
    string? Title = null,
    string? Code = null,
    string? Detail = null,
    string? Path = null);
