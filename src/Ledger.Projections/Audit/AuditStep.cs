namespace Ledger.Projections.Audit;

/// <summary>What came of one step of a writer of audit logs.</summary>
/// <param name="Leaves">That were added.</param>
/// <param name="IsBusy">Another process is at it, or was faster.</param>
/// <param name="HasNoKey">Nothing may be signed here.</param>
/// <param name="Renewed">Notes that were signed anew.</param>
internal readonly record struct AuditStep(int Leaves, bool IsBusy = false, bool HasNoKey = false, int Renewed = 0)
{
    public static AuditStep Busy { get; } = new(0, IsBusy: true);

    public static AuditStep NoKey { get; } = new(0, HasNoKey: true);
}
