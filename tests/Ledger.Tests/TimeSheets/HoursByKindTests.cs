using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain;
using Ledger.Domain.Payroll;
using Ledger.Domain.Payroll.Bulgaria;
using Ledger.Domain.Payroll.UnitedKingdom;
using Ledger.Domain.Payroll.UnitedStates;
using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Tests.TimeSheets;

public sealed class HoursByKindTests
{
    private static readonly Pack Bg = BulgarianPack.Instance;

    [Fact]
    public void Over_midnight_a_shift_counts_on_both_days_and_its_overtime_on_that_where_it_begins() => Shows(
        Bg, "2026-06-01 normal 120, 2026-06-01 normal night 120, 2026-06-02 normal night 240, "
        + "2026-06-02 overtime night 120, 2026-06-02 overtime 60",
        ("2026-06-01T20:00", "2026-06-02T07:00"));

    [Fact]
    public void Over_a_months_end_an_entry_is_of_the_month_in_which_it_begins_and_its_hours_are_of_both() => Shows(
        Bg, "2026-06-30 normal night 120, 2026-07-01 normal night 360", ("2026-06-30T22:00", "2026-07-01T06:00"));

    [Fact]
    public void An_hour_that_the_clocks_skip_in_spring_is_not_worked() => Shows(
        Bg, "2026-03-28 restDay night 120, 2026-03-29 restDay night 300", ("2026-03-28T22:00", "2026-03-29T06:00"));

    [Fact]
    public void An_hour_that_comes_twice_in_autumn_is_worked_twice() => Shows(
        Bg, "2026-10-24 restDay night 120, 2026-10-25 restDay night 420", ("2026-10-24T22:00", "2026-10-25T06:00"));

    [Fact]
    public void The_first_and_the_second_of_the_same_hour_are_told_apart() => Shows(
        Bg, "2026-10-25 restDay night 30, 2026-10-25 restDay night 60",
        ("2026-10-25T03:30+03:00", "2026-10-25T03:00+02:00"), ("2026-10-25T03:00+02:00", "2026-10-25T04:00"));

    [Fact]
    public void Public_holidays_and_days_off_instead_of_them_are_told_apart() => Shows(
        Bg, "2026-05-06 publicHoliday 300, 2026-05-24 publicHoliday 60, 2026-05-25 restDay 60",
        ("2026-05-06T08:00", "2026-05-06T13:00"), ("2026-05-24T08:00", "2026-05-24T09:00"),
        ("2026-05-25T08:00", "2026-05-25T09:00"));

    [Fact]
    public void Overtime_of_a_day_is_counted_over_all_its_entries() => Shows(
        Bg, "2026-06-01 normal 300, 2026-06-01 normal 180, 2026-06-01 overtime 60",
        ("2026-06-01T07:00", "2026-06-01T12:00"), ("2026-06-01T13:00", "2026-06-01T17:00"));

    [Fact]
    public void Part_time_has_fewer_hours_a_day() => Assert.Equal(
        "2026-06-01 normal 240, 2026-06-01 overtime 60",
        Shown(Pieces(Bg, 20, ("2026-06-01T08:00", "2026-06-01T13:00"))));

    [Fact]
    public void In_the_United_States_hours_above_forty_a_week_are_overtime_whatever_the_day() => Shows(
        AmericanPack.Instance,
        "2026-05-31 normal 600, 2026-06-01 normal 600, 2026-06-02 normal 240, 2026-06-03 normal 360, "
        + "2026-06-03 normal 180, 2026-06-04 normal 420, 2026-06-04 overtime 180, 2026-06-07 normal 600",
        ("2026-05-31T08:00", "2026-05-31T18:00"), ("2026-06-01T08:00", "2026-06-01T18:00"),
        ("2026-06-02T20:00", "2026-06-03T06:00"), ("2026-06-03T15:00", "2026-06-03T18:00"),
        ("2026-06-04T08:00", "2026-06-04T18:00"), ("2026-06-07T08:00", "2026-06-07T18:00"));

    [Fact]
    public void In_the_United_Kingdom_all_hours_are_normal() => Shows(
        BritishPack.Instance, "2026-12-25 normal 720", ("2026-12-25T08:00", "2026-12-25T20:00"));

