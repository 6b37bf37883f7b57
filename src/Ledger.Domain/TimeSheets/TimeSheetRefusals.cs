using NodaTime;
using static Ledger.Domain.Texts;

namespace Ledger.Domain.TimeSheets;

public static class TimeSheetRefusals
{
    public static Refusal OfAnother(string entry) => new(
        "time-entry-of-another",
        $"The id '{Shown(entry)}' is that of an entry which somebody else recorded, and which you may not read: send "
        + "another id, or have somebody who may read people correct it.");

    public static Refusal OfOtherMonth(string entry, YearMonth month) => new(
        "time-entry-of-other-month",
        $"The entry '{Shown(entry)}' begins in {Shown(month)}, and stays in its month: send it there with "
        + "\"withdrawn\": true, and this under another id.");

    public static Refusal InMissingHour(
        string field, WallTime sent, string zone, LocalDateTime from, LocalDateTime to) => new(
        "time-in-missing-hour",
        $"{field} is {sent}, and in {Shown(zone)} the clocks went from {WallTime.Of(from)} to {WallTime.Of(to)}, so "
        + $"that no clock showed it: send what it showed, such as {WallTime.Of(to + (sent.Local - from))}.");

    public static Refusal Ambiguous(string field, WallTime sent, string zone, Offset first, Offset second) => new(
        "time-ambiguous",
        $"{field} is {sent}, which clocks in {Shown(zone)} showed twice: send {WallTime.Of(sent.Local, first)} for the "
        + $"first or {WallTime.Of(sent.Local, second)} for the second.");

    public static Refusal OffsetWrong(string field, WallTime sent, string zone, IEnumerable<Offset> offsets) => new(
        "time-offset-wrong",
        $"{field} is {sent}, and clocks in {Shown(zone)} are not at that offset then: send "
        + $"{string.Join(" or ", offsets.Select(offset => WallTime.Of(sent.Local, offset)))}.");

    public static Refusal EndsBeforeItBegins(string what, WallTime from, WallTime through) => new(
        "time-ends-before-it-begins",
        $"{what} begins at {from} and ends at {through}: send an end that is later; over midnight it has the date of "
        + "the next day.");

    public static Refusal TooLong(WallTime from, WallTime through, int hoursMax) => new(
        "time-entry-too-long",
        FormattableString.Invariant($"The entry is from {from} through {through}: send at most {hoursMax} hours in ")
        + "one, and the rest as another.");

    public static Refusal TooManyBreaks(int count, int countMax) => new(
        "time-breaks-too-many",
        FormattableString.Invariant($"There are {count} breaks: send at most {countMax}."));

    public static Refusal BreakOutside(string what, TimeBreak sent) => new(
        "time-break-outside",
        $"{what}, from {sent.From} through {sent.Through}, is not within the entry: send only breaks between its "
        + "beginning and its end.");

    public static Refusal BreaksOverlap(string what, TimeBreak sent) => new(
        "time-breaks-overlap",
        $"{what}, from {sent.From} through {sent.Through}, overlaps another one: send both as one.");

    /// <param name="entry">As it was sent.</param>
    /// <param name="other">Null for whoever may not read it.</param>
    public static Refusal Overlap(string entry, TimeEntry? other) => new(
        "time-entries-overlap",
        other is null
            ? $"The entry '{Shown(entry)}' would be at the time of another one of the employee: correct one of them, "
                + "or have somebody who may read people look for the other one."
            : $"The entry '{Shown(entry)}' would be at the time of the entry '{Shown(other.Id)}' "
                + $"({other.Details.From} to {other.Details.Through}): correct one of them, or send the other one with "
                + "\"withdrawn\": true.");

    public static Refusal HolidaysUnknown(string country, int year) => new(
        "holidays-unknown",
        FormattableString.Invariant($"The public holidays of {country} in {year} are not known here, and hours are ")
        + "paid by them: send the calculation again once the calendar of that year was added.");
}
