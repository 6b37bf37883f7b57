using Ledger.Domain;

namespace Ledger.EventStore;

/// <summary>
/// What a decision comes to: events to append, nothing new, or a refusal. Made by <see cref="Verdict"/>.
/// </summary>
public sealed class Verdict<TAnswer>
{
    internal Verdict(TAnswer answer, (string Stream, IReadOnlyList<object> Events)[] writes, string? about)
    {
        Answer = answer;
        Writes = writes;
        About = about;
    }

    internal Verdict(Refusal refusal)
    {
        Answer = default!;
        Writes = [];
        Refusal = refusal;
    }

    internal TAnswer Answer { get; }

    internal (string Stream, IReadOnlyList<object> Events)[] Writes { get; }

    internal string? About { get; }

    internal Refusal? Refusal { get; }

    /// <summary>Whether anything is to be appended.</summary>
    public bool Appends => Writes.Length > 0;

    /// <summary>What is to be appended, in order.</summary>
    public IEnumerable<object> Events => Writes.SelectMany(write => write.Events);

    /// <summary>The same with more events, for a stream that was read; behind those that it writes there
    /// already.</summary>
    public Verdict<TAnswer> And(string stream, IReadOnlyList<object> events)
    {
        if (events.Count == 0)
        {
            return this;
        }

        var before = Array.Find(Writes, write => write.Stream == stream).Events ?? [];
        var others = Array.FindAll(Writes, write => write.Stream != stream);
        return new(Answer, [.. others, (stream, [.. before, .. events])], About);
    }

    public static implicit operator Verdict<TAnswer>(Refusal refusal) => new(refusal);
}

public static class Verdict
{
    /// <summary>
    /// Appends domain events, all or nothing. A stream without events is left out; when none is left it is
    /// <see cref="Nothing{TAnswer}"/>. A stream may be named once.
    /// </summary>
    public static Verdict<TAnswer> Append<TAnswer>(
        TAnswer answer, params (string Stream, IReadOnlyList<object> Events)[] writes) =>
        new(answer, Array.TrueForAll(writes, write => write.Events.Count > 0)
            ? writes
            : Array.FindAll(writes, write => write.Events.Count > 0), null);

    /// <summary>
    /// What was asked for is recorded already. The answer's sequence is that of the first event of
    /// <paramref name="about"/>; without it, of the document that was read, else of the last event of the registers
    /// read.
    /// </summary>
    public static Verdict<TAnswer> Nothing<TAnswer>(TAnswer answer, string? about = null) => new(answer, [], about);

    public static Verdict<TAnswer> Refuse<TAnswer>(Refusal refusal) => new(refusal);
}
