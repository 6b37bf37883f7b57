namespace Ledger.Domain.Journals;

/// <summary>One entry and what became of it; <c>Posted</c> is null until it is posted.</summary>
public sealed record JournalEntry(JournalEntryPosted? Posted, JournalEntryReversed? Reversed)
{
    public static JournalEntry Initial { get; } = new(null, null);

    public static JournalEntry Evolve(JournalEntry state, JournalEvent @event) => @event switch
    {
        JournalEntryPosted e => state with { Posted = e },
        JournalEntryReversed e => state with { Reversed = e },
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not a journal entry's."),
    };
}
