using System.Buffers;
using System.Globalization;
using Ledger.Api.Approvals;
using Ledger.Api.Audit;
using Ledger.Api.Json;
using Ledger.Api.Keys;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.EventStore;

namespace Ledger.Api;

/// <summary>One request of somebody who is known, on its way through the handler that answers it.</summary>
public sealed class Call(HttpContext context, LedgerHost ledger, Operation operation, Caller caller)
{
    /// <summary>Bytes of a body that holds one document; more is answered 413.</summary>
    public const int BodyBytesMax = 8 << 20;

    public HttpContext Context { get; } = context;

    public LedgerHost Ledger { get; } = ledger;

    /// <summary>Who asks.</summary>
    public Caller Caller { get; } = caller;

    /// <summary>The same, as events name it.</summary>
    public string Actor => Caller.Actor;

    /// <summary>The caller, to four eyes.</summary>
    public Doer Doer => Ledger.DoerOf(Caller);

    /// <summary>Whether names of natural persons are opened for whoever asks, and found by them; else they stay
    /// null.</summary>
    public bool MayReadPersonalData => Caller.May(Permission.OpenPersonalData);

    /// <summary>Notes that personal data is shown: of one person, or of several at once.</summary>
    public void NotePersonalDataRead(string? person) =>
        Context.RequestServices.GetRequiredService<AccessLog>().NoteRead(this, person);

    /// <summary>Notes that the caller asked for what is another's, where the answer says that there is no such
    /// thing.</summary>
    public void NoteDenied(string? person = null) =>
        Context.RequestServices.GetRequiredService<AccessLog>().NoteDenied(this, person);

    /// <summary>Ends when the caller hangs up. Never given to what writes: a decision taken is carried
    /// through.</summary>
    public CancellationToken Gone => Context.RequestAborted;

    /// <summary>The company of the path.</summary>
    public string Company => Id("company");

    /// <summary>What is stored beside the events of this request.</summary>
    public RequestMetadata Metadata => new(Actor, Correlations.Of(Context), null, null);

    /// <summary>
    /// The sequence that the tables must have reached before they answer: what the caller asks for, by default the last
    /// one that this process answered to the same key, so that everybody reads what they wrote.
    /// </summary>
    public long AtLeast
    {
        get
        {
            if (Query("atLeast") is { } query)
            {
                return Sequence(query) ?? throw Malformed("atLeast", query, "a sequence such as 1742");
            }

            var header = Context.Request.Headers[HttpNames.AtLeast];
            return header.Count == 0
                ? Caller.Recent.Sequence
                : Sequence(header.ToString()) ?? throw RequestProblems.Fail(
                    RequestProblems.HeaderMalformed,
                    $"{HttpNames.AtLeast} is '{Texts.Shown(header.ToString())}'. Send a sequence such as 1742.");
        }
    }

    /// <summary>The version that the caller saw, from <c>If-Match</c>; null without that header.</summary>
    public long? IfMatch
    {
        get
        {
            var header = Context.Request.Headers.IfMatch;
            if (header.Count == 0)
            {
                return null;
            }

            var text = header.ToString();
            if (text == "*")
            {
                throw RequestProblems.Fail(
                    RequestProblems.HeaderMalformed,
                    "If-Match: * would change what you may not have read. Read it, and send its ETag, like \"3\".");
            }

            return text.Length > 2 && text[0] == '"' && text[^1] == '"' && Sequence(text[1..^1]) is { } version
                ? version
                : throw RequestProblems.Fail(
                    RequestProblems.HeaderMalformed,
                    $"If-Match is {Texts.Shown(text)}. Send the ETag that you read, one and in quotes, like \"3\".");
        }
    }

    /// <summary>True when the caller wants the whole document in the answer to a write.</summary>
    public bool WantsRepresentation => Context.Request.Headers["Prefer"] is { Count: > 0 } prefer
        && prefer.Any(each => each!.Split([',', ';'], StringSplitOptions.TrimEntries)
            .Any(wish => wish is "return=representation" or "return=\"representation\""));

    /// <summary>An id of the path.</summary>
    public string Id(string name)
    {
        var id = Route(name);
        return Ids.IsValid(id) ? id : throw new RequestException(Http.ProblemOf(TextRefusals.IdInvalid(name, id)));
    }

