using Ledger.Domain.Keys;
using NodaTime;

namespace Ledger.Api.Keys;

/// <summary>Somebody who asks: who they are to four eyes and to events, and what they may do.</summary>
/// <param name="actor">An opaque id, as events name it.</param>
/// <param name="holder">The person behind it: all keys of one holder, and their tokens, are one person.</param>
/// <param name="permissions">What they may do in the company that was asked for.</param>
/// <param name="recent">What was last answered to the same actor.</param>
public sealed class Caller(string actor, string holder, PermissionSet permissions, RecentSequence recent)
{
    public string Actor { get; } = actor;

    public string Holder { get; } = holder;

    public PermissionSet Permissions { get; } = permissions;

    public RecentSequence Recent { get; } = recent;

    /// <summary>In the order in which roles are declared.</summary>
    public IReadOnlyList<Role> Roles { get; init; } = [];

    /// <summary>False for a secret that somebody else's key made: it may neither approve, nor run pay
    /// or release it.</summary>
    public bool HasOwnSecret { get; init; } = true;

    /// <summary>When a token ends; null for a key, whose end is looked up.</summary>
    public Instant? Until { get; init; }

    /// <summary>The person whose own data they may read, if any.</summary>
    public string? Person { get; init; }

    /// <summary>The key by which they came, and its company's id for it; null for a token.</summary>
    public HeldKey? Key { get; init; }

    /// <summary>For commands of whoever may run programs on the machine: the owner's key in the data folder.</summary>
    public static Caller LedgerOwner(string actor) => new(
        actor, Domain.Keys.Key.OwnersHolder, Domain.Keys.Permissions.Of(Role.Owner), new())
    {
        Roles = [Role.Owner],
    };

    public bool May(Permission permission) => Permissions.Has(permission);
}

/// <summary>The highest sequence that this process answered to an actor: they read what they wrote.</summary>
public sealed class RecentSequence
{
    private long sequence;

    public long Sequence => Volatile.Read(ref sequence);

    public void Raise(long answered)
    {
        var seen = Volatile.Read(ref sequence);
        while (answered > seen)
        {
            var before = Interlocked.CompareExchange(ref sequence, answered, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
