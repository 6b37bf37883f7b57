using Ledger.Api.Json;
using Ledger.Domain;
using Ledger.Domain.TimeSheets;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Audit;

/// <summary>Reads when nobody is expected to record anything.</summary>
internal static class QuietParameters
{
    private static readonly LocalTimePattern Minutes = LocalTimePattern.CreateWithInvariantCulture("HH':'mm");

    private static readonly ValueList<IsoDayOfWeek> Weekdays =
        Enum.GetValues<IsoDayOfWeek>().Where(day => day != IsoDayOfWeek.None).ToValueList();

    /// <summary>A time of day; null when it was not sent.</summary>
    public static LocalTime? Time(this Call call, string name) => call.Query(name) is not { } text ? null
        : Minutes.Parse(text) is { Success: true, Value: var time } ? time
        : throw Call.Malformed(name, text, "a time of day from 00:00 to 23:59, such as 22:00");

    /// <summary>The days of the week that are days of rest.</summary>
    public static ValueList<IsoDayOfWeek> Weekend(this Call call)
    {
        if (call.Query("weekend") is not { } text)
        {
            return [IsoDayOfWeek.Saturday, IsoDayOfWeek.Sunday];
        }

        var days = text.Split(',')
            .Select(word => Weekdays.FirstOrDefault(day => Choice<IsoDayOfWeek>.NameOf(day) == word)).ToArray();
        return days.Contains(IsoDayOfWeek.None)
            ? throw Call.Malformed("weekend", text, "days of the week such as friday,saturday")
            : days.Distinct().ToValueList();
    }

    /// <summary>The part of the country whose holidays count.</summary>
    public static string HolidayRegion(this Call call) => call.Query("region") switch
    {
        null => HolidayRegions.EnglandAndWales,
        HolidayRegions.EnglandAndWales or HolidayRegions.Scotland or HolidayRegions.NorthernIreland =>
            call.Query("region")!,
        { } other => throw Call.Malformed(
            "region", other, $"{HolidayRegions.EnglandAndWales}, {HolidayRegions.Scotland} or "
                + $"{HolidayRegions.NorthernIreland}"),
    };
}
