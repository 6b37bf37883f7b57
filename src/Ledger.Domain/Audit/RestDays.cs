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
