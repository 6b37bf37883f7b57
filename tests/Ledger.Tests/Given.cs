using Ledger.Domain;

namespace Ledger.Tests;

/// <summary>A state, what is decided on it, and the complete answer: <c>Given(…).When(…).ThenAppended(…)</c>.</summary>
internal sealed class Given<TState, TEvent>(TState state, Func<TState, TEvent, TState> evolve)
{
    public TState State => state;

    public Given<TState, TEvent> And(params TEvent[] events) => new(events.Aggregate(state, evolve), evolve);

    public Then<TState, TEvent> When(Func<TState, Decision<TEvent>> decide) => new(state, evolve, decide);
}

internal sealed class Then<TState, TEvent>(
    TState state, Func<TState, TEvent, TState> evolve, Func<TState, Decision<TEvent>> decide)
{
    private readonly Decision<TEvent> decision = decide(state);

    /// <summary>These events and no others; the same command again is then nothing new.</summary>
    public void ThenAppended(params TEvent[] events)
    {
        Assert.Null(decision.Refusal);
        Assert.Equal(events, decision.Events);
        var again = decide(events.Aggregate(state, evolve));
        Assert.Null(again.Refusal);
        Assert.Empty(again.Events);
    }

    public void ThenNothing()
    {
        Assert.Null(decision.Refusal);
        Assert.Empty(decision.Events);
    }

    public void ThenRefused(Refusal refusal)
    {
        Assert.Equal(refusal, decision.Refusal);
        Assert.Empty(decision.Events);
    }
}
