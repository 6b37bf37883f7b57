using NodaTime;

namespace Ledger.Projections.Queries;

/// <summary>
/// Whether the tables hold everything that was recorded up to an instant of the past: then what is answered about it
/// stays the same for ever. It is asked of each instant that a question knows, of comparisons too.
/// </summary>
/// <param name="Tables">As the question's snapshot sees them.</param>
/// <param name="HeadAtFirst">The last event there was when the question was first tried.</param>
/// <param name="AppendsPassed">No append of that time is still on its way.</param>
internal sealed record Finality(Tables Tables, long HeadAtFirst, bool AppendsPassed)
{
    /// <param name="instant">Null, or one still to come, means everything so far and needs nothing.</param>
    /// <exception cref="NotFinalException">Something must be waited for first.</exception>
    public void Check(Instant? instant)
    {
        if (instant is not { } past || past > Tables.Now)
        {
            return;
        }

        // An append takes its instant a moment before it can be seen.
        if (past >= Tables.HeadAt && !AppendsPassed)
        {
            throw new NotFinalException(Tables.Head + 1, appendsFirst: true);
        }

        if (past >= Tables.ReachedAt && Tables.Reached < HeadAtFirst)
        {
            throw new NotFinalException(HeadAtFirst, appendsFirst: false);
        }
    }
}

/// <summary>The question has to be asked again: of tables that have reached more, or after an append.</summary>
internal sealed class NotFinalException(long wanted, bool appendsFirst)
    : Exception("Not everything that was recorded up to the instant can be seen yet.")
{
    public long Wanted { get; } = wanted;

    /// <summary>An append may be recording right now what the question knows.</summary>
    public bool AppendsFirst { get; } = appendsFirst;
}
