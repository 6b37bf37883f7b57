using System.Collections.Frozen;

namespace Ledger.Domain.Payroll;

/// <summary>What this ledger knows of a pack.</summary>
public sealed record PublishedPack
{
    /// <summary>The stream of a pack has this before its name.</summary>
    public const string StreamPrefix = "pack/";

    public static PublishedPack Initial { get; } = new();

    public int EngineVersion { get; private init; }

    /// <summary>Keys of figures and public holidays.</summary>
    public FrozenSet<string> Figures { get; private init; } = FrozenSet<string>.Empty;

    public static PublishedPack Evolve(PublishedPack state, PackEvent @event)
    {
        ArgumentNullException.ThrowIfNull(state);
        return @event switch
        {
            PackPublished e => new()
            {
                EngineVersion = e.EngineVersion,
                Figures = state.Figures.Concat(e.Figures).ToFrozenSet(StringComparer.Ordinal),
            },
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not a pack's."),
        };
    }
}

/// <summary>Says what is new in the program's law against what the ledger knows.</summary>
public static class PackDecider
{
    /// <summary>A program of before publishes nothing: what it lacks stays known.</summary>
    public static Decision<PackEvent> Publish(Pack pack, PublishedPack known)
    {
        ArgumentNullException.ThrowIfNull(pack);
        ArgumentNullException.ThrowIfNull(known);
        ValueList<string> added =
            [.. pack.Keys.Where(key => !known.Figures.Contains(key))];
        return added.Count == 0 && pack.EngineVersion <= known.EngineVersion
            ? Decision<PackEvent>.Nothing
            : new PackPublished(pack.Name, Math.Max(pack.EngineVersion, known.EngineVersion), added);
    }
}
