using Ledger.Domain;
using NodaTime;

namespace Ledger.EventStore;

/// <summary>How a command ended.</summary>
public abstract record Transacted<TAnswer>
{
    private Transacted()
    {
    }

    /// <summary>Decided and recorded.</summary>
    /// <param name="Sequence">Of its last event: a reader that has reached it sees all of it.</param>
    /// <param name="Appended">False when it was recorded before (a retry); sequence and instant are then those.</param>
    public sealed record Done(TAnswer Answer, long Sequence, Instant Recorded, bool Appended) : Transacted<TAnswer>;

    /// <summary>A rule says no, on the state as it is now.</summary>
    public sealed record Refused(Refusal Refusal) : Transacted<TAnswer>;

    /// <summary>
    /// What it was decided on moved at each of several attempts. Nothing was recorded; send it again.
    /// </summary>
    public sealed record Busy : Transacted<TAnswer>;

    /// <summary>More is waiting than the store takes. Nothing was recorded; send it again later.</summary>
    public sealed record QueueFull : Transacted<TAnswer>;

    /// <summary>The database cannot take it now. Nothing was recorded; send it again later.</summary>
    /// <param name="DiskFull">Its disk has no room.</param>
    public sealed record Unavailable(string Why, bool DiskFull = false) : Transacted<TAnswer>;

    /// <summary>
    /// Nobody knows whether it was recorded. Send the same again: it is answered as a retry if it was.
    /// </summary>
    public sealed record Unknown(string Why) : Transacted<TAnswer>;

    /// <summary>Nothing was recorded: the database refuses the content of this one command.</summary>
    public sealed record Poisoned(string SqlState, string Message) : Transacted<TAnswer>;
}
