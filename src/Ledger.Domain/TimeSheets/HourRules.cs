using NodaTime;

namespace Ledger.Domain.TimeSheets;

/// <summary>What a minute of work is. Whether it is night is a question apart.</summary>
public enum HourKind
{
    Normal,
    Overtime,
    RestDay,
    PublicHoliday,
}

/// <summary>From when on work is overtime.</summary>
public enum OvertimeAfter
{
    /// <summary>No law says so.</summary>
    Nothing,

    /// <summary>The hours of a day: eight, or the contract's where they are fewer. A shift over midnight is of the day
    /// on which it begins.</summary>
    Day,

    /// <summary>The hours of a week.</summary>
    Week,
}

/// <summary>How a jurisdiction tells hours apart.</summary>
/// <param name="ByContract">Whether the hours of a day are a fifth of the contract's week where that is less.</param>
/// <param name="TellsDays">Whether work on Saturdays, Sundays and public holidays is of a kind of its own.</param>
/// <param name="TellsNight">Whether work from 22:00 to 06:00 is night work.</param>
public sealed record HourRules(OvertimeAfter Overtime, bool ByContract, bool TellsDays, bool TellsNight)
{
    public const int DayMinutes = 8 * 60;

    public const int WeekMinutes = 40 * 60;

    public static readonly LocalTime NightFrom = new(22, 0);

    public static readonly LocalTime NightThrough = new(6, 0);

    /// <summary>All hours are the same.</summary>
    public static HourRules None { get; } = new(OvertimeAfter.Nothing, false, false, false);

    public static bool IsRestDay(LocalDate day) => day.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday;

    /// <summary>After how many minutes of a day or a week there is overtime.</summary>
    /// <param name="weeklyHours">Of the contract; null where there is none.</param>
    public int MinutesOf(decimal? weeklyHours) => Overtime switch
    {
        OvertimeAfter.Week => WeekMinutes,
        OvertimeAfter.Day when ByContract && weeklyHours is { } hours => Math.Min(DayMinutes, (int)(hours * 60 / 5)),
        OvertimeAfter.Day => DayMinutes,
        _ => int.MaxValue,
    };
}
