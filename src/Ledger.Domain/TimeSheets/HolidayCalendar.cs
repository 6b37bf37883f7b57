using System.Collections.Concurrent;
using System.Collections.Frozen;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Domain.TimeSheets;

/// <summary>The public holidays of a pack's country, by years: one that is not there is not known, and never continued
/// from the one before.</summary>
public sealed class HolidayCalendar
{
    private static readonly ConcurrentDictionary<string, HolidayCalendar> Known = new(StringComparer.Ordinal);

    private readonly FrozenDictionary<int, Holiday[]> years;
    private readonly ILookup<LocalDate, Holiday> days;

    public HolidayCalendar(IEnumerable<KeyValuePair<int, IReadOnlyList<Holiday>>> byYear)
    {
        ArgumentNullException.ThrowIfNull(byYear);
        years = byYear.ToFrozenDictionary(
            each => each.Key,
            each => each.Value.OrderBy(day => day.Day).ThenBy(day => day.Name, StringComparer.Ordinal).ToArray());
        days = years.Values.SelectMany(year => year).ToLookup(each => each.Day);
    }

    /// <summary>Those that are part of the program, by the beginning of their files' names.</summary>
    public static HolidayCalendar Of(string pack) => Known.GetOrAdd(pack, static name =>
    {
        var assembly = typeof(HolidayCalendar).Assembly;
        return new(assembly.GetManifestResourceNames()
            .Where(file => file.StartsWith($"Holidays.{name}-", StringComparison.Ordinal))
            .Select(file =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(file)!);
                return HolidayText.Parse(file, reader.ReadToEnd());
            }));
    });

    /// <summary>The years that are known, in order.</summary>
    public IEnumerable<int> Years => years.Keys.Order();

    /// <summary>Whether any day of the year was known.</summary>
    public bool Knows(int year, LawKnown known = default) => Of(year).Any(known.Knows);

    /// <summary>The keys of all days.</summary>
    public IEnumerable<string> Keys => Years.SelectMany(Of).Select(day => day.Key);

    /// <summary>In the order of days; none where the year is not known.</summary>
    public IReadOnlyList<Holiday> Of(int year) => years.GetValueOrDefault(year) ?? [];

    /// <summary>A day's holiday, else its day off; null where it is an ordinary day.</summary>
    /// <param name="day">The day.</param>
    /// <param name="region">A part of the country with holidays of its own; null is the country's alone.</param>
    /// <param name="known">Only what was known.</param>
    public Holiday? On(LocalDate day, string? region = null, LawKnown known = default)
    {
        Holiday? found = null;
        foreach (var each in days[day])
        {
            if (each.HoldsIn(region) && known.Knows(each) && (found is null || each.Kind < found.Kind))
            {
                found = each;
            }
        }

        return found;
    }
}
