using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using NodaTime;
using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Leave;

/// <summary>
/// Goes through the leave years of one employee. Each day of employment earns its part of the days a year that hold on
/// it; what is left at the end of a year is carried over, up to the most that the entitlement says.
/// </summary>
internal sealed class LeaveBook(Employee employee, Pack pack, LocalDate asOf, LawKnown lawKnown, bool explains)
{
    private static readonly LeaveStep[] Unexplained = [];

    private List<LeaveStep>? steps;

    public LeaveBalance? Balance()
    {
        if (employee.Contracts.IsEmpty)
        {
            return null;
        }

        var opening = Opening();
        var start = opening?.Details.Through.PlusDays(1) ?? employee.Contracts.Values.Min(each => each.Details.From);
        var through = LocalDate.Min(
            asOf, employee.Contracts.Values.Max(each => employee.EndOf(each.Details) ?? LocalDate.MaxIsoValue));
        if (opening is null && (start > through || RateOn(through).IsNone))
        {
            return null;
        }

        through = opening is null ? through : LocalDate.Max(through, opening.Details.Through);
        return new(through, pack.LeaveUnit, Years(opening, start, through));
    }

    /// <summary>What was left elsewhere, as of the last figures that say so.</summary>
    private Registered<OpeningFigures>? Opening()
    {
        Registered<OpeningFigures>? last = null;
        foreach (var each in employee.Opening.Values)
        {
            last = each.Details.LeaveDays is not null && each.Details.Through <= asOf
                && !(last?.Details.Through > each.Details.Through) ? each : last;
        }

        return last;
    }

    private List<LeaveYear> Years(Registered<OpeningFigures>? opening, LocalDate start, LocalDate through)
    {
        var years = new List<LeaveYear>();
        var carried = opening?.Details.LeaveDays ?? 0;
        for (var year = start <= through ? start.Year : through.Year; year <= through.Year; year++)
        {
            steps = explains ? [] : null;
            var (begins, ends) = (new LocalDate(year, 1, 1), new LocalDate(year, 12, 31));
            var (from, to) = (LocalDate.Max(start, begins), LocalDate.Min(through, ends));
            NoteCarried(years.Count == 0 ? opening : null, years.Count > 0, carried, from);
            var accrued = Accrued(from, to, steps);
            var taken = Count(from, to, LeaveStepKind.Taken);
            var balance = carried + accrued - taken;
            var isLast = year == through.Year;
            var planned = isLast ? Count(through.PlusDays(1), LocalDate.MaxIsoValue, LeaveStepKind.Planned) : 0;
            var lapsed = isLast ? 0 : Math.Max(balance - (RateOn(ends).CarryOverMax ?? balance), 0);
            if (lapsed > 0)
            {
                steps?.Add(new(LeaveStepKind.Lapsed, ends, ends, lapsed, Version: RateOn(ends).OwnVersion));
            }

            years.Add(new(
                year, Accrued(begins, ends, null), carried, accrued, taken, balance, planned, lapsed,
                steps ?? (IReadOnlyList<LeaveStep>)Unexplained));
            carried = balance - lapsed;
        }

        return years;
    }

    private void NoteCarried(Registered<OpeningFigures>? opening, bool isCarried, decimal days, LocalDate on)
    {
        if (opening is not null)
        {
            var through = opening.Details.Through;
            steps?.Add(new(LeaveStepKind.Opening, through, through, days, Version: opening.Version));
        }
        else if (isCarried && days != 0)
        {
            steps?.Add(new(LeaveStepKind.CarriedOver, on, on, days));
        }
    }

    /// <summary>For the days of employment within one year; the sum is rounded, not its parts.</summary>
    private decimal Accrued(LocalDate from, LocalDate to, List<LeaveStep>? noted)
    {
        var daysOfYear = CalendarSystem.Iso.GetDaysInYear(to.Year);
        var sum = 0m;
        foreach (var contract in employee.Contracts.Values)
        {
            var day = LocalDate.Max(from, contract.Details.From);
            var last = LocalDate.Min(employee.EndOf(contract.Details) ?? to, to);
            while (day <= last)
            {
                var rate = RateOn(day);
                var end = LocalDate.Min(rate.Until, last);
                var part = rate.DaysPerYear * (Period.DaysBetween(day, end) + 1);
                sum += part;
                noted?.Add(new(
                    LeaveStepKind.Accrued, day, end, ToCents(part / daysOfYear), rate.DaysPerYear, rate.Source,
                    Version: rate.Source is null ? rate.OwnVersion : null));
                day = end.PlusDays(1);
            }
        }

        return ToCents(sum / daysOfYear);
    }

    /// <summary>Days of leave in employment, from a day through another.</summary>
    private int Count(LocalDate from, LocalDate to, LeaveStepKind kind)
    {
        var sum = 0;
        foreach (var (id, absence) in employee.Absences)
        {
            if (absence.Details is not { Kind: AbsenceKind.Leave, Withdrawn: not true } details
                || details.From > to || details.To < from)
            {
                continue;
            }

            foreach (var contract in employee.Contracts.Values)
            {
                var first = LocalDate.Max(LocalDate.Max(from, details.From), contract.Details.From);
                var last = LocalDate.Min(
                    LocalDate.Min(to, details.To), employee.EndOf(contract.Details) ?? LocalDate.MaxIsoValue);
                var days = LeaveDays.Count(pack, first, last, lawKnown);
                sum += days;
                if (days > 0)
                {
                    steps?.Add(new(kind, first, last, days, Absence: id, Version: absence.Version));
                }
            }
        }

        return sum;
    }

    /// <summary>What a day of employment earns by: the entitlement of their own, or what the law grants where that is
    /// more.</summary>
    private Rate RateOn(LocalDate day)
    {
        var until = LocalDate.MaxIsoValue;
        Registered<LeaveEntitlementDetails>? own = null;
        foreach (var (from, each) in employee.LeaveEntitlements)
        {
            if (from > day)
            {
                until = from.PlusDays(-1);
                break;
            }

            own = each;
        }

        Figure? law = null;
        foreach (var figure in pack.AnnualLeave)
        {
            if (!lawKnown.Knows(figure) || figure.Through < day)
            {
                continue;
            }

            if (figure.From > day)
            {
                until = LocalDate.Min(until, figure.From.PlusDays(-1));
                break;
            }

            (law, until) = (figure, LocalDate.Min(until, figure.Through ?? until));
        }

        var least = law is null ? 0 : pack.LeaveDaysOf(law);
        return own?.Details.DaysPerYear >= least
            ? new(own.Details.DaysPerYear, until, own.Details.CarryOverMax, own.Version, null, false)
            : new(least, until, own?.Details.CarryOverMax, own?.Version, law?.Source, own is null && law is null);
    }

    /// <param name="Until">The last day on which it is known to be the same.</param>
    /// <param name="Source">Of the law's figure; null where their own counts.</param>
    /// <param name="IsNone">There is no leave, by law or otherwise.</param>
    private readonly record struct Rate(
        decimal DaysPerYear, LocalDate Until, decimal? CarryOverMax, long? OwnVersion, string? Source, bool IsNone);
}
