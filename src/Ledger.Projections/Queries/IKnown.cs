using NodaTime;

namespace Ledger.Projections.Queries;

/// <summary>An answer that says what it rests on: every one that is about facts.</summary>
public interface IKnown
{
    /// <summary>As asked; otherwise when the last event that counts was recorded.</summary>
    Instant? KnownAt { get; }

    /// <summary>The last event of the company that counts; asked for by it, the answer is the same for ever.</summary>
    long KnownAtSequence { get; }
}
