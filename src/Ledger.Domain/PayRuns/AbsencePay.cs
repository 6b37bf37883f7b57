using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>
/// What the employer owes for days of illness, and for leave where it has a pay of its own. Earnings of before, by
/// which it goes, are what was due for those periods, as is known now; of months before the first run they are opening
/// figures, by the month.
/// </summary>
internal sealed class AbsencePay
{
    private readonly List<AbsenceDetails> absences = [];
    private Pack pack = Packs.All[0];
    private PayWindow window = null!;
    private SlipRequest request = null!;

    public void Load(
        SlipRequest asked, Pack packOfGroup, PayWindow windowOfRun, DaySpan employment, List<Incapacity> incapacities)
    {
        (request, pack, window) = (asked, packOfGroup, windowOfRun);
        absences.Clear();
        incapacities.Clear();
        foreach (var (_, absence) in request.Employee.Absences)
        {
            var details = absence.Details;
            var days = DaySpan.Of(details.From, details.To);
            var employed = days.And(employment);
            if (details.Withdrawn is not true && employed.From <= employed.Through
                && details.Kind is (AbsenceKind.Sick or AbsenceKind.WorkAccident or AbsenceKind.Maternity))
            {
                incapacities.Add(new(
                    details.From.PlusDays(employed.From - days.From),
                    details.To.PlusDays(employed.Through - days.Through),
                    details.Kind != AbsenceKind.Maternity));
            }

            if (details.Withdrawn is not true && (details.Kind is AbsenceKind.Sick or AbsenceKind.WorkAccident
                || (details.Kind == AbsenceKind.Leave && !pack.PaysSalaryDuringLeave)))
            {
                absences.Add(details);
            }
        }
    }

    /// <summary>Null, and what is due beside pay that is recorded; or why it is not known.</summary>
    /// <param name="place">Of the period in the window.</param>
    /// <param name="due">Pay that is recorded.</param>
    /// <param name="pay">By what law.</param>
    /// <param name="earned">Ordinary pay that is due for the periods before, by their places.</param>
    /// <param name="dueOf">By the places of elements.</param>
    /// <param name="isLeaveOnly">Nothing for illness.</param>
    public Refusal? Add(
        int place, DuePay due, SlipPay pay, ReadOnlySpan<decimal> earned, Span<decimal> dueOf,
        bool isLeaveOnly = false)
    {
        var days = DaySpan.Of(window.Periods[place]);
        foreach (var absence in absences)
        {
            var here = DaySpan.Of(absence.From, absence.To).And(days).And(due.Employment);
            if (here.From > here.Through || (isLeaveOnly && absence.Kind != AbsenceKind.Leave))
            {
                continue;
            }

            var first = window.Periods[place].From.PlusDays(here.From - days.From);
            var asked = DaysOf(absence, first, first.PlusDays(here.Through - here.From), due, earned);
            if (pack.PayAbsence(pay, asked, out var element, out var amount) is { } refusal)
            {
                return refusal;
            }

            if (element is not null)
            {
                dueOf[pack.PlaceOf(element.Code)] += amount;
            }
        }

        return null;
    }

    private AbsentDays DaysOf(
        AbsenceDetails absence, LocalDate first, LocalDate last, DuePay due, ReadOnlySpan<decimal> earned)
    {
        var period = PayPeriods.Of(request.Group, absence.From);
        var yearly = due.YearlyPayOn(WorkingDays.Of(absence.From));
        var before = window.PlaceOf(absence.From) is >= 0 and var place ? earned[..place] : [];
        var (earnings, months, workingDays) = OfMonths(period, before, due, yearly, absence.From);
        return new(
            absence.Kind == AbsenceKind.Leave ? AbsenceReason.Leave : AbsenceReason.Illness,
            absence.From,
            first,
            last,
            yearly / 12,
            WorkingDays.Count(period.From, period.Through),
            WeeklyEarnings(before, due) ?? (yearly / 52),
            earnings,
            months,
            workingDays);
    }

    /// <summary>Of eight weeks, or of two months; null where they were not worked whole.</summary>
    private decimal? WeeklyEarnings(ReadOnlySpan<decimal> before, DuePay due)
    {
        var count = request.Group.Frequency switch
        {
            PayFrequency.Weekly => 8,
            PayFrequency.TwoWeekly => 4,
            PayFrequency.FourWeekly or PayFrequency.Monthly => 2,
            _ => 0,
        };
        var first = before.Length - count;
        if (count == 0 || first < 0 || due.Employment.From > WorkingDays.Of(window.Periods[first].From))
        {
            return null;
        }

        var sum = Sum(before[first..]);
        return request.Group.Frequency == PayFrequency.Monthly ? sum * 6 / 52 : sum / 8;
    }

    /// <summary>Earnings of twelve months before a period; of the fewer that were worked whole; of its own month where
    /// there are none.</summary>
    private (decimal Earnings, int Months, int WorkingDays) OfMonths(
        PayPeriod period, ReadOnlySpan<decimal> before, DuePay due, decimal yearly, LocalDate from)
    {
        var first = Math.Max(before.Length - 12, 0);
        while (first < before.Length && due.Employment.From > WorkingDays.Of(window.Periods[first].From))
        {
            first++;
        }

        var months = before.Length - first;
        var earnings = Sum(before[first..]);
        if (months < 12 && OpeningOf(from) is { } opening)
        {
            return (
                earnings + (opening * (12 - months) / 12), 12,
                WorkingDays.Count(period.From.PlusMonths(-12), period.From.PlusDays(-1)));
        }

        return months == 0
            ? (yearly / 12, 1, WorkingDays.Count(period.From, period.Through))
            : (earnings, months, WorkingDays.Count(window.Periods[first].From, period.From.PlusDays(-1)));
    }

    private decimal? OpeningOf(LocalDate from)
    {
        decimal? found = null;
        foreach (var (_, opening) in request.Employee.Opening)
        {
            found = opening.Details.Through < from && opening.Details.Through >= from.PlusMonths(-13)
                ? opening.Details.EarningsOfTwelveMonths ?? found : found;
        }

        return found;
    }

    private static decimal Sum(ReadOnlySpan<decimal> amounts)
    {
        var sum = 0m;
        foreach (var amount in amounts)
        {
            sum += amount;
        }

        return sum;
    }
}
