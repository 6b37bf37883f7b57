using System.Collections.Concurrent;
using System.Collections.Frozen;
using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>
/// Figures in the form in which formulas use them, made once for each span of days in which none changes. It is a
/// memory of what is pure: whoever asks for the same day and knowledge is answered the same.
/// </summary>
public sealed class FigureCache<T>(string pack, FigureBook book, Func<FigureSet, T> make)
    where T : class
{
    private readonly ConcurrentDictionary<(int, int, FrozenSet<string>?), (T Figures, string? Missing)> made = new();

    /// <summary>Null, and the figures; or the refusal, because one that is needed is not known.</summary>
    public Refusal? Find(LocalDate day, LawKnown known, out T figures)
    {
        var (ofDay, ofKnowledge) = book.SpanOf(day, known.On);
        var span = (ofDay, ofKnowledge, known.Later);
        if (!made.TryGetValue(span, out var entry))
        {
            var set = book.On(day, known);
            var value = make(set);
            entry = made.GetOrAdd(span, (value, set.Missing));
        }

        figures = entry.Figures;
        return entry.Missing is { } missing ? PayrollRefusals.FigureUnknown(pack, missing, day) : null;
    }
}
