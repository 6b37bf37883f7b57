using System.Collections.Frozen;
using Ledger.Domain.Payroll;
using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Tests.TimeSheets;

public sealed class HolidayCalendarTests
{
    [Theory]
    [InlineData("bg", "2025 2026 2027")]
    [InlineData("az", "2025 2026")]
    [InlineData("gb", "2025 2026 2027")]
    [InlineData("us", "2025 2026 2027")]
    public void Years_that_are_not_published_are_not_there(string pack, string years) =>
        Assert.Equal(years, string.Join(' ', HolidayCalendar.Of(pack).Years));

    [Theory]
    [InlineData(2025)]
    [InlineData(2026)]
    [InlineData(2027)]
    public void In_Bulgaria_a_holiday_on_a_weekend_moves_to_working_days_behind_it_unless_it_is_Easter(int year)
    {
        var days = HolidayCalendar.Of("bg").Of(year);
        var expected = new List<LocalDate>();
        foreach (var holiday in days.Where(each => each.Kind == HolidayKind.Holiday
            && HourRules.IsRestDay(each.Day) && !IsEasterAlone(each)))
        {
            var day = holiday.Day;
            while (HourRules.IsRestDay(day) || expected.Contains(day)
                || days.Any(each => each.Day == day && each.Kind == HolidayKind.Holiday))
            {
                day = day.PlusDays(1);
            }

            expected.Add(day);
        }

        Assert.Equal(expected, days
            .Where(each => each.Kind == HolidayKind.DayOff && each.Name != "for the introduction of the euro")
            .Select(each => each.Day));
    }

    [Fact]
    public void Each_part_of_the_United_Kingdom_has_its_own()
    {
        var calendar = HolidayCalendar.Of("gb");
        string On(LocalDate day, string? place) => calendar.On(day, HolidayRegions.Of(place))?.Name ?? "";

        Assert.Equal("Easter Monday", On(new(2026, 4, 6), null));
        Assert.Equal("", On(new(2026, 4, 6), "Glasgow, Scotland"));
        Assert.Equal("2 January", On(new(2026, 1, 2), "Glasgow, Scotland"));
        Assert.Equal("Saint Patrick's Day", On(new(2026, 3, 17), "Belfast, Northern Ireland"));
        Assert.Equal("", On(new(2026, 3, 17), "Leeds"));
    }

    [Fact]
    public void A_holiday_that_is_proclaimed_later_was_not_known_before()
    {
        var calendar = HolidayCalendar.Of("gb");
        var day = new LocalDate(2026, 6, 15);
        string? On(LocalDate known) => calendar.On(day, HolidayRegions.Scotland, new(known))?.Name;

        Assert.Null(On(new(2026, 2, 4)));
        Assert.Equal("World Cup bank holiday", On(new(2026, 2, 5)));
    }

    [Fact]
    public void A_holiday_that_came_into_the_ledger_later_does_not_count_before()
    {
        var calendar = HolidayCalendar.Of("bg");
        var day = calendar.On(new(2026, 1, 2))!;
        Assert.Equal("dayOff 2026-01-02", day.Key);
        Assert.Null(calendar.On(day.Day, known: new(null, FrozenSet.Create(day.Key))));
        Assert.False(calendar.Knows(2026, new(null, calendar.Keys.ToFrozenSet())));
    }

    [Fact]
    public void In_the_United_States_a_holiday_on_a_weekend_is_observed_on_the_nearest_weekday() => Assert.All(
        HolidayCalendar.Of("us").Years.SelectMany(year => HolidayCalendar.Of("us").Of(year)),
        each => Assert.True(
            each.Kind == HolidayKind.DayOff || !HourRules.IsRestDay(each.Day)
            || HolidayCalendar.Of("us").On(
                each.Day.PlusDays(each.Day.DayOfWeek == IsoDayOfWeek.Saturday ? -1 : 1)) is not null,
            each.Name));

    [Fact]
    public void No_day_off_is_on_a_weekend_and_no_day_stands_twice()
    {
        foreach (var pack in Packs.All)
        {
            var days = pack.Holidays.Years.SelectMany(pack.Holidays.Of).ToList();
            Assert.DoesNotContain(days, day => day.Kind == HolidayKind.DayOff && HourRules.IsRestDay(day.Day));
            Assert.DoesNotContain(
                days.SelectMany(day => day.Regions ?? ["all"], (day, region) => (day.Day, region))
                    .GroupBy(each => each),
                same => same.Count() > 1);
        }
    }

    [Theory]
    [InlineData("checked 2026-11-27\nstatus official\nsource Law\n2026-01-01 holiday New Year", "another year")]
    [InlineData("year 2026\n2026-01-01 holiday New Year", "status")]
    [InlineData("year 2026\nwhat is this", "no holiday")]
    [InlineData("source Law", "the year is missing")]
    public void A_file_that_is_not_right_is_refused_with_its_line(string text, string wrong) => Assert.Contains(
        wrong, Assert.Throws<FormatException>(() => HolidayText.Parse("bg-2026.txt", text)).Message,
        StringComparison.Ordinal);

    private static bool IsEasterAlone(Holiday day) =>
        day.Name is "Good Friday" or "Holy Saturday" or "Easter Sunday" or "Easter Monday";
}
