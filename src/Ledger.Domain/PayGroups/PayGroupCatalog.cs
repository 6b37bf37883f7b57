using System.Collections.Immutable;

namespace Ledger.Domain.PayGroups;

/// <summary>A group of people who are paid together.</summary>
/// <param name="Version">The catalog's version at the group's last change: the group's ETag.</param>
public sealed record PayGroup(PayGroupDetails Details, long Version)
{
    public bool IsArchived => Details.Archived ?? false;
}

/// <summary>All pay groups of a company.</summary>
public sealed class PayGroupCatalog
{
    public static PayGroupCatalog Initial { get; } =
        new(ImmutableSortedDictionary.Create<string, PayGroup>(StringComparer.Ordinal), 0);

    private readonly ImmutableSortedDictionary<string, PayGroup> groups;

    private PayGroupCatalog(ImmutableSortedDictionary<string, PayGroup> groups, long version) =>
        (this.groups, Version) = (groups, version);

    public long Version { get; }

    public int Count => groups.Count;

    /// <summary>In the ordinal order of their ids.</summary>
    public IEnumerable<KeyValuePair<string, PayGroup>> Groups => groups;

    public PayGroup? Find(string group) => groups.GetValueOrDefault(group);

    public static PayGroupCatalog Evolve(PayGroupCatalog state, PayGroupEvent @event) => @event switch
    {
        PayGroupAdded e => state.With(e.Group, e.Details),
        PayGroupChanged e => state.With(e.Group, e.Details),
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not a pay group's."),
    };

    private PayGroupCatalog With(string group, PayGroupDetails details) =>
        new(groups.SetItem(group, new PayGroup(details, Version + 1)), Version + 1);
}
