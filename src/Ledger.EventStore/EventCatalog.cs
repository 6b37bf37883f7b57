using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ledger.Domain;
using Ledger.EventStore.Sealing;

namespace Ledger.EventStore;

/// <summary>Which stored name belongs to which event record, and how the two become each other.</summary>
public sealed class EventCatalog
{
    private readonly FrozenDictionary<string, Entry> byName;
    private readonly FrozenDictionary<Type, Entry> byType;

    /// <param name="types">Records that carry <see cref="EventNameAttribute"/>; their names must differ.</param>
    /// <param name="upcasters">Events whose meaning changed, and what they are read as today.</param>
    public EventCatalog(IEnumerable<Type> types, params Upcaster[] upcasters)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(upcasters);
        var names = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var type in types)
        {
            var name = type.GetCustomAttribute<EventNameAttribute>()?.Name
                ?? throw new ArgumentException($"{type} carries no [EventName].", nameof(types));
            var upcast = Array.Find(upcasters, upcaster => upcaster.Old == type)?.Upcast;
            if (!names.TryAdd(name, new Entry(name, type, EventJson.Records.GetTypeInfo(type), upcast)))
            {
                throw new ArgumentException(
                    $"Two events are called '{name}': {names[name].Type} and {type}.", nameof(types));
            }
        }

        byName = names.ToFrozenDictionary(StringComparer.Ordinal);
        byType = names.Values.ToFrozenDictionary(entry => entry.Type);
    }

    /// <summary>All events of the ledger's domain.</summary>
    public static EventCatalog Ledger { get; } = Of(typeof(EventNameAttribute).Assembly);

    /// <summary>All records with a name in the assembly.</summary>
    public static EventCatalog Of(Assembly assembly, params Upcaster[] upcasters)
    {
        ArgumentNullException.ThrowIfNull(assembly);
        return new(assembly.GetTypes().Where(type => type.IsDefined(typeof(EventNameAttribute), false)), upcasters);
    }

    /// <summary>Every stored name, in ordinal order.</summary>
    public IReadOnlyList<string> Names => [.. byName.Keys.Order(StringComparer.Ordinal)];

    public bool Knows(string name) => byName.ContainsKey(name);

    /// <summary>The record of that name.</summary>
    /// <exception cref="UnknownEventException">No record carries it.</exception>
    public Type TypeOf(string name) => Find(name).Type;

    /// <summary>The name under which events of this type are stored.</summary>
    public string NameOf(Type type) => Find(type).Name;

    /// <summary>Where events of this type hold texts on persons; null where they cannot.</summary>
    public PersonalMembers? PersonalOf(Type type) => Find(type).Personal;

    /// <summary>Gives the event an id and writes it as JSON.</summary>
    public NewEvent ToStore(object domainEvent)
    {
        ArgumentNullException.ThrowIfNull(domainEvent);
        return ToStore(Find(domainEvent.GetType()), Guid.NewGuid(), domainEvent);
    }

    /// <summary>The same for an event that may hold open texts on persons, which are sealed in their places.</summary>
    /// <param name="id">The event's; it must never have been used.</param>
    /// <param name="version">The one that the event gets in its stream.</param>
    public NewEvent ToStore(
        object domainEvent, Guid id, string company, string stream, long version, Sealer sealer)
    {
        ArgumentNullException.ThrowIfNull(domainEvent);
        ArgumentNullException.ThrowIfNull(sealer);
        var entry = Find(domainEvent.GetType());
        return ToStore(entry, id, entry.Personal?.Map(domainEvent, (path, text) =>
            sealer.Seal(new(id, company, stream, version, entry.Name, path), text)) ?? domainEvent);
    }

    /// <summary>The texts on persons in an event as it is stored, each with its place.</summary>
    public IReadOnlyList<SealedText> SealedIn(RecordedEvent recorded, object stored)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        ArgumentNullException.ThrowIfNull(stored);
        return PersonalMembers.Of(stored.GetType()) is { } members && members.Any(stored)
            ? [.. members.In(stored).Select(each => new SealedText(PlaceOf(recorded, each.Path), each.Text))]
            : [];
    }

    private static FieldPlace PlaceOf(RecordedEvent recorded, string path) =>
        new(recorded.Id, recorded.Company, recorded.Stream, recorded.Version, recorded.Type, path);

    private static NewEvent ToStore(Entry entry, Guid id, object sealedEvent) => new(
        id, entry.Name, entry.DotnetType, JsonSerializer.SerializeToUtf8Bytes(sealedEvent, entry.Json));

    /// <summary>The domain event that was recorded.</summary>
    /// <exception cref="UnknownEventException">Its name is not in this catalog.</exception>
    /// <exception cref="UnreadableEventException">Its JSON does not fit its record.</exception>
    public object Read(RecordedEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        if (!byName.TryGetValue(recorded.Type, out var entry))
        {
            throw new UnknownEventException(recorded.Type, $"{Where(recorded)} is");
        }

        try
        {
            return Read(entry, recorded.Data.Span);
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            throw new UnreadableEventException($"{Where(recorded)} '{recorded.Type}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The domain event of that name and JSON.</summary>
    /// <exception cref="UnknownEventException">The name is not in this catalog.</exception>
    public object Read(string name, ReadOnlySpan<byte> json) => Read(Find(name), json);

    private static object Read(Entry entry, ReadOnlySpan<byte> json)
    {
        var read = JsonSerializer.Deserialize(json, entry.Json)
            ?? throw new JsonException($"The body of '{entry.Name}' is null.");
        return entry.Upcast is null ? read : entry.Upcast(read);
    }

    private static string Where(RecordedEvent recorded) =>
        $"Event {recorded.Sequence} (version {recorded.Version} of '{recorded.Stream}' in '{recorded.Company}')";

    private Entry Find(string name) =>
        byName.TryGetValue(name, out var entry) ? entry : throw new UnknownEventException(name, "An event is");

    private Entry Find(Type type) => byType.TryGetValue(type, out var entry)
        ? entry
        : throw new ArgumentException($"{type} is not in the event catalog; it needs an [EventName].", nameof(type));

    private sealed record Entry(string Name, Type Type, JsonTypeInfo Json, Func<object, object>? Upcast)
    {
        public PersonalMembers? Personal { get; } = PersonalMembers.Of(Type);

        public string DotnetType { get; } = $"{Type.FullName}, {Type.Assembly.GetName().Name}";
    }
}

/// <summary>Reads an event whose meaning changed as the event of today; both keep their records and names.</summary>
public sealed record Upcaster(Type Old, Func<object, object> Upcast)
{
    public static Upcaster From<TOld, TNew>(Func<TOld, TNew> upcast)
        where TOld : notnull
        where TNew : notnull =>
        new(typeof(TOld), old => upcast((TOld)old));
}

/// <summary>An event is stored under a name that this program does not know.</summary>
public sealed class UnknownEventException(string name, string where)
    : Exception($"{where} of type '{name}', which this version of the program does not know.")
{
    public string Name { get; } = name;
}

/// <summary>A recorded event whose JSON does not fit its record.</summary>
public sealed class UnreadableEventException(string message, Exception inner) : Exception(message, inner);
