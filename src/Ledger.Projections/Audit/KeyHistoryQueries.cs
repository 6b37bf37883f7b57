using System.Text;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.EventStore;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Projections.Audit;

/// <summary>From when to when somebody could do something, and who saw to it.</summary>
/// <param name="Key">Its id.</param>
/// <param name="Holder">The person who answers for it, by an opaque id.</param>
/// <param name="Person">The person whose own data it reads, by an opaque id; for employees.</param>
/// <param name="Until">The first instant at which it was otherwise; null where it still is so.</param>
/// <param name="Sequence">Of the event that made it so.</param>
/// <param name="By">Who recorded that event.</param>
public sealed record PermissionSpan(
    string Key,
    string Actor,
    string Holder,
    string? Person,
    ValueList<Role> Roles,
    ValueList<Permission> Permissions,
    Instant From,
    Instant? Until,
    long Sequence,
    string? By);

/// <summary>Reads the events of keys, those of the company and the owner's, which hold in every one.</summary>
public static class KeyHistoryQueries
{
    private const string OwnersTenant = "*DEFAULT*";

    /// <summary>Spans that touch a span of time, in the order of keys and time: the company's, then the
    /// owner's.</summary>
    /// <param name="permission">Only those that have it.</param>
    public static async Task<IReadOnlyList<PermissionSpan>> SpansAsync(
        Snapshot snapshot, Instant? since, Instant? until, Permission? permission)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var spans = new List<PermissionSpan>();
        foreach (var tenant in (string[])[snapshot.Company.Code, OwnersTenant])
        {
            var recordings = await OfAsync(snapshot, tenant);
            spans.AddRange(
                from span in KeySpans.Of([.. recordings.Select(each => (each.Recorded, each.Event))])
                where !(span.From > until) && !(span.Until <= since)
                where permission is null || span.Permissions.Has(permission.Value)
                let cause = recordings[span.Cause]
                select new PermissionSpan(
                    span.Key, span.Actor, span.Holder, span.Person, span.Roles,
                    Enum.GetValues<Permission>().Where(each => span.Permissions.Has(each)).ToValueList(), span.From,
                    span.Until, cause.Sequence, cause.Actor));
        }

        return spans;
    }

    /// <summary>Who held each key, by its actor, from which sequence on.</summary>
    public static async Task<KeyHolders> HoldersAsync(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var own = await OfAsync(snapshot, snapshot.Company.Code);
        return new(own.Concat(await OfAsync(snapshot, OwnersTenant)));
    }

    private static async Task<IReadOnlyList<KeyRecording>> OfAsync(Snapshot snapshot, string tenant)
    {
        var found = snapshot.Ask(
            """
            select l.sequence, l.recorded, e.user_name, e.type, e.data::text from public.mt_events e
            cross join lateral (
                select l.sequence, l.recorded from ledger.log l
                where l.sequence = e.seq_id and l.company = $1 offset 0) l
            where e.tenant_id = $1 and e.stream_id = 'keys' and e.seq_id <= $2 order by e.version
            """,
            row => new KeyRecording(
                row.GetInt64(0),
                row.GetInstant(1),
                row.GetText(2),
                (KeyEvent)EventCatalog.Ledger.Read(row.GetString(3), Encoding.UTF8.GetBytes(row.GetString(4)))),
            tenant,
            snapshot.Knowledge.Sequence);
        await snapshot.SendAsync();
        return found;
    }
}

/// <summary>An event of keys, with who recorded it when.</summary>
public sealed record KeyRecording(long Sequence, Instant Recorded, string? Actor, KeyEvent Event);

/// <summary>Tells whose key an actor's was at a sequence.</summary>
public sealed class KeyHolders
{
    private readonly Dictionary<string, List<(long Sequence, string Key, string Holder)>> byActor =
        new(StringComparer.Ordinal);

    public KeyHolders(IEnumerable<KeyRecording> recordings)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        var actors = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var each in recordings)
        {
            var (id, details) = each.Event switch
            {
                KeyIssued e => (e.Id ?? e.Prefix, e.Key),
                KeyChanged e => (e.Id, e.Key),
                _ => ("", null),
            };
            if (each.Event is KeyIssued issued)
            {
                actors[id] = $"key:{issued.Prefix}";
                byActor[actors[id]] = [(each.Sequence, id, HolderOf(id, details))];
            }
            else if (each.Event is KeyChanged)
            {
                byActor[actors[id]].Add((each.Sequence, id, HolderOf(id, details)));
            }
        }
    }

    /// <summary>The sequences at which a key got another holder, perhaps; in order.</summary>
    public long[] Changes =>
        [.. byActor.Values.SelectMany(each => each.Skip(1)).Select(each => each.Sequence).Order()];

    /// <summary>The key and its holder; an actor without a key, such as one who came by token, is its own.</summary>
    public (string? Key, string? Holder) Of(string? actor, long sequence) =>
        actor is null || !byActor.TryGetValue(actor, out var holders) ? (null, actor)
        : holders.LastOrDefault(each => each.Sequence <= sequence) is { Key: not null } then
            ? (then.Key, then.Holder)
        : (holders[0].Key, holders[0].Holder);

    private static string HolderOf(string id, KeyDetails? details) =>
        details is null ? Key.OwnersHolder : details.Holder ?? id;
}
