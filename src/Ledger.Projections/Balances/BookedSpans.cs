using NodaTime;

namespace Ledger.Projections.Balances;

/// <summary>Whole days (level 0), months (1) or years (2), from the first day of the first to before the end of the
/// last.</summary>
internal readonly record struct BookedSpan(short Level, LocalDate? Since, LocalDate Before);

/// <summary>A range of days as whole years, whole months and days.</summary>
internal static class BookedSpans
{
    private const short Day = 0;
    private const short Month = 1;
    private const short Year = 2;

    /// <param name="since">The first day; null for the beginning of time.</param>
    /// <param name="before">The day behind the last one.</param>
    public static List<BookedSpan> Of(LocalDate? since, LocalDate before)
    {
        var spans = new List<BookedSpan>(5);
        var years = (Since: since is { } day ? UpTo(day, FirstOfYear(day), Period.FromYears(1)) : (LocalDate?)null,
            Before: FirstOfYear(before));
        if (years.Since is null || years.Since < years.Before)
        {
            spans.Add(new(Year, years.Since, years.Before));
            if (since is { } first && first < years.Since)
            {
                AddMonths(spans, first, years.Since.Value);
            }

            AddMonths(spans, years.Before, before);
        }
        else
        {
            AddMonths(spans, since!.Value, before);
        }

        return spans;
    }

    private static void AddMonths(List<BookedSpan> spans, LocalDate since, LocalDate before)
    {
        var (first, end) = (UpTo(since, FirstOfMonth(since), Period.FromMonths(1)), FirstOfMonth(before));
        if (first < end)
        {
            spans.Add(new(Month, first, end));
            AddDays(spans, since, first);
            AddDays(spans, end, before);
        }
        else
        {
            AddDays(spans, since, before);
        }
    }

    private static void AddDays(List<BookedSpan> spans, LocalDate since, LocalDate before)
    {
        if (since < before)
        {
            spans.Add(new(Day, since, before));
        }
    }

    /// <summary>The day itself when a span begins on it, else the beginning of the next span.</summary>
    private static LocalDate UpTo(LocalDate day, LocalDate begin, Period span) =>
        day == begin || day.Year == LocalDate.MaxIsoValue.Year ? day : begin + span;

    private static LocalDate FirstOfMonth(LocalDate day) => new(day.Year, day.Month, 1);

    private static LocalDate FirstOfYear(LocalDate day) => new(day.Year, 1, 1);
}
