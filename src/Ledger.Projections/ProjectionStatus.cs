namespace Ledger.Projections;

/// <summary>How a loop stands, for <c>/healthz</c>.</summary>
/// <param name="Projection">The group, such as <c>books</c>.</param>
/// <param name="Version">The version of its tables; 0 until the loop has found it.</param>
/// <param name="Sequence">Everything up to here is in the tables.</param>
/// <param name="Leading">This process wrote last, or would write next: two that have nothing to do both say so. False
/// while another one is ahead, from which this one would take over.</param>
/// <param name="Stopped">Why the loop goes no further; null while it goes on.</param>
/// <param name="Trouble">What went wrong last, while the loop tries again; null when all is well.</param>
public sealed record ProjectionStatus(
    string Projection, int Version, long Sequence, bool Leading, StoppedProjection? Stopped,
    ProjectionTrouble? Trouble);

/// <summary>The event that a loop cannot go past. No event is skipped: a new program that can read it goes
/// on.</summary>
/// <param name="Version">The event's version in its stream.</param>
/// <param name="Reason">Quotes nothing of what the event says.</param>
public sealed record StoppedProjection(
    long Sequence, string Company, string Stream, long Version, string Type, string Reason)
{
    /// <summary>What anybody may know who asks, also those of other companies and strangers.</summary>
    public string ForCallers => $"Event {Sequence} ('{Type}')";

    /// <summary>For logs and commands of whoever runs the program.</summary>
    public override string ToString() =>
        $"Event {Sequence} ('{Type}', version {Version} of '{Stream}' in '{Company}'): {Reason}";
}

/// <summary>How far a group is behind the events.</summary>
/// <param name="Head">The sequence of the last event.</param>
/// <param name="Sequence">Everything up to here is in the tables.</param>
/// <param name="Seconds">How long the oldest event that is not in the tables has been waiting; 0 when all are.</param>
public sealed record ProjectionLag(long Head, long Sequence, decimal Seconds)
{
    public long Events => Head - Sequence;
}
