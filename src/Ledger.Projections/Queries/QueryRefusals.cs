using System.Globalization;
using Ledger.Domain;

namespace Ledger.Projections.Queries;

/// <summary>Every way in which a question is not answered.</summary>
public static class QueryRefusals
{
    public static Refusal KnowledgeAhead(long sequence, long head) => new(
        "known-at-sequence-ahead",
        $"knownAtSequence is {Text(sequence)}, but the last recorded event has {Text(head)}. Ask for {Text(head)} or "
            + "less.");

    public static Refusal ProjectionBehind(long wanted, long reached, StoppedProjection? stopped = null) => new(
        "projection-behind",
        $"Sequence {Text(wanted)} is asked for, but the tables that answer have reached {Text(reached)}. "
            + (stopped is null
                ? "Ask again a little later, or with a smaller atLeast."
                : $"They stop before it, at: {stopped.ForCallers}. The owner finds the reason in the log of the "
                    + "service, or by './run verify'."));

    public static Refusal SumTooLarge { get; } = new(
        "sum-too-large",
        "A sum of this answer has more than 28 digits and cannot be given exactly. Ask for fewer accounts or days.");

    public static Refusal TooLong { get; } = new(
        "query-took-too-long",
        "The answer took longer than a minute to find. Ask for fewer days or with fewer filters.");

    public static Refusal AccountNotKnownThen(string account) => new(
        "account-not-known-then",
        $"There is no account '{Texts.Shown(account)}' in the chart as known then. Send a code of the chart.");

    /// <param name="version">The one that is asked for; null for the last.</param>
    /// <param name="last">The last version that was known; 0 for no stream.</param>
    public static Refusal StreamNotKnownThen(string stream, long? version, long last) => new(
        "stream-not-known-then",
        last == 0
            ? $"There is no stream '{Texts.Shown(stream)}' as known then. Send one that events name."
            : $"The stream '{Texts.Shown(stream)}' has {Text(last)} events as known then, and no version "
                + $"{Text(version ?? 0)}. Send {Text(last)} or less.");

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
