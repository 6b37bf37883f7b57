using System.Collections.Concurrent;
using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>
/// Figures in the form in which formulas use them, made once for each span of days in which none changes. It is a
/// memory of what is pure: whoever asks for the same day and knowledge is answered the same.
/// </summary>
public sealed class FigureCache<T>(string pack, FigureBook book, Func<FigureSet, T> make)
    where T : class
{
    private readonly ConcurrentDictionary<(int Day, int KnownOn), (T Figures, string? Missing)> made = new();

    /// <summary>Null, and the figures; or the refusal, because one that is needed is not known.</summary>
    public Refusal? Find(LocalDate day, LocalDate? knownOn, out T figures)
    {
        var span = book.SpanOf(day, knownOn);
        if (!made.TryGetValue(span, out var entry))
        {
            var set = book.On(day, knownOn);
            var value = make(set);
            entry = made.GetOrAdd(span, (value, set.Missing));
        }

        figures = entry.Figures;
        return entry.Missing is { } missing ? PayrollRefusals.FigureUnknown(pack, missing, day) : null;
    }
}
