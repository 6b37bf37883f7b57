using Ledger.Domain.Companies;
using Ledger.Domain.Employees;
using Ledger.Domain.People;
using NodaTime;

namespace Ledger.Domain.TimeSheets;

/// <summary>What is decided on beside the time sheet of the month.</summary>
/// <param name="Before">The sheet of the month before, whose last entry may end in this one.</param>
/// <param name="After">The sheet of the month after, into which an entry may reach.</param>
/// <param name="IsOwnOnly">Whoever sends it may not read what others recorded.</param>
/// <param name="IsOfAnother">The entry is there, and is another's whom they may not read.</param>
public sealed record TimeSheetPlace(
    Company Company, Person Person, Employee Employee, TimeSheet Before, TimeSheet After, bool IsOwnOnly = false,
    bool IsOfAnother = false);

public static class TimeSheetDecider
{
    /// <summary>No entry is longer.</summary>
    public const int HoursMax = 24;

    public const int BreaksMax = 20;

    public static Decision<TimeSheetEvent> Decide(PutTimeEntry command, TimeSheet sheet, TimeSheetPlace at)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(sheet);
        ArgumentNullException.ThrowIfNull(at);
        // Before the retry is answered: that would tell whoever may not read it what was recorded.
        if (at.IsOfAnother)
        {
            return TimeSheetRefusals.OfAnother(command.Entry);
        }

        var details = command.Details;
        var known = sheet.Entries.GetValueOrDefault(command.Entry);
        if (known?.Details == details)
        {
            return Decision<TimeSheetEvent>.Nothing;
        }

        if (CheckEmployee(command, at) is { } refusal)
        {
            return refusal;
        }

        if (!Ids.IsValid(command.Entry))
        {
            return TextRefusals.IdInvalid("The entry's id", command.Entry);
        }

        if (Register.CheckVersion(known?.Version ?? 0, command.IfMatch) is { } moved)
        {
            return moved;
        }

        var month = TimeSheet.MonthOf(details);
        if (known is null && at.Before.Entries.ContainsKey(command.Entry))
        {
            return TimeSheetRefusals.OfOtherMonth(command.Entry, month.PlusMonths(-1));
        }

        if (known is null && at.After.Entries.ContainsKey(command.Entry))
        {
            return TimeSheetRefusals.OfOtherMonth(command.Entry, month.PlusMonths(1));
        }

        var zone = details.Zone ?? at.Company.TimeZone;
        if (!Countries.IsTimeZone(zone))
        {
            return CompanyRefusals.TimeZoneUnknown(zone);
        }

        if (Resolve(details, zone, out var resolved) is { } broken)
        {
            return broken;
        }

        return details.Withdrawn is not true && Overlapping(command.Entry, resolved, sheet, at) is { } other
            ? TimeSheetRefusals.Overlap(command.Entry, at.IsOwnOnly ? null : other)
            : new TimeEntryRecorded(command.Entry, details, resolved);
    }

    private static Refusal? CheckEmployee(PutTimeEntry command, TimeSheetPlace at) =>
        !at.Company.Exists ? CompanyRefusals.Unknown()
        : !Ids.IsValid(command.Employee) ? TextRefusals.IdInvalid("The employee's id", command.Employee)
        : !at.Person.Takes(Purpose.Payroll) ? PersonRefusals.Erased(command.Employee)
        : !at.Employee.Exists ? EmployeeRefusals.Unknown(command.Employee)
        : null;

    private static Refusal? Resolve(TimeEntryDetails details, string zoneName, out TimeResolved resolved)
    {
        resolved = null!;
        var zone = LocalClock.Zone(zoneName)!;
        if (LocalClock.Resolve("from", details.From, zone, out var from) is { } beginning)
        {
            return beginning;
        }

        if (LocalClock.Resolve("through", details.Through, zone, out var through) is { } end)
        {
            return end;
        }

        if (through <= from)
        {
            return TimeSheetRefusals.EndsBeforeItBegins("The entry", details.From, details.Through);
        }

        if (through - from > Duration.FromHours(HoursMax))
        {
            return TimeSheetRefusals.TooLong(details.From, details.Through, HoursMax);
        }

        if (ResolveBreaks(details, zone, from, through, out var breaks) is { } broken)
        {
            return broken;
        }

        resolved = new(zoneName, from, through, breaks.Count == 0 ? null : breaks.ToValueList());
        return null;
    }

    private static Refusal? ResolveBreaks(
        TimeEntryDetails details, DateTimeZone zone, Instant from, Instant through, out List<TimeSpent> breaks)
    {
        breaks = [];
        var sent = details.Breaks ?? ValueList<TimeBreak>.Empty;
        if (sent.Count > BreaksMax)
        {
            return TimeSheetRefusals.TooManyBreaks(sent.Count, BreaksMax);
        }

        for (var place = 0; place < sent.Count; place++)
        {
            var (each, name) = (sent[place], FormattableString.Invariant($"breaks[{place}]"));
            if (LocalClock.Resolve($"{name}.from", each.From, zone, out var begins) is { } beginning)
            {
                return beginning;
            }

            if (LocalClock.Resolve($"{name}.through", each.Through, zone, out var ends) is { } end)
            {
                return end;
            }

            if (ends <= begins)
            {
                return TimeSheetRefusals.EndsBeforeItBegins(name, each.From, each.Through);
            }

            if (begins < from || ends > through)
            {
                return TimeSheetRefusals.BreakOutside(name, each);
            }

            if (breaks.Exists(other => begins < other.Through && other.From < ends))
            {
                return TimeSheetRefusals.BreaksOverlap(name, each);
            }

            breaks.Add(new(begins, ends));
        }

        breaks.Sort(static (a, b) => a.From.CompareTo(b.From));
        return null;
    }

    /// <summary>The first other entry, by month and id, at the same time; what did not happen is in nobody's
    /// way.</summary>
    private static TimeEntry? Overlapping(string entry, TimeResolved resolved, TimeSheet sheet, TimeSheetPlace at)
    {
        foreach (var each in at.Before.Entries.Values.Concat(sheet.Entries.Values).Concat(at.After.Entries.Values))
        {
            if (each.Id != entry && each.Counts
                && resolved.From < each.Resolved.Through && each.Resolved.From < resolved.Through)
            {
                return each;
            }
        }

        return null;
    }
}
