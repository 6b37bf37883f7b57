namespace Ledger.Domain.Audit;

/// <summary>Stream <c>salt-deletion/{id}</c>: which events can no longer be proven by their bodies, and why.</summary>
public abstract record SaltDeletionEvent;

/// <summary>The salts go with the leaf of this event, in one transaction. Nothing deletes the salt of this event
/// itself.</summary>
/// <param name="Events">Their ids, in lower case and as they were sent.</param>
/// <param name="Sequences">Their numbers among the events of all companies, in the same order.</param>
[EventName("salts_deleted")]
public sealed record SaltsDeleted(string Reason, ValueList<string> Events, ValueList<long> Sequences)
    : SaltDeletionEvent;
