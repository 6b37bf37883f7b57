namespace Ledger.EventStore;

/// <summary>Limits of the one writer. The defaults suit a server of one company as well as of a thousand.</summary>
public sealed record StoreOptions
{
    public static StoreOptions Default { get; } = new();

    /// <summary>Requests that may wait; more are answered with <see cref="AppendResult.QueueFull"/>.</summary>
    public int QueueRequestsMax { get; init; } = 16_384;

    /// <summary>Bytes of events that may wait.</summary>
    public long QueueBytesMax { get; init; } = 64L << 20;

    /// <summary>Events in one statement; a single request may have more.</summary>
    public int BatchEventsMax { get; init; } = 1_000;

    /// <summary>Bytes of events in one statement; a single request may have more.</summary>
    public long BatchBytesMax { get; init; } = 8L << 20;

    /// <summary>How long a batch waits for the database to come back before it is answered as unavailable.</summary>
    public TimeSpan ReconnectFor { get; init; } = TimeSpan.FromSeconds(5);
}
