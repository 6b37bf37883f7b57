using System.Runtime.InteropServices;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Domain.TimeSheets;

/// <summary>The sheet of a month.</summary>
public readonly record struct SheetOfMonth(YearMonth Month, TimeSheet Sheet);

/// <summary>Work of one kind without a pause, within one day of the calendar.</summary>
/// <param name="Sheet">The month of the entry.</param>
/// <param name="Minutes">That passed, also where the clocks were changed.</param>
/// <param name="Holiday">The public holiday or day off on which it was; null on any other day.</param>
public sealed record WorkedPiece(
    TimeEntry Entry, YearMonth Sheet, OffsetDateTime From, OffsetDateTime Through, int Minutes, HourKind Kind,
    bool IsNight, Holiday? Holiday)
{
    public LocalDate Day => From.Date;
}

/// <summary>Minutes of a day by kind. Those of the night are among them.</summary>
public readonly record struct DayMinutes(
    LocalDate Day, int Normal, int Overtime, int RestDay, int PublicHoliday, int Night)
{
    public int All => Normal + Overtime + RestDay + PublicHoliday;

    public DayMinutes With(DayMinutes other) => new(
        Day, Normal + other.Normal, Overtime + other.Overtime, RestDay + other.RestDay,
        PublicHoliday + other.PublicHoliday, Night + other.Night);

    public DayMinutes With(HourKind kind, int minutes, bool isNight)
    {
        var more = isNight ? this with { Night = Night + minutes } : this;
        return kind switch
        {
            HourKind.Normal => more with { Normal = Normal + minutes },
            HourKind.Overtime => more with { Overtime = Overtime + minutes },
            HourKind.RestDay => more with { RestDay = RestDay + minutes },
            _ => more with { PublicHoliday = PublicHoliday + minutes },
        };
    }
}

/// <summary>By what hours are told apart.</summary>
/// <param name="WeeklyHoursOn">Of the contract of a day; null where there is none.</param>
/// <param name="WeekStart">The first day of a week of work.</param>
/// <param name="Known">Only holidays that were known.</param>
public sealed record HourTerms(
    HourRules Rules, HolidayCalendar Holidays, Func<LocalDate, decimal?> WeeklyHoursOn, IsoDayOfWeek WeekStart,
    LawKnown Known = default);

/// <summary>
/// Turns entries into hours by kind: what passed between beginning and end, less breaks, cut at midnight, where night
/// begins and ends, and where overtime begins. Each minute has one kind: that of a public holiday, else of a day of
/// rest, else overtime, else normal; so they add up to what was worked.
/// </summary>
public static class HoursByKind
{
    /// <summary>In the order of time.</summary>
    public static List<WorkedPiece> Of(IEnumerable<SheetOfMonth> sheets, HourTerms terms)
    {
        ArgumentNullException.ThrowIfNull(sheets);
        ArgumentNullException.ThrowIfNull(terms);
        var entries = sheets
            .SelectMany(each => each.Sheet.Entries.Values.Where(entry => entry.Counts), (each, entry) => (each, entry))
            .OrderBy(each => each.entry.Resolved.From);
        var pieces = new List<WorkedPiece>();
        var worked = new Dictionary<LocalDate, int>();
        foreach (var (sheet, entry) in entries)
        {
            foreach (var span in Spans(entry.Resolved, terms.Rules.TellsNight))
            {
                Add(pieces, worked, entry, sheet.Month, span, terms);
            }
        }

        return pieces;
    }

    /// <summary>The days with work, in order.</summary>
    public static List<DayMinutes> Days(IEnumerable<WorkedPiece> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        var days = new SortedDictionary<LocalDate, DayMinutes>();
        foreach (var piece in pieces)
        {
            var day = days.GetValueOrDefault(piece.Day, new DayMinutes(piece.Day, 0, 0, 0, 0, 0));
            days[piece.Day] = day.With(piece.Kind, piece.Minutes, piece.IsNight);
        }

        return [.. days.Values];
    }