    [Fact]
    public void Breaks_are_no_work()
    {
        var time = new RecordedTime();
        Assert.Null(time.Record(
            "t-1", "2026-06-01T08:00", "2026-06-01T17:00", breaks:
            [
                new(new("2026-06-01T15:00"), new("2026-06-01T15:15")),
                new(new("2026-06-01T12:00"), new("2026-06-01T13:00")),
            ]));
        Assert.Equal(
            "2026-06-01 normal 240, 2026-06-01 normal 120, 2026-06-01 normal 105",
            Shown(HoursByKind.Of(time.Sheets!, Terms(Bg, 40))));
    }

    /// <summary>At any time, in any zone, with any breaks, also where the clocks are changed.</summary>
    [Fact]
    public void Hours_by_kind_add_up_to_what_passed_less_breaks() => Prop.ForAll(Entries.ToArbitrary(), entries =>
    {
        var time = new RecordedTime();
        Record(time, entries);
        var sheets = time.Sheets ?? [];
        foreach (var pack in Packs.All)
        {
            var pieces = HoursByKind.Of(sheets, Terms(pack, 40));
            Assert.Equal(
                sheets.SelectMany(each => each.Sheet.Entries.Values).Sum(each => each.Resolved.WorkedMinutes()),
                HoursByKind.Days(pieces).Sum(day => day.All));
            Assert.All(pieces, piece => Assert.InRange(piece.Minutes, 1, 24 * 60));
            Assert.All(pieces, piece => Assert.True(
                piece.Through.Date == piece.Day || piece.Through.LocalDateTime == piece.Day.PlusDays(1).AtMidnight()));
            Assert.All(HoursByKind.Days(pieces), day => Assert.InRange(day.Night, 0, day.All));
        }
    }).QuickCheckThrowOnFailure();

    /// <summary>Else the property above would hold of nothing.</summary>
    [Fact]
    public void Most_random_entries_are_recorded_and_some_are_refused() =>
        Assert.InRange(Entries.Sample(200).Average(entries => Record(new(), entries) / 6m), 0.6m, 0.99m);

    private static readonly Gen<(string Zone, int Minute, int Length, int Pause)[]> Entries = (
        from zone in Gen.Elements("Europe/Sofia", "America/New_York", "Asia/Baku", "Australia/Lord_Howe")
        from day in Gen.Elements(86, 87, 88, 297, 298, 66, 67, 304, 305, 120)
        from minute in Gen.Choose(0, 3 * 24 * 60)
        from length in Gen.Choose(1, 14 * 60)
        from pause in Gen.Choose(0, 90)
        select (zone, (day * 24 * 60) + minute, length, pause)).ListOf(6).Select(each => each.ToArray());

    /// <summary>How many could be recorded.</summary>
    private static int Record(RecordedTime time, (string Zone, int Minute, int Length, int Pause)[] entries)
    {
        var count = 0;
        foreach (var (zone, minute, length, pause) in entries)
        {
            var from = new LocalDate(2026, 1, 1).AtMidnight().PlusMinutes(minute);
            var breaks = pause > 0 && pause < length
                ? new[] { new TimeBreak(WallTime.Of(from.PlusMinutes(length - pause)), At(length)) } : [];
            count += time.Record(
                $"t-{count}", new(WallTime.Of(from), At(length), zone, breaks.ToValueList())) is null ? 1 : 0;

            WallTime At(int minutes) => WallTime.Of(from.PlusMinutes(minutes));
        }

        return count;
    }

    private static void Shows(Pack pack, string expected, params (string From, string Through)[] entries) =>
        Assert.Equal(expected, Shown(Pieces(pack, 40, entries)));

    private static List<WorkedPiece> Pieces(
        Pack pack, decimal weeklyHours, params (string From, string Through)[] entries)
    {
        var time = new RecordedTime();
        foreach (var (from, through) in entries)
        {
            Assert.Null(time.Record($"t-{from.Replace(':', '.').Replace('+', '_')}", from, through));
        }

        return HoursByKind.Of(time.Sheets!, Terms(pack, weeklyHours));
    }

    private static HourTerms Terms(Pack pack, decimal weeklyHours) => new(
        pack.HourRules, pack.Holidays, _ => weeklyHours, IsoDayOfWeek.Sunday);

    private static string Shown(IEnumerable<WorkedPiece> pieces) => string.Join(", ", pieces.Select(piece =>
        FormattableString.Invariant(
            $"{piece.Day:uuuu-MM-dd} {char.ToLowerInvariant(piece.Kind.ToString()[0])}{piece.Kind.ToString()[1..]}")
        + FormattableString.Invariant($"{(piece.IsNight ? " night" : "")} {piece.Minutes}")));
}
