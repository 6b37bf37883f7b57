using NodaTime;

namespace Ledger.Projections.Balances;

/// <summary>Whole days (level 0), months (1) or years (2), from the first day of the first to before the end of the
/// last, whose cells are added or taken away.</summary>
internal readonly record struct BookedSpan(short Level, LocalDate? Since, LocalDate Before, bool Adds = true);

/// <summary>
/// A range of days as whole years, whole months and days. What is more than half of a longer span comes as that span
/// less the rest of it: to the end of a month's last week are read its few days that follow, not the many before.
/// </summary>
internal static class BookedSpans
{
    private const short Day = 0;
    private const short Month = 1;
    private const short Year = 2;

    /// <param name="since">The first day; null for the beginning of time.</param>
    /// <param name="before">The day behind the last one.</param>
    public static List<BookedSpan> Of(LocalDate? since, LocalDate before)
    {
        var spans = new List<BookedSpan>(8);
        var end = FirstOfYear(before);
        if (since is not { } first)
        {
            spans.Add(new(Year, null, end));
            AddMonths(spans, end, before);
        }
        else if (FirstOfYear(first) == end)
        {
            AddMonths(spans, first, before);
        }
        else
        {
            var begin = UpTo(first, FirstOfYear(first), Period.FromYears(1));
            AddMonths(spans, first, begin);
            Add(spans, Year, begin, end, adds: true);
            AddMonths(spans, end, before);
        }

        return spans;
    }

    /// <summary>A range inside a year, which may end with it.</summary>
    private static void AddMonths(List<BookedSpan> spans, LocalDate since, LocalDate before)
    {
        const int halfOfYear = 6;
        if (since >= before)
        {
            return;
        }

        var (first, end) = (UpTo(since, FirstOfMonth(since), Period.FromMonths(1)), FirstOfMonth(before));
        if (first > end)
        {
            AddDays(spans, since, before);
            return;
        }

        AddDays(spans, since, first);
        var year = FirstOfYear(since);
        if (Period.Between(first, end, PeriodUnits.Months).Months > halfOfYear && HasNext(year))
        {
            var next = year.PlusYears(1);
            Add(spans, Year, year, next, adds: true);
            Add(spans, Month, year, first, adds: false);
            Add(spans, Month, end, next, adds: false);
        }
        else
        {
            Add(spans, Month, first, end, adds: true);
        }

        AddDays(spans, end, before);
    }

    /// <summary>A range inside a month, which may end with it.</summary>
    private static void AddDays(List<BookedSpan> spans, LocalDate since, LocalDate before)
    {
        var month = FirstOfMonth(since);
        var days = Period.DaysBetween(since, before);
        if (days > month.Calendar.GetDaysInMonth(month.Year, month.Month) / 2 && HasNext(month))
        {
            var next = month.PlusMonths(1);
            Add(spans, Month, month, next, adds: true);
            Add(spans, Day, month, since, adds: false);
            Add(spans, Day, before, next, adds: false);
        }
        else
        {
            Add(spans, Day, since, before, adds: true);
        }
    }

    private static void Add(List<BookedSpan> spans, short level, LocalDate since, LocalDate before, bool adds)
    {
        if (since < before)
        {
            spans.Add(new(level, since, before, adds));
        }
    }

    /// <summary>The day itself when a span begins on it, else the beginning of the next span.</summary>
    private static LocalDate UpTo(LocalDate day, LocalDate begin, Period span) =>
        day == begin || !HasNext(day) ? day : begin + span;

    /// <summary>The last year of the calendar has no day behind it.</summary>
    private static bool HasNext(LocalDate day) => day.Year < LocalDate.MaxIsoValue.Year;

    private static LocalDate FirstOfMonth(LocalDate day) => new(day.Year, day.Month, 1);

    private static LocalDate FirstOfYear(LocalDate day) => new(day.Year, 1, 1);
}
