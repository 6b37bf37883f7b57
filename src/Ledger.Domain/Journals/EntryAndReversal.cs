namespace Ledger.Domain.Journals;

/// <summary>What becomes of an entry's stream and of its reversal's, appended as one request.</summary>
public sealed record EntryAndReversal(Decision<JournalEvent> Entry, Decision<JournalEvent> Reversal);
