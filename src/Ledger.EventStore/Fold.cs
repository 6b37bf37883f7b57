namespace Ledger.EventStore;

/// <summary>
/// How a stream becomes state. Keep one instance for each kind of state: cached states are found by it.
/// </summary>
/// <param name="Initial">The state of a stream that does not exist.</param>
/// <param name="Evolve">Pure; it must return a new state and leave the given one as it was.</param>
public sealed record Fold<TState>(TState Initial, Func<TState, object, TState> Evolve);

/// <summary>A stream's state and where it comes from.</summary>
/// <param name="Version">0 when the stream does not exist (or, for a new document, is assumed not to).</param>
/// <param name="First">Its first event; default when there is none.</param>
/// <param name="Last">Its last event; default when there is none.</param>
public readonly record struct Loaded<TState>(TState State, long Version, Recording First, Recording Last)
{
    public void Deconstruct(out TState state, out long version) => (state, version) = (State, Version);
}
