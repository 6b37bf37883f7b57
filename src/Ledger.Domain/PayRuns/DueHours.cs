using Ledger.Domain.Payroll;
using Ledger.Domain.TimeSheets;
using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>
/// What one employee is due for the time that they worked, by the rules of the pack: all of it for somebody who is paid
/// by the hour, what a salary does not cover for others.
/// </summary>
internal sealed class DueHours
{
    private readonly HourPay sums = new();
    private List<WorkedPiece> pieces = [];
    private List<DayMinutes> days = [];
    private SlipRequest request = null!;
    private Pack pack = Packs.All[0];
    private IsoDayOfWeek weekStart;

    /// <summary>False where nothing was ever recorded.</summary>
    public bool AreKnown { get; private set; }

    /// <summary>Work of all sheets, in the order of time.</summary>
    public IReadOnlyList<WorkedPiece> Pieces => pieces;

    /// <param name="asked">Whose time it is.</param>
    /// <param name="packOfGroup">By which law.</param>
    /// <param name="isEmployedOn">In the group.</param>
    public void Load(SlipRequest asked, Pack packOfGroup, Func<LocalDate, bool> isEmployedOn)
    {
        (request, pack, AreKnown) = (asked, packOfGroup, asked.Sheets is not null);
        if (!AreKnown)
        {
            pieces.Clear();
            days.Clear();
            return;
        }

        var terms = PackHours.TermsOf(asked.Employee, asked.Group, pack, asked.LawKnownOn);
        weekStart = terms.WeekStart;
        pieces = HoursByKind.Of(asked.Sheets!, terms);

        // A shift that begins on the last day of a contract is paid to its end, also behind midnight.
        days = HoursByKind.Days([.. pieces.Where(piece => isEmployedOn(piece.Entry.Details.From.Local.Date))]);
    }

    /// <summary>Null, and afterwards the sums of a period; or why they are not known.</summary>
    public Refusal? Find(PayPeriod period, DuePay due, SlipPay pay)
    {
        sums.Clear();
        for (var at = 0; at < days.Count; at++)
        {
            var day = days[at];
            if (!period.Holds(day.Day))
            {
                continue;
            }

            if (pack.HourRules.TellsDays && !pack.Holidays.Knows(day.Day.Year, request.LawKnownOn))
            {
                return TimeSheetRefusals.HolidaysUnknown(pack.Country, day.Day.Year);
            }

            if ((FindOthers(day, due) ?? pack.PayHours(pay, HoursOf(at, due), sums)) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>Not rounded.</summary>
    public decimal Of(int element) => days.Count == 0 ? 0 : sums.Of(element);

    public IEnumerable<PayslipStep> StepsOf(int element) => sums.StepsOf(element);

    /// <summary>Whether an element is paid by hours, of those that are known here.</summary>
    public bool Pays(int element, DuePay due) => pack.HourElements.Contains(pack.Elements[element].Code)
        || due.Spans.Any(span => span.Element == element && span.Per == Employees.PayPer.Hour);

    /// <summary>What is agreed by the hour beside the wage: for the hours of the night and of overtime where the
    /// element is of these, else for all.</summary>
    private Refusal? FindOthers(DayMinutes day, DuePay due)
    {
        var number = WorkingDays.Of(day.Day);
        foreach (var span in due.Spans)
        {
            if (span.Per != Employees.PayPer.Hour || span.Code == Pack.SalaryElement || !span.Days.Holds(number))
            {
                continue;
            }

            if (span.Element < 0)
            {
                return PayrollRefusals.ElementUnknown(span.Code, pack.Elements.Select(each => each.Code));
            }

            var minutes = span.Code switch
            {
                "nightWork" => day.Night,
                "overtime" => day.Overtime + day.RestDay + day.PublicHoliday,
                _ => day.All,
            };
            sums.Add(span.Element, minutes, span.Amount, "hours, as agreed");
        }

        return null;
    }

    /// <summary>Pay of an ordinary hour, as it holds on a day; null for somebody who is not paid by the hour.</summary>
    private static decimal? WageOn(DuePay due, LocalDate day)
    {
        foreach (var span in due.Spans)
        {
            if (span.Per == Employees.PayPer.Hour && span.Code == Pack.SalaryElement
                && span.Days.Holds(WorkingDays.Of(day)))
            {
                return span.Amount;
            }
        }

        return null;
    }

    private HoursToPay HoursOf(int at, DuePay due)
    {
        var day = days[at];
        var wage = WageOn(due, day.Day);
        var (salary, weekly) = wage is not null ? (0, 0) : (
            due.YearlyPayOn(WorkingDays.Of(day.Day), Pack.SalaryElement),
            request.Employee.ContractOn(day.Day)?.Details.WeeklyHours ?? 0);
        return new(day, wage, wage is null ? 0 : AverageWage(at, due), salary, weekly);
    }

    /// <summary>Of an hour of the week, by the wages of its days; 0 where nothing goes by it.</summary>
    private decimal AverageWage(int at, DuePay due)
    {
        if (pack.HourRules.Overtime != OvertimeAfter.Week || days[at].Overtime == 0)
        {
            return 0;
        }

        var (pay, minutes, week) = (0m, 0, HoursByKind.WeekOf(days[at].Day, weekStart));
        while (at > 0 && HoursByKind.WeekOf(days[at - 1].Day, weekStart) == week)
        {
            at--;
        }

        for (; at < days.Count && HoursByKind.WeekOf(days[at].Day, weekStart) == week; at++)
        {
            if (WageOn(due, days[at].Day) is { } wage)
            {
                (pay, minutes) = (pay + (wage * days[at].All), minutes + days[at].All);
            }
        }

        return minutes == 0 ? 0 : pay / minutes;
    }
}
