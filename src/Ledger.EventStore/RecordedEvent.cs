using NodaTime;

namespace Ledger.EventStore;

/// <summary>An event as it is recorded.</summary>
/// <param name="Sequence">Its number over all companies: gap-free, in the order of commits.</param>
/// <param name="Version">Its number in its stream, from 1.</param>
/// <param name="Data">The JSON object in UTF-8, as PostgreSQL prints <c>jsonb</c>: members in its own order.</param>
/// <param name="Recorded">Never before the event with the number below.</param>
/// <param name="Headers">A JSON object, or null.</param>
public sealed record RecordedEvent(
    long Sequence,
    Guid Id,
    string Company,
    string Stream,
    long Version,
    string Type,
    ReadOnlyMemory<byte> Data,
    Instant Recorded,
    string? Actor,
    string? CorrelationId,
    string? CausationId,
    string? Headers);

/// <summary>A place in the log: the number of an event and the instant at which it was recorded.</summary>
public readonly record struct Recording(long Sequence, Instant Recorded);

/// <summary>A stream to read: the events behind <paramref name="AfterVersion"/>, 0 for all.</summary>
public readonly record struct StreamPosition(string Stream, long AfterVersion);