    /// <summary>A part of the path, decoded.</summary>
    public string Route(string name) => (string)Context.Request.RouteValues[name]!;

    /// <summary>A query parameter; null when it was not sent. The operation says which there are.</summary>
    public string? Query(string name)
    {
        var values = Context.Request.Query[name];
        return values.Count == 0 ? null : values.ToString();
    }

    /// <summary>The answer tells this sequence: what the same key reads from now on includes it.</summary>
    public void Answers(long sequence) => Caller.Recent.Raise(sequence);

    /// <summary>Decides and records in the company of the path, if the caller may do this until then.</summary>
    public Task<Transacted<TAnswer>> TransactAsync<TAnswer>(Func<Reading, ValueTask<Verdict<TAnswer>>> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        return Ledger.Transact.RunAsync<TAnswer>(
            Company,
            Metadata,
            async reading => await StandsAsync(reading) is { } refusal ? refusal : await decide(reading));
    }

    /// <summary>The same for many commands, each alone.</summary>
    public Task<Transacted<TAnswer>[]> TransactManyAsync<TCommand, TAnswer>(
        IReadOnlyList<TCommand> commands, Func<TCommand, Reading, ValueTask<Verdict<TAnswer>>> decide)
    {
        ArgumentNullException.ThrowIfNull(decide);
        return Ledger.Transact.RunManyAsync<TCommand, TAnswer>(
            Company,
            Metadata,
            commands,
            async (command, reading) =>
                await StandsAsync(reading) is { } refusal ? refusal : await decide(command, reading));
    }

    /// <summary>For an operation that the path alone describes.</summary>
    /// <exception cref="RequestException">There is a body, which would be passed over.</exception>
    public void RequireNoBody()
    {
        if (Context.Request.ContentLength is null or 0 && Context.Request.Headers.TransferEncoding.Count == 0)
        {
            return;
        }

        throw RequestProblems.Fail(RequestProblems.BodyNotExpected, "This operation takes no body. Send none.");
    }

    /// <summary>Reads the whole body as one JSON value.</summary>
    /// <exception cref="RequestException">It is missing, cut off, too large, or not what it should be.</exception>
    public async ValueTask<T> BodyAsync<TState, T>(JsonRead<TState, T> read, TState state)
    {
        ArgumentNullException.ThrowIfNull(read);
        var request = Context.Request;
        ContentTypes.Require(request, Http.Json);
        if (request.ContentLength > BodyBytesMax)
        {
            throw TooLarge();
        }

        while (true)
        {
            var result = await request.BodyReader.ReadAsync();
            var buffer = result.Buffer;
            if (buffer.Length > BodyBytesMax)
            {
                request.BodyReader.AdvanceTo(buffer.End);
                throw TooLarge();
            }

            if (!result.IsCompleted && buffer.Length != request.ContentLength)
            {
                request.BodyReader.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            try
            {
                return buffer.IsSingleSegment
                    ? JsonBody.Read(buffer.FirstSpan, read, state)
                    : JsonBody.Read(buffer.ToArray(), read, state);
            }
            finally
            {
                request.BodyReader.AdvanceTo(buffer.End);
            }
        }
    }

    public static RequestException Malformed(string parameter, string value, string wanted) => RequestProblems.Fail(
        RequestProblems.ParameterMalformed, $"{parameter} is '{Texts.Shown(value)}'. Send {wanted}.");

    /// <summary>Whether the caller may still do this operation, as the keys are when it is recorded.</summary>
    public ValueTask<Refusal?> StandsAsync(Reading reading) =>
        Ledger.Keys.StandsAsync(Caller, operation.PermissionOf(Caller), reading);

    /// <summary>Whether the caller may still have the answer, for one that takes long.</summary>
    /// <exception cref="RequestException">Their key holds no longer, or lost the permission.</exception>
    public async ValueTask RequireStillAsync()
    {
        var company = operation.CompanyOf(Context.Request);
        var authorization = Context.Request.Headers.Authorization;
        operation.PermissionOf(
            Ledger.Keys.Find(company, authorization) ?? await Ledger.Keys.FindAgainAsync(company, authorization));
    }

    private static long? Sequence(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static RequestException TooLarge() => RequestProblems.Fail(
        RequestProblems.BodyTooLarge,
        $"The body is larger than {BodyBytesMax >> 20} MiB. An entry has at most 1,000 lines: send more as several "
            + "entries.");
}