    /// <summary>The first day of a day's week.</summary>
    public static LocalDate WeekOf(LocalDate day, IsoDayOfWeek weekStart) =>
        day.PlusDays(-(((int)day.DayOfWeek - (int)weekStart + 7) % 7));

    /// <summary>Adds a span with its kind, in two pieces where overtime begins within it.</summary>
    private static void Add(
        List<WorkedPiece> pieces, Dictionary<LocalDate, int> worked, TimeEntry entry, YearMonth sheet, Span span,
        HourTerms terms)
    {
        var day = span.LocalFrom.Date;
        var holiday = terms.Holidays.On(day, known: terms.Known);
        var counted = terms.Rules.Overtime == OvertimeAfter.Week
            ? WeekOf(day, terms.WeekStart) : entry.Details.From.Local.Date;
        var limit = terms.Rules.MinutesOf(terms.WeeklyHoursOn(day));
        ref var before = ref CollectionsMarshal.GetValueRefOrAddDefault(worked, counted, out _);
        var ordinary = Math.Clamp(limit - before, 0, span.Minutes);
        before += span.Minutes;
        if (terms.Rules.TellsDays && KindOf(day, holiday) is var kind and not HourKind.Normal)
        {
            Add(span, kind);
        }
        else if (ordinary == 0 || ordinary == span.Minutes)
        {
            Add(span, ordinary == 0 ? HourKind.Overtime : HourKind.Normal);
        }
        else
        {
            var (first, second) = span.CutAfter(ordinary);
            Add(first, HourKind.Normal);
            Add(second, HourKind.Overtime);
        }

        void Add(Span part, HourKind kindOfPart) => pieces.Add(new(
            entry, sheet, part.LocalFrom, part.LocalThrough, part.Minutes, kindOfPart, part.IsNight, holiday));
    }

    private static HourKind KindOf(LocalDate day, Holiday? holiday) =>
        holiday?.Kind == HolidayKind.Holiday ? HourKind.PublicHoliday
        : holiday is not null || HourRules.IsRestDay(day) ? HourKind.RestDay
        : HourKind.Normal;

    /// <summary>What was worked between breaks, cut at midnight and where night begins and ends.</summary>
    private static IEnumerable<Span> Spans(TimeResolved resolved, bool tellsNight)
    {
        var zone = LocalClock.Zone(resolved.Zone)!;
        var from = resolved.From;
        foreach (var pause in (resolved.Breaks ?? ValueList<TimeSpent>.Empty)
            .Append(new(resolved.Through, resolved.Through)))
        {
            while (from < pause.From)
            {
                var local = from.InZone(zone).LocalDateTime;
                var next = LocalClock.Next(NextCut(local, tellsNight), from, zone);
                var through = next > from && next < pause.From ? next : pause.From;
                yield return new(zone, from, through, tellsNight && IsNight(local.TimeOfDay));
                from = through;
            }

            from = pause.Through;
        }
    }

    private static LocalDateTime NextCut(LocalDateTime local, bool tellsNight) =>
        tellsNight && local.TimeOfDay < HourRules.NightThrough ? local.Date + HourRules.NightThrough
        : tellsNight && local.TimeOfDay < HourRules.NightFrom ? local.Date + HourRules.NightFrom
        : local.Date.PlusDays(1).AtMidnight();

    private static bool IsNight(LocalTime time) => time < HourRules.NightThrough || time >= HourRules.NightFrom;

    private readonly record struct Span(DateTimeZone Zone, Instant From, Instant Through, bool IsNight)
    {
        public OffsetDateTime LocalFrom => From.InZone(Zone).ToOffsetDateTime();

        public OffsetDateTime LocalThrough => Through.InZone(Zone).ToOffsetDateTime();

        public int Minutes => TimeSpent.MinutesOf(From, Through);

        public (Span First, Span Second) CutAfter(int minutes)
        {
            var cut = From + Duration.FromMinutes(minutes);
            return (this with { Through = cut }, this with { From = cut });
        }
    }
}
