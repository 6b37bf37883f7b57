namespace Ledger.Domain.Audit;

/// <summary>A deletion of salts, which is never changed.</summary>
/// <param name="Deleted">What it was; null while there is none of this id.</param>
public sealed record SaltDeletion(SaltsDeleted? Deleted)
{
    /// <summary>The stream of a deletion has this before its id.</summary>
    public const string StreamPrefix = "salt-deletion/";

    public static SaltDeletion Initial { get; } = new(Deleted: null);

    public bool Exists => Deleted is not null;

    public static SaltDeletion Evolve(SaltDeletion state, SaltDeletionEvent @event) => @event switch
    {
        SaltsDeleted e => new(e),
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event deletes no salts."),
    };
}
