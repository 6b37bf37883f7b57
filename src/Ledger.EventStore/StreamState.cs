namespace Ledger.EventStore;

/// <summary>A stream folded up to a version. Never changed, so that it may be shared between decisions.</summary>
internal abstract class StreamState(long version, Recording first, Recording last)
{
    public long Version { get; } = version;

    public Recording First { get; } = first;

    public Recording Last { get; } = last;

    /// <summary>The state after further events of the stream, or this one when there are none.</summary>
    /// <param name="bodies">The domain events of these.</param>
    public abstract StreamState Then(IReadOnlyList<RecordedEvent> events, IReadOnlyList<object> bodies);

    /// <summary>
    /// The state after events that have just been appended, the last of them at <paramref name="last"/>.
    /// </summary>
    public abstract StreamState Then(IReadOnlyList<object> events, Recording first, Recording last);
}

internal sealed class StreamState<TState>(
    Fold<TState> fold, TState state, long version, Recording first, Recording last)
    : StreamState(version, first, last)
{
    public static StreamState<TState> Initial(Fold<TState> fold) => new(fold, fold.Initial, 0, default, default);

    public TState State { get; } = state;

    public override StreamState Then(IReadOnlyList<RecordedEvent> events, IReadOnlyList<object> bodies)
    {
        if (events.Count == 0)
        {
            return this;
        }

        var next = State;
        foreach (var body in bodies)
        {
            next = fold.Evolve(next, body);
        }

        return new StreamState<TState>(
            fold, next, events[^1].Version, Version == 0 ? At(events[0]) : First, At(events[^1]));
    }

    public override StreamState Then(IReadOnlyList<object> events, Recording first, Recording last)
    {
        var next = State;
        foreach (var e in events)
        {
            next = fold.Evolve(next, e);
        }

        return new StreamState<TState>(fold, next, Version + events.Count, Version == 0 ? first : First, last);
    }

    public Loaded<TState> Loaded() => new(State, Version, First, Last);

    private static Recording At(RecordedEvent e) => new(e.Sequence, e.Recorded);
}
