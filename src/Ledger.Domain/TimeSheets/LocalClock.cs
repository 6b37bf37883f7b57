using NodaTime;

namespace Ledger.Domain.TimeSheets;

/// <summary>Which instant a clock on the wall means.</summary>
internal static class LocalClock
{
    public static DateTimeZone? Zone(string name) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(name);

    /// <summary>Null, and the instant; or what to send instead.</summary>
    public static Refusal? Resolve(string field, WallTime sent, DateTimeZone zone, out Instant instant)
    {
        var (local, offset) = (sent.Local, sent.Offset);
        var map = zone.MapLocal(local);
        instant = default;
        if (map.Count == 0)
        {
            return TimeSheetRefusals.InMissingHour(
                field, sent, zone.Id, map.EarlyInterval.IsoLocalEnd, map.LateInterval.IsoLocalStart);
        }

        if (offset is not { } said)
        {
            if (map.Count > 1)
            {
                return TimeSheetRefusals.Ambiguous(field, sent, zone.Id, map.First().Offset, map.Last().Offset);
            }

            instant = map.Single().ToInstant();
            return null;
        }

        var (first, last) = (map.First(), map.Last());
        if (said != first.Offset && said != last.Offset)
        {
            return TimeSheetRefusals.OffsetWrong(
                field, sent, zone.Id, map.Count > 1 ? [first.Offset, last.Offset] : [first.Offset]);
        }

        instant = (said == first.Offset ? first : last).ToInstant();
        return null;
    }

    /// <summary>The first instant after another at which a clock shows a time; where it is skipped, the one at which it
    /// is passed.</summary>
    public static Instant Next(LocalDateTime local, Instant after, DateTimeZone zone)
    {
        var map = zone.MapLocal(local);
        return map.Count == 0 ? map.LateInterval.Start
            : map.First().ToInstant() is var first && first > after ? first : map.Last().ToInstant();
    }
}
