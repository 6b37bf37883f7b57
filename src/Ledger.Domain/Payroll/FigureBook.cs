using System.Collections.Frozen;
using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>All figures of a pack, by day and by what was known.</summary>
public sealed class FigureBook
{
    private readonly FrozenDictionary<string, Figure[]> byName;
    private readonly LocalDate[] changes;
    private readonly LocalDate[] publications;

    /// <exception cref="ArgumentException">Two figures of one name hold from the same day and were known from the
    /// same day, so that nobody could tell which one counts.</exception>
    public FigureBook(IEnumerable<Figure> figures)
    {
        All = [.. figures.OrderBy(figure => figure.From).ThenBy(figure => figure.KnownFrom)];
        byName = All.GroupBy(figure => figure.Name)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        changes =
        [
            .. All.Select(figure => figure.From)
                .Concat(All.Where(figure => figure.Through is not null).Select(each => each.Through!.Value.PlusDays(1)))
                .Distinct().Order(),
        ];
        publications = [.. All.Select(figure => figure.KnownFrom).Distinct().Order()];
        if (All.GroupBy(figure => (figure.Name, figure.From, figure.KnownFrom)).FirstOrDefault(same => same.Count() > 1)
            is { } twice)
        {
            throw new ArgumentException(
                $"{twice.Key.Name} stands twice from {Texts.Shown(twice.Key.From)}.", nameof(figures));
        }
    }

    /// <summary>From the earliest day on.</summary>
    public IReadOnlyList<Figure> All { get; }

    /// <summary>The figures that are part of the program, by the beginning of their files' names.</summary>
    public static FigureBook Of(string pack)
    {
        var assembly = typeof(FigureBook).Assembly;
        return new(assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith($"Figures.{pack}-", StringComparison.Ordinal))
            .SelectMany(name =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                return FigureText.Parse(name, reader.ReadToEnd());
            }));
    }

    /// <param name="day">The day on which they hold.</param>
    /// <param name="known">Only those that were known.</param>
    public FigureSet On(LocalDate day, LawKnown known) => new(this, day, known);

    /// <summary>The one of that name: of those that hold the latest, of these the one published last.</summary>
    internal Figure? Find(string name, LocalDate day, LawKnown known)
    {
        Figure? found = null;
        foreach (var figure in byName.GetValueOrDefault(name, []))
        {
            if (figure.From <= day && (figure.Through is null || figure.Through >= day) && known.Knows(figure))
            {
                found = figure;
            }
        }

        return found;
    }

    /// <summary>Days with the same number have the same figures; so have days of knowledge.</summary>
    internal (int Day, int KnownOn) SpanOf(LocalDate day, LocalDate? knownOn) =>
        (Index(changes, day), knownOn is { } known ? Index(publications, known) : publications.Length);

    /// <summary>How many of the days have come.</summary>
    private static int Index(LocalDate[] days, LocalDate day)
    {
        var found = Array.BinarySearch(days, day);
        return found >= 0 ? found + 1 : ~found;
    }
}

/// <summary>The figures that hold on a day. It notes the first that is missing, so that one question at the end says
/// whether all were there: a year without rates is refused, never continued from the one before.</summary>
public sealed class FigureSet(FigureBook book, LocalDate day, LawKnown known)
{
    private static readonly decimal[] None = [0];

    /// <summary>The name of the first figure that was needed and is not known.</summary>
    public string? Missing { get; private set; }

    public LocalDate Day { get; } = day;

    public Figure? Find(string name) => book.Find(name, Day, known);

    public Figure? Need(string name)
    {
        var figure = Find(name);
        Missing ??= figure is null ? name : null;
        return figure;
    }

    /// <summary>Its first number, or the one at a place.</summary>
    public Known Number(string name, int place = 0) =>
        Need(name) is { } figure ? new(figure.Values[place], figure) : default;

    /// <summary>A number that the law of some years does not have.</summary>
    public Known? Optional(string name, int place = 0) =>
        Find(name) is { } figure ? new Known(figure.Values[place], figure) : null;

    public ReadOnlySpan<decimal> List(string name) => Need(name) is { } figure ? figure.Values.AsSpan() : None;
}
