using System.Collections.Immutable;

namespace Ledger.Domain.Keys;

/// <summary>The keys that were issued: hashes by prefix.</summary>
public sealed record KeyRing(ImmutableDictionary<string, string> Hashes)
{
    public static KeyRing Initial { get; } = new(ImmutableDictionary.Create<string, string>(StringComparer.Ordinal));

    public static KeyRing Evolve(KeyRing state, KeyEvent @event)
    {
        ArgumentNullException.ThrowIfNull(state);
        return @event switch
        {
            KeyIssued e => new(state.Hashes.SetItem(e.Prefix, e.Sha256)),
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not of the key ring."),
        };
    }
}
