using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain.Audit;
using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Tests.Audit;

public sealed class RestDaysTests
{
    private static readonly DateTimeZone Sofia = DateTimeZoneProviders.Tzdb["Europe/Sofia"];
    private static readonly LocalDate First = new(2026, 1, 1);
    private static readonly LocalDate Last = new(2026, 12, 31);

    private static readonly RestDays Bulgarian = new(
        [IsoDayOfWeek.Saturday, IsoDayOfWeek.Sunday], HolidayCalendar.Of("bg"), null);

    [Theory]
    [InlineData(3, 2, null)]
    [InlineData(3, 3, "Liberation Day")]
    [InlineData(3, 6, null)]
    [InlineData(3, 7, "Saturday")]
    [InlineData(3, 8, "Sunday")]
    public void A_day_of_rest_says_why(int month, int day, string? name) =>
        Assert.Equal(name, Bulgarian.NameOf(new(2026, month, day)));

    [Theory]
    [InlineData("22:00", "06:00", "22:00", true)]
    [InlineData("22:00", "06:00", "05:59", true)]
    [InlineData("22:00", "06:00", "06:00", false)]
    [InlineData("22:00", "06:00", "21:59", false)]
    [InlineData("00:00", "05:00", "00:00", true)]
    [InlineData("00:00", "05:00", "23:59", false)]
    public void Night_begins_with_its_first_moment_and_ends_before_its_last(
        string from, string to, string time, bool isNight) =>
        Assert.Equal(isNight, new NightHours(Time(from), Time(to)).Hold(Time(time)));

    [Fact]
    public void An_instant_is_in_a_span_of_rest_if_and_only_if_its_local_day_is_one()
    {
        var spans = Bulgarian.Between(First, Last, Sofia);

        Prop.ForAll(Instants(), at => Holds(spans, at) == (Bulgarian.NameOf(at.InZone(Sofia).Date) is not null))
            .QuickCheckThrowOnFailure();
        Assert.InRange(spans.Count, 52, 80);
    }

    [Theory]
    [InlineData("22:00", "06:00")]
    [InlineData("00:00", "05:00")]
    [InlineData("12:00", "13:30")]
    public void An_instant_is_in_a_night_if_and_only_if_the_clock_says_so(string from, string to)
    {
        var night = new NightHours(Time(from), Time(to));
        var spans = night.Between(First, Last, Sofia);

        Prop.ForAll(Instants(), at => Holds(spans, at) == night.Hold(at.InZone(Sofia).TimeOfDay))
            .QuickCheckThrowOnFailure();
    }

    private static bool Holds(IEnumerable<NodaTime.Interval> spans, Instant at) => spans.Any(span => span.Contains(at));

    private static Arbitrary<Instant> Instants() => Gen.Choose(0, (365 * 24 * 60) - 1)
        .Select(minute => Sofia.AtStartOfDay(First).ToInstant() + Duration.FromMinutes(minute)).ToArbitrary();

    private static LocalTime Time(string text) =>
        NodaTime.Text.LocalTimePattern.CreateWithInvariantCulture("HH':'mm").Parse(text).Value;
}
