using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Domain.Audit;

/// <summary>Days on which nobody is expected to record anything.</summary>
/// <param name="Weekend">Days of the week.</param>
/// <param name="Holidays">Public holidays, and days off instead of them; null where none are known.</param>
/// <param name="Region">The part of the country whose holidays count besides.</param>
public sealed record RestDays(ValueList<IsoDayOfWeek> Weekend, HolidayCalendar? Holidays, string? Region)
{
    /// <summary>Why it is one, such as Saturday or the holiday's name; null for a working day.</summary>
    public string? NameOf(LocalDate day) => Holidays?.On(day, Region)?.Name
        ?? (Weekend.Contains(day.DayOfWeek) ? day.DayOfWeek.ToString() : null);

    /// <summary>The rest days of a span, those side by side as one, from midnight to midnight.</summary>
    public IReadOnlyList<Interval> Between(LocalDate first, LocalDate last, DateTimeZone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var spans = new List<Interval>();
        LocalDate? began = null;
        for (var day = first; day <= last.PlusDays(1); day = day.PlusDays(1))
        {
            if (day <= last && NameOf(day) is not null)
            {
                began ??= day;
            }
            else if (began is { } start)
            {
                spans.Add(new(zone.AtStartOfDay(start).ToInstant(), zone.AtStartOfDay(day).ToInstant()));
                began = null;
            }
        }

        return spans;
    }
}

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
