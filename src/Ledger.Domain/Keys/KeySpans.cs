using NodaTime;

namespace Ledger.Domain.Keys;

/// <summary>From when to when somebody could do something by a key.</summary>
/// <param name="Key">Its id.</param>
/// <param name="Actor">As events name it.</param>
/// <param name="Person">Whose own data it reads; for employees.</param>
/// <param name="Until">The first instant at which it was otherwise; null where it still is so.</param>
/// <param name="Cause">The place in the history of the event that made it so.</param>
public sealed record KeySpan(
    string Key,
    string Actor,
    string Holder,
    string? Person,
    ValueList<Role> Roles,
    PermissionSet Permissions,
    Instant From,
    Instant? Until,
    int Cause);

/// <summary>Tells from the events of keys who could do what from when to when.</summary>
public static class KeySpans
{
    /// <summary>The spans of each key, in the order of keys and time; none in which it could do nothing.</summary>
    /// <param name="history">The events of one ring, in order, each with its recording.</param>
    public static IReadOnlyList<KeySpan> Of(IReadOnlyList<(Instant Recorded, KeyEvent Event)> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        var ring = KeyRing.Initial;
        var states = new SortedDictionary<string, List<State>>(StringComparer.Ordinal);
        for (var i = 0; i < history.Count; i++)
        {
            var (recorded, @event) = history[i];
            ring = KeyRing.Evolve(ring, @event);
            var id = IdOf(@event);
            if (!states.TryGetValue(id, out var known))
            {
                states.Add(id, known = []);
            }

            known.Add(new(recorded, ring.Find(id)!, i));
        }

        return [.. states.Values.SelectMany(SpansOf)];
    }

    private static string IdOf(KeyEvent @event) => @event switch
    {
        KeyIssued e => e.Id ?? e.Prefix,
        KeyChanged e => e.Id,
        KeyRotated e => e.Id,
        KeyRevoked e => e.Id,
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not of the key ring."),
    };

    /// <summary>What a key may do changes with its events, and when its days or one of its secrets begin or
    /// end.</summary>
    private static IEnumerable<KeySpan> SpansOf(List<State> states)
    {
        var bounds = states.Select(each => (Instant?)each.At)
            .Concat(states.SelectMany(each => each.Key.Secrets.Select(held => held.Until)
                .Append(each.Key.ValidFrom).Append(each.Key.ValidUntil)))
            .OfType<Instant>().Where(at => at >= states[0].At).Distinct().Order();
        KeySpan? open = null;
        foreach (var at in bounds)
        {
            var now = At(at, states.Last(each => each.At <= at));
            if (open is not null && now is not null && IsSame(open, now))
            {
                continue;
            }

            if (open is not null)
            {
                yield return open with { Until = at };
            }

            open = now;
        }

        if (open is not null)
        {
            yield return open;
        }
    }

    /// <summary>Null while it may do nothing.</summary>
    private static KeySpan? At(Instant at, State state)
    {
        var key = state.Key;
        var permissions = key.Secrets.Where(held => key.HoldsAt(at, held))
            .Aggregate(PermissionSet.None, (all, held) => all.With(key.PermissionsBy(held)));
        return permissions == PermissionSet.None ? null : new(
            key.Id, key.Actor, key.Holder, key.Details?.Person, key.Details?.Roles ?? [Role.Owner], permissions, at,
            null, state.Cause);
    }

    private static bool IsSame(KeySpan one, KeySpan other) =>
        one with { From = other.From, Cause = other.Cause } == other;

    private readonly record struct State(Instant At, Key Key, int Cause);
}
