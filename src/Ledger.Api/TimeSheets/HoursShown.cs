using Ledger.Domain;
using Ledger.Domain.TimeSheets;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.TimeSheets;

/// <summary>Hours of an employee by day and kind, as known then; <c>Parameters</c> repeats what was asked.</summary>
/// <param name="Total">Of all days.</param>
public sealed record HoursList(
    string Company,
    Instant? KnownAt,
    long KnownAtSequence,
    string Employee,
    ValueMap<string> Parameters,
    HoursShown Total,
    IReadOnlyList<DayShown> Rows) : IKnown;

/// <summary>Hours by kind, to two places. The four kinds add up to what was worked; those of the night are among
/// them.</summary>
public sealed record HoursShown(
    Amount Worked, Amount Normal, Amount Overtime, Amount RestDay, Amount PublicHoliday, Amount Night)
{
    private const int Digits = 2;

    internal static HoursShown Of(DayMinutes day) => new(
        Of(day.All), Of(day.Normal), Of(day.Overtime), Of(day.RestDay), Of(day.PublicHoliday), Of(day.Night));

    internal static Amount Of(int minutes) =>
        new(Math.Round(minutes / 60m, Digits, MidpointRounding.AwayFromZero), Digits);
}

/// <summary>A day with work.</summary>
/// <param name="Pack">By whose law its hours are told apart; null without a contract, so that all are
/// normal.</param>
/// <param name="Holiday">The public holiday or the day off instead of one; null on any other day.</param>
/// <param name="HolidaysKnown">Whether the calendar of the year is known; without it nobody is paid where pay goes by
/// it.</param>
/// <param name="Minutes">That were worked.</param>
/// <param name="Working">What was worked, piece by piece.</param>
public sealed record DayShown(
    LocalDate Day,
    string? Contract,
    string? Pack,
    string? Holiday,
    bool HolidaysKnown,
    int Minutes,
    Amount Worked,
    Amount Normal,
    Amount Overtime,
    Amount RestDay,
    Amount PublicHoliday,
    Amount Night,
    IReadOnlyList<PieceShown> Working);

/// <summary>Work of one kind without a pause.</summary>
/// <param name="From">As the clock showed it, with its offset.</param>
/// <param name="Minutes">That passed, also where the clocks were changed.</param>
public sealed record PieceShown(
    string Entry, WallTime From, WallTime Through, int Minutes, HourKind Kind, bool Night)
{
    internal static PieceShown Of(WorkedPiece piece) => new(
        piece.Entry.Id, WallTime.Of(piece.From.LocalDateTime, piece.From.Offset),
        WallTime.Of(piece.Through.LocalDateTime, piece.Through.Offset), piece.Minutes, piece.Kind, piece.IsNight);
}
