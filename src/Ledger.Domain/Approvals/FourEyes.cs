using System.Collections.Immutable;

namespace Ledger.Domain.Approvals;

/// <summary>What was asked for and is not yet done or refused.</summary>
/// <param name="GivenBy">The person who agreed; null while nobody has.</param>
public sealed record Approval(
    string Id, ApprovalKind Kind, string Subject, string Content, string Holder, string? GivenBy);

/// <summary>A company's settings of four eyes, and what is waiting for a second person.</summary>
public sealed class FourEyes
{
    public static FourEyes Initial { get; } = new(
        new(),
        0,
        ImmutableDictionary.Create<string, Approval>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, bool>(StringComparer.Ordinal),
        0);

    private readonly ImmutableDictionary<string, Approval> open;
    private readonly ImmutableDictionary<string, bool> ended;

    private FourEyes(
        FourEyesSettings settings,
        long settingsVersion,
        ImmutableDictionary<string, Approval> open,
        ImmutableDictionary<string, bool> ended,
        long version) =>
        (Settings, SettingsVersion, this.open, this.ended, Version) = (settings, settingsVersion, open, ended, version);

    public FourEyesSettings Settings { get; }

    /// <summary>The version at the last change of the settings: their ETag; 0 while they were never set.</summary>
    public long SettingsVersion { get; }

    public long Version { get; }

    /// <summary>In the ordinal order of their ids.</summary>
    public IEnumerable<Approval> Open => open.Values.OrderBy(approval => approval.Id, StringComparer.Ordinal);

    public int OpenCount => open.Count;

    public Approval? Find(string id) => open.GetValueOrDefault(id);

    /// <summary>How the last request with this id ended: true when it was done, false when it was refused.</summary>
    public bool? EndOf(string id) => ended.TryGetValue(id, out var done) ? done : null;

    /// <summary>Whether a kind of deed is done by two persons here.</summary>
    public bool Covers(ApprovalKind kind) => Settings.Exempt is not { } exempt || !exempt.Contains(kind);

    public static FourEyes Evolve(FourEyes state, ApprovalEvent @event)
    {
        ArgumentNullException.ThrowIfNull(state);
        return @event switch
        {
            FourEyesChanged e => new(e.Settings, state.Version + 1, state.open, state.ended, state.Version + 1),
            ApprovalRequested e => state.With(new(e.Id, e.Kind, e.Subject, e.Content, e.Holder, GivenBy: null)),
            ApprovalGiven e => state.With(state.open[e.Id] with { GivenBy = e.Holder }),
            ApprovalRefused e => state.Without(e.Id, done: false),
            ApprovalUsed e => state.Without(e.Id, done: true),
            ApprovedBySinglePerson => new(
                state.Settings, state.SettingsVersion, state.open, state.ended, state.Version + 1),
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not of approvals."),
        };
    }

    private FourEyes With(Approval approval) => new(
        Settings, SettingsVersion, open.SetItem(approval.Id, approval), ended.Remove(approval.Id), Version + 1);

    private FourEyes Without(string id, bool done) =>
        new(Settings, SettingsVersion, open.Remove(id), ended.SetItem(id, done), Version + 1);
}
