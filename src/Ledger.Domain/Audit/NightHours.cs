using NodaTime;

namespace Ledger.Domain.Audit;

/// <summary>Hours of the clock on the wall at which nobody is expected to record anything.</summary>
/// <param name="From">The first moment; after <paramref name="To"/> where midnight lies between them.</param>
/// <param name="To">The first moment that is none any more.</param>
public readonly record struct NightHours(LocalTime From, LocalTime To)
{
    public bool Hold(LocalTime time) => From <= To ? From <= time && time < To : time >= From || time < To;

    /// <summary>The nights that begin on a day of the span or the evening before it.</summary>
    public IReadOnlyList<Interval> Between(LocalDate first, LocalDate last, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var spans = new List<Interval>();
        for (var day = first.PlusDays(-1); day <= last; day = day.PlusDays(1))
        {
            var morning = From <= To ? day : day.PlusDays(1);
            var (start, end) = (At(day, From, zone), At(morning, To, zone));
            if (start < end)
            {
                spans.Add(new(start, end));
            }
        }

        return spans;
    }

    /// <summary>Where the clocks go forward or back within the bound itself, the earlier moment is meant.</summary>
    private static Instant At(LocalDate day, LocalTime time, DateTimeZone zone) =>
        day.At(time).InZoneLeniently(zone).ToInstant();
}
