using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Ledger.EventStore;
using NodaTime.Text;

namespace Ledger.Api;

/// <summary>What a write answers when it was done.</summary>
/// <param name="Version">Of what was written: its ETag.</param>
/// <param name="Before">
/// Where it was recorded, for a register that already said so; a document's place is known without it.
/// </param>
/// <param name="Approval">
/// The id under which it waits for a second person; nothing else was recorded then. Null when it was done.
/// </param>
public readonly record struct Written(long Version, Recording Before = default, string? Approval = null);

/// <summary>Writes the members that are the operation's own, such as <c>id</c>.</summary>
public delegate void OwnMembers<in TState>(Utf8JsonWriter json, TState state);

/// <summary>Answers writes, all in the same way.</summary>
public static class Writes
{
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json)? reused;

    /// <summary>
    /// 201 or 200 with its own members and <c>version</c>, <c>sequence</c> and <c>recorded</c>; or the problem.
    /// A retry is answered with the same body as the first time.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="own">Writes what is the operation's own.</param>
    /// <param name="state">Given to it.</param>
    /// <param name="status">Of what was done, where it is another.</param>
    public static ValueTask AnswerAsync<TState>(
        Call call, Transacted<Written> outcome, OwnMembers<TState> own, TState state, int? status = null)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(own);
        if (outcome is not Transacted<Written>.Done done)
        {
            return Http.WriteAsync(call.Context, Http.ProblemOf(outcome)!);
        }

        var at = PlaceOf(done);
        call.Answers(at.Sequence);
        var headers = call.Context.Response.Headers;
        if (done.Answer.Approval is { } approval)
        {
            headers.Location = $"/companies/{call.Company}/approvals/{approval}";
        }
        else
        {
            headers.ETag = Http.ETag(done.Answer.Version);
        }

        headers[HttpNames.Sequence] = at.Sequence.ToString(CultureInfo.InvariantCulture);

        var (buffer, json) = reused ??= Make();
        buffer.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        if (done.Answer.Approval is null)
        {
            own(json, state);
        }

        WriteMembers(json, done);
        json.WriteEndObject();
        json.Flush();
        return Http.WriteAsync(call.Context, status ?? StatusOf(done), Http.Json, buffer.WrittenMemory);
    }

    /// <summary>The members that every write answers.</summary>
    public static void WriteMembers(Utf8JsonWriter json, Transacted<Written>.Done done)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(done);
        var at = PlaceOf(done);
        if (done.Answer.Approval is { } approval)
        {
            json.WriteString("approval"u8, approval);
        }
        else
        {
            json.WriteNumber("version"u8, done.Answer.Version);
        }

        json.WriteNumber("sequence"u8, at.Sequence);
        json.WriteString("recorded"u8, InstantPattern.ExtendedIso.Format(at.Recorded));
    }

    /// <summary>201 for what is recorded now, 200 for what was before, 202 for what waits for a second
    /// person.</summary>
    public static int StatusOf(Transacted<Written>.Done done)
    {
        ArgumentNullException.ThrowIfNull(done);
        return done.Answer.Approval is null ? Http.StatusOf(done.Appended) : StatusCodes.Status202Accepted;
    }

    /// <summary>Where it was recorded: now, or the first time.</summary>
    public static Recording PlaceOf(Transacted<Written>.Done done)
    {
        ArgumentNullException.ThrowIfNull(done);
        return !done.Appended && done.Answer.Before.Sequence > 0
            ? done.Answer.Before
            : new(done.Sequence, done.Recorded);
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json) Make()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        return (buffer, new(buffer, Http.JsonOptions));
    }
}
