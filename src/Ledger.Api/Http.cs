using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Ledger.Domain;
using Ledger.EventStore;

namespace Ledger.Api;

/// <summary>The one place that knows which status an outcome, a refusal or a problem has, and how it is
/// written.</summary>
public static class Http
{
    public const string Json = "application/json";
    public const string NdJson = "application/x-ndjson";
    public const string Csv = "text/csv";
    public const string ProblemJson = "application/problem+json";

    private const int PieceBytes = 64 * 1024;

    /// <summary>What is neither of the two below: the request could be read, and a rule says no.</summary>
    private const int RefusedStatus = StatusCodes.Status422UnprocessableEntity;

    /// <summary>The status of a refusal by a rule of the domain.</summary>
    public static int StatusOf(string refusalCode) => refusalCode switch
    {
        "if-match-required" => StatusCodes.Status428PreconditionRequired,
        "if-match-failed" => StatusCodes.Status412PreconditionFailed,
        "personal-data-erased" => StatusCodes.Status410Gone,
        "id-invalid" => StatusCodes.Status400BadRequest,
        _ when RefusalStatuses.NotFound.Contains(refusalCode) => StatusCodes.Status404NotFound,
        _ when RefusalStatuses.Conflict.Contains(refusalCode) => StatusCodes.Status409Conflict,
        _ when RequestProblems.All.TryGetValue(refusalCode, out var known) => known.Status,
        _ => RefusedStatus,
    };

    public static Problem ProblemOf(Refusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return new(StatusOf(refusal.Code), refusal.Code, refusal.Message);
    }

    /// <summary>What a command that was not done comes to; null when it was.</summary>
    public static Problem? ProblemOf<TAnswer>(Transacted<TAnswer> outcome) => outcome switch
    {
        Transacted<TAnswer>.Done => null,
        Transacted<TAnswer>.Refused refused => ProblemOf(refused.Refusal),
        Transacted<TAnswer>.Busy => RequestProblems.Of(
            RequestProblems.Busy,
            "What this is decided on changed at every attempt. Nothing was recorded: send it again."),
        Transacted<TAnswer>.QueueFull => RequestProblems.Of(
            RequestProblems.QueueFull,
            "More is waiting than the ledger takes. Nothing was recorded: send it again later."),
        Transacted<TAnswer>.Unavailable unavailable => StoreUnavailable("record", unavailable.DiskFull),
        Transacted<TAnswer>.Unknown => RequestProblems.Of(
            RequestProblems.OutcomeUnknown,
            "The connection to the database was lost while this was recorded, so nobody knows whether it was. "
            + "Send the same again with the same id: if it was recorded, that is the answer."),
        Transacted<TAnswer>.Poisoned poisoned => RequestProblems.Of(
            RequestProblems.ContentNotStorable,
            $"The database refuses this content ({poisoned.SqlState}). Nothing was recorded."),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "This outcome has no status."),
    };

    /// <summary>The database cannot do it now.</summary>
    /// <param name="diskFull">It says that its disk has no room: whoever runs the machine must make some.</param>
    public static Problem StoreUnavailable(string what, bool diskFull) => RequestProblems.Of(
        RequestProblems.StoreUnavailable,
        diskFull
            ? "The disk of the database is full. Nothing was recorded: have room made there, and send it again."
            : $"The database cannot {what} now. Nothing was recorded: send it again later.")
        with
    { RetryAfter = 5 };

    /// <summary>201 for what is recorded now, 200 for what was recorded before.</summary>
    public static int StatusOf(bool appended) =>
        appended ? StatusCodes.Status201Created : StatusCodes.Status200OK;

    public static string ETag(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Writes the problem as the whole answer, unless the answer has begun, which then is cut off.</summary>
    public static ValueTask WriteAsync(HttpContext http, Problem problem)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(problem);
        var response = http.Response;
        http.Items[typeof(Problem)] = problem;
        if (response.HasStarted)
        {
            http.Abort();
            return ValueTask.CompletedTask;
        }

        response.Clear();
        SecurityHeaders.Set(http);
        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer realm=\"ledger\"";
        }

        if (problem.RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Code == RequestProblems.BodyIncomplete)
        {
            // What is left of the body cannot be told from another request.
            response.Headers.Connection = "close";
        }

        if (problem.Allow is { } allow)
        {
            response.Headers.Allow = allow;
        }

        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body, JsonOptions))
        {
            json.WriteStartObject();
            WriteMembers(json, problem);
            json.WriteEndObject();
        }

        return WriteAsync(http, problem.Status, ProblemJson, body.WrittenMemory);
    }

    /// <summary>The members of a problem, without the braces.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Problem problem)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(problem);
        json.WriteString("type"u8, $"/problems/{problem.Code}");
        json.WriteString("title"u8, problem.Title);
        json.WriteNumber("status"u8, problem.Status);
        json.WriteString("code"u8, problem.Code);
        json.WriteString("detail"u8, Secrets.Without(problem.Detail));
        if (problem.Path is not null)
        {
            json.WriteString("path"u8, Secrets.Without(problem.Path));
        }

        foreach (var (name, value) in problem.More ?? ValueMap<string>.Empty)
        {
            json.WriteString(name, Secrets.Without(value));
        }
    }

    /// <summary>Writes a whole answer whose bytes are known.</summary>
    public static ValueTask WriteAsync(HttpContext http, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        ArgumentNullException.ThrowIfNull(http);
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        if (body.Length > PieceBytes)
        {
            return WriteInPiecesAsync(http, body);
        }

        var written = http.Response.BodyWriter.WriteAsync(body, CancellationToken.None);
        return written.IsCompletedSuccessfully ? ValueTask.CompletedTask : Awaited(written.AsTask());

        static async ValueTask Awaited(Task task) => await task;
    }

    /// <summary>So that no more of it is held for a caller who reads slowly, and he is noticed before all was
    /// due.</summary>
    private static async ValueTask WriteInPiecesAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        for (; body.Length > 0; body = body[Math.Min(PieceBytes, body.Length)..])
        {
            var piece = body[..Math.Min(PieceBytes, body.Length)];
            await http.Response.BodyWriter.WriteAsync(piece, http.RequestAborted);
        }
    }

    /// <summary>Texts are written as they are, not as escapes: Cyrillic would grow sixfold.</summary>
    public static JsonWriterOptions JsonOptions { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
