namespace Ledger.Domain;

/// <summary>What a decider answers: the events to append (possibly none), or the one rule that was broken.</summary>
public sealed record Decision<TEvent>(ValueList<TEvent> Events, Refusal? Refusal)
{
    /// <summary>Nothing to append: the state already says what the command asks for (a retry).</summary>
    public static Decision<TEvent> Nothing { get; } = new([], null);

    public static implicit operator Decision<TEvent>(Refusal refusal) => new([], refusal);

    public static implicit operator Decision<TEvent>(TEvent @event) => new([@event], null);
}
