using NodaTime;

namespace Ledger.EventStore;

/// <summary>An event that is about to be appended; <see cref="EventCatalog"/> makes it from a domain event.</summary>
/// <param name="Id">Random; unique for ever.</param>
/// <param name="Type">The stored name, such as <c>journal_entry_posted</c>.</param>
/// <param name="DotnetType"><c>Namespace.Class, Assembly</c>, where Marten looks for types it does not know.</param>
/// <param name="Data">A JSON object in UTF-8. Whoever appends must leave the memory as it is until the answer.</param>
public sealed record NewEvent(Guid Id, string Type, string DotnetType, ReadOnlyMemory<byte> Data);

/// <summary>Events for one stream, decided on its version.</summary>
/// <param name="ExpectedVersion">The version decided on; 0 for a stream that must not exist yet.</param>
/// <param name="Events">At least one.</param>
public sealed record Write(string Stream, long ExpectedVersion, IReadOnlyList<NewEvent> Events);

/// <summary>What must still be true at the moment of the append, in the company of the request if no other is
/// named.</summary>
public abstract record Condition
{
    private protected Condition()
    {
    }
}

/// <summary>The stream still has this version; 0 says that it does not exist.</summary>
public sealed record VersionCondition(string Stream, long Version, string? Company = null) : Condition;

/// <summary>
/// None of these event types was recorded in the company after the sequence. A sequence more than
/// <see cref="AgeMax"/> behind the head counts as moved, because the check reads everything after it.
/// </summary>
public sealed record TailCondition(IReadOnlyList<string> EventTypes, long Sequence) : Condition
{
    /// <summary>Events that may lie between the sequence and the head.</summary>
    public const long AgeMax = 10_000;
}

/// <summary>Who asked, and for what cause: stored beside each event of the request, never inside it.</summary>
/// <param name="Actor">An opaque id such as <c>key:…</c> or <c>user:…</c>.</param>
/// <param name="Headers">A JSON object, or null.</param>
public sealed record RequestMetadata(string Actor, string? CorrelationId, string? CausationId, string? Headers);

/// <summary>All or nothing: the writes of one decision and the conditions that it rests on.</summary>
/// <param name="Writes">One a stream; at most <see cref="EventsMax"/> events together.</param>
public sealed record AppendRequest(
    string Company,
    IReadOnlyList<Write> Writes,
    IReadOnlyList<Condition> Conditions,
    RequestMetadata Metadata)
{
    public const int EventsMax = 1_000;
}

/// <summary>What became of a request.</summary>
public abstract record AppendResult
{
    private AppendResult()
    {
    }

    /// <summary>
    /// Recorded durably. The events have the numbers from first to last, in the order of the request.
    /// </summary>
    public sealed record Appended(long FirstSequence, long LastSequence, Instant Recorded) : AppendResult;

    /// <summary>Nothing was recorded: a stream has another version than was decided on, or a condition moved.</summary>
    public sealed record Moved : AppendResult
    {
        public static readonly Moved Instance = new();
    }

    /// <summary>Nothing was recorded: more is waiting than the store takes. Try again later.</summary>
    public sealed record QueueFull : AppendResult
    {
        public static readonly QueueFull Instance = new();
    }

    /// <summary>Nothing was recorded: the database cannot take it now (no room, no connection, stopping).</summary>
    /// <param name="DiskFull">Its disk has no room.</param>
    public sealed record Unavailable(string Why, bool DiskFull = false) : AppendResult;

    /// <summary>
    /// Nobody knows whether it was recorded. Send the same again: what was recorded is answered as a retry.
    /// </summary>
    public sealed record Unknown(string Why) : AppendResult;

    /// <summary>Nothing was recorded: the database refuses the content of this one request.</summary>
    public sealed record Poisoned(string SqlState, string Message) : AppendResult;
}
