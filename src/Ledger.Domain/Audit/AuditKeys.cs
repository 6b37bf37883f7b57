namespace Ledger.Domain.Audit;

/// <summary>By which keys the audit logs of a ledger are signed.</summary>
/// <param name="Ledger">Its name; null before the first key.</param>
/// <param name="InUse">The public keys, the oldest first.</param>
/// <param name="Retired">Those that sign no longer, and never will again.</param>
public sealed record AuditKeys(string? Ledger, ValueList<string> InUse, ValueList<string> Retired)
{
    public const string Stream = "audit-keys";

    public static AuditKeys Initial { get; } = new(null, [], []);

    /// <summary>Whether a key signs now, or ever did.</summary>
    public bool Knows(string publicKey) => InUse.Contains(publicKey) || Retired.Contains(publicKey);

    public static AuditKeys Evolve(AuditKeys state, AuditKeyEvent @event)
    {
        ArgumentNullException.ThrowIfNull(state);
        return @event switch
        {
            AuditKeyPublished e => state with { Ledger = e.Ledger, InUse = [.. state.InUse, e.PublicKey] },
            AuditKeyRetired e => state with
            {
                InUse = [.. state.InUse.Where(key => key != e.PublicKey)],
                Retired = [.. state.Retired, e.PublicKey],
            },
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not of audit keys."),
        };
    }
}

/// <summary>Which keys begin and end to sign. The command line alone asks; nothing of it can be refused.</summary>
public static class AuditKeyDecider
{
    /// <summary>A key signs from now on; one that does already is nothing new, and one that was retired stays
    /// so.</summary>
    /// <param name="ledger">Its name, where it has none yet: it never changes.</param>
    public static Decision<AuditKeyEvent> Publish(AuditKeys keys, string ledger, string publicKey)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return keys.Knows(publicKey)
            ? Decision<AuditKeyEvent>.Nothing
            : new AuditKeyPublished(keys.Ledger ?? ledger, publicKey);
    }

    /// <summary>A key signs no longer; one that never did is nothing new.</summary>
    public static Decision<AuditKeyEvent> Retire(AuditKeys keys, string publicKey, string reason)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return keys.InUse.Contains(publicKey)
            ? new AuditKeyRetired(publicKey, reason)
            : Decision<AuditKeyEvent>.Nothing;
    }
}
