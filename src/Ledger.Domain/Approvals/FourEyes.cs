using System.Collections.Immutable;
using Ledger.Domain.Keys;

namespace Ledger.Domain.Approvals;

/// <summary>How far a request for approval is.</summary>
public enum ApprovalStatus
{
    /// <summary>Nobody has agreed yet.</summary>
    Waiting,

    /// <summary>Somebody agreed; whoever asked has not sent it again.</summary>
    Approved,

    Done,

    Refused,
}

/// <summary>What was asked for; its content stands in the events, where no decision needs it.</summary>
/// <param name="Version">Of the stream, with the request.</param>
/// <param name="GivenBy">The person who agreed; null while nobody has.</param>
public sealed record Approval(
    string Id,
    ApprovalKind Kind,
    string Subject,
    string Holder,
    long Version,
    ApprovalStatus Status = ApprovalStatus.Waiting,
    string? GivenBy = null);

/// <summary>A company's settings of four eyes, and what is waiting for a second person.</summary>
public sealed class FourEyes
{
    /// <summary>What the streams begin with that hold the contents which are too long for the stream of
    /// approvals.</summary>
    public const string ContentStreamPrefix = "approval/";

    /// <summary>Requests that are remembered at least after their end, to answer retries.</summary>
    public const int EndedMax = 1_000;

    public static FourEyes Initial { get; } = new(
        new(),
        0,
        ImmutableDictionary.Create<string, Approval>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, Approval>(StringComparer.Ordinal),
        0);

    private readonly ImmutableDictionary<string, Approval> open;
    private readonly ImmutableDictionary<string, Approval> ended;

    private FourEyes(
        FourEyesSettings settings,
        long settingsVersion,
        ImmutableDictionary<string, Approval> open,
        ImmutableDictionary<string, Approval> ended,
        long version) =>
        (Settings, SettingsVersion, this.open, this.ended, Version) = (settings, settingsVersion, open, ended, version);

    public FourEyesSettings Settings { get; }

    /// <summary>The version at the last change of the settings: their ETag; 0 while they were never set.</summary>
    public long SettingsVersion { get; }

    public long Version { get; }

    /// <summary>In the ordinal order of their ids.</summary>
    public IEnumerable<Approval> Open => open.Values.OrderBy(approval => approval.Id, StringComparer.Ordinal);

    public int OpenCount => open.Count;

    public int OpenCountOf(string holder) => open.Values.Count(approval => approval.Holder == holder);

    /// <summary>One that is not yet done or refused.</summary>
    public Approval? Find(string id) => open.GetValueOrDefault(id);

    /// <summary>One that was done or refused, unless that is long ago.</summary>
    public Approval? FindEnded(string id) => ended.GetValueOrDefault(id);

    /// <summary>Whether a kind of deed is done by two persons here.</summary>
    public bool Covers(ApprovalKind kind) => Settings.Exempt is not { } exempt || !exempt.Contains(kind);

    /// <summary>Whether whoever holds the owner's key of the whole ledger is none of the company's persons, and this is
    /// they.</summary>
    public bool IsOutsider(string holder) => holder == Key.OwnersHolder && Settings.WithoutLedgerOwner is true;

    public static FourEyes Evolve(FourEyes state, ApprovalEvent @event)
    {
        ArgumentNullException.ThrowIfNull(state);
        return @event switch
        {
            FourEyesChanged e => new(e.Settings, state.Version + 1, state.open, state.ended, state.Version + 1),
            ApprovalRequested e => state.With(new(e.Id, e.Kind, e.Subject, e.Holder, state.Version + 1)),
            ApprovalGiven e => state.With(
                state.open[e.Id] with { GivenBy = e.Holder, Status = ApprovalStatus.Approved }),
            ApprovalRefused e => state.Ended(state.open[e.Id] with { Status = ApprovalStatus.Refused }),
            ApprovalUsed e => state.Ended(state.open[e.Id] with { Status = ApprovalStatus.Done }),
            ApprovedBySinglePerson => new(
                state.Settings, state.SettingsVersion, state.open, state.ended, state.Version + 1),
            _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not of approvals."),
        };
    }

    private FourEyes With(Approval approval) => new(
        Settings, SettingsVersion, open.SetItem(approval.Id, approval), ended.Remove(approval.Id), Version + 1);

    /// <summary>The oldest requests are forgotten many at once, so that each costs little.</summary>
    private FourEyes Ended(Approval approval)
    {
        var all = ended.SetItem(approval.Id, approval);
        var kept = all.Count <= 2 * EndedMax
            ? all
            : all.OrderByDescending(each => each.Value.Version).Take(EndedMax)
                .ToImmutableDictionary(StringComparer.Ordinal);
        return new(Settings, SettingsVersion, open.Remove(approval.Id), kept, Version + 1);
    }
}
