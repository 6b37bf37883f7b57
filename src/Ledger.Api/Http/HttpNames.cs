namespace Ledger.Api;

/// <summary>Header names of our own.</summary>
public static class HttpNames
{
    /// <summary>In the answer to a write: the number of its last event.</summary>
    public const string Sequence = "Ledger-Sequence";

    /// <summary>In a query: the tables must have reached this sequence.</summary>
    public const string AtLeast = "Ledger-At-Least";

    /// <summary>In an answer: the last event that it rests on, and when that was.</summary>
    public const string KnownAtSequence = "Ledger-Known-At-Sequence";
    public const string KnownAt = "Ledger-Known-At";

    /// <summary>Makes a POST safe to repeat; it becomes the id of the document.</summary>
    public const string IdempotencyKey = "Idempotency-Key";
}
