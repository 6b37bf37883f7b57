using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using NodaTime;
using static System.FormattableString;

namespace Ledger.Domain.PayRuns;

/// <summary>
/// What one employee is due for a period by element, as is known now: pay of a month or a year for the days of the
/// contract on which it holds, without those of absence; pay by the hour for the hours; what is paid once in the period
/// of its date. One sum a period and element is rounded once, so that pay which changes within a period loses no cent.
/// </summary>
internal sealed class DuePay
{
    private readonly List<PaySpan> spans = [];
    private readonly List<DaySpan> contracts = [];
    private readonly List<DaySpan> unpaid = [];
    private readonly List<(int From, bool IsOfGroup)> hirings = [];
    private Pack pack = Packs.All[0];
    private PayGroupDetails group = null!;
    private SlipPay pay = null!;

    public IReadOnlyList<PaySpan> Spans => spans;

    public DueHours Hours { get; } = new();

    /// <summary>The first and the last day of employment in the group; the last is far away while there is none.
    /// </summary>
    public DaySpan Employment { get; private set; }

    private Proration Proration => group.Proration ?? PayGroups.Proration.WorkingDays;

    public void Load(SlipRequest request, Pack packOfGroup, SlipPay payOfSlip)
    {
        (pack, group, pay) = (packOfGroup, request.Group, payOfSlip);
        spans.Clear();
        contracts.Clear();
        unpaid.Clear();
        hirings.Clear();
        LoadContracts(request.Employee, request.PayGroup);
        LoadPay(request.Employee);
        LoadAbsences(request.Employee);
        Hours.Load(request, packOfGroup, IsEmployedOn);
    }

    /// <summary>Null, and what is due by the places of elements; or why it is not known.</summary>
    /// <param name="period">Which holds the days.</param>
    /// <param name="due">By the places of elements.</param>
    /// <param name="isOnceOnly">Only what is paid once.</param>
    public Refusal? Of(PayPeriod period, Span<decimal> due, bool isOnceOnly = false)
    {
        due.Clear();
        var days = DaySpan.Of(period);
        var all = days.Count(Proration) * group.Frequency.PerYear();
        for (var i = 0; i < spans.Count; i++)
        {
            var element = spans[i].Element;
            var (weighted, once) = (0m, 0m);
            for (; i < spans.Count; i++)
            {
                var span = spans[i];
                var amount = isOnceOnly && span.Per != PayPer.Once ? 0 : Amount(span, days);
                (weighted, once) = span.Per is PayPer.Month or PayPer.Year
                    ? (weighted + amount, once) : (weighted, once + amount);
                if (amount != 0 && Refuse(span) is { } refusal)
                {
                    return refusal;
                }

                if (i + 1 == spans.Count || spans[i + 1].Element != element)
                {
                    break;
                }
            }

            if (element >= 0)
            {
                due[element] = once + (all == 0 ? 0 : weighted / all);
            }
        }

        if (!isOnceOnly && Hours.Find(period, this, pay) is { } unknown)
        {
            return unknown;
        }

        for (var element = 0; element < due.Length; element++)
        {
            var sum = isOnceOnly ? due[element] : due[element] + Hours.Of(element);
            due[element] = sum == 0 ? 0 : Rounding.ToCents(sum);
        }

        return null;
    }

    /// <summary>How pay of an element comes about that is recorded, entry by entry; parts are shown rounded.</summary>
    public List<PayslipStep> WorkingOf(PayPeriod period, int element)
    {
        var days = DaySpan.Of(period);
        var all = days.Count(Proration);
        var steps = new List<PayslipStep>();
        foreach (var span in spans)
        {
            var held = span.Days.And(days);
            if (span.Element != element || held.From > held.Through || span.Per == PayPer.Hour)
            {
                continue;
            }

            var amount = Amount(span, days);
            var part = span.Per is PayPer.Month or PayPer.Year && all > 0
                ? amount / (all * group.Frequency.PerYear()) : amount;
            steps.Add(new(NameOf(span, held, all), Rounding.ToCents(part), null));
        }

        Hours.Find(period, this, pay);
        steps.AddRange(Hours.StepsOf(element));
        return steps;
    }

    private string NameOf(in PaySpan span, DaySpan held, int all) => span.Per switch
    {
        PayPer.Once => "paid once",
        _ => Invariant($"{span.Amount:#,0.00} a {Texts.Camel(span.Per)} for {Paid(held)} of {all} days"),
    };

    /// <summary>Which part of a period was worked, or paid as if it were.</summary>
    public decimal PartOf(PayPeriod period)
    {
        var days = DaySpan.Of(period);
        var all = days.Count(Proration);
        return all == 0 ? 0 : (decimal)Paid(days) / all;
    }

    /// <summary>Regular pay of a year, as it holds on a day: that which is insured, taxed and paid out.</summary>
    /// <param name="day">By its number.</param>
    /// <param name="code">Of one element; null is all.</param>
    public decimal YearlyPayOn(int day, string? code = null)
    {
        var sum = 0m;
        foreach (var span in spans)
        {
            sum += span.Element < 0 || !span.Days.Holds(day) || !IsOrdinary(pack.Elements[span.Element])
                || (code is not null && span.Code != code) ? 0
                : span.Per == PayPer.Month ? span.Amount * 12
                : span.Per == PayPer.Year ? span.Amount : 0;
        }

        return sum;
    }

    /// <summary>The lowest ordinary pay of an hour that holds on a day.</summary>
    public decimal? LowestHourlyPayOn(int day)
    {
        decimal? lowest = null;
        foreach (var span in spans)
        {
            lowest = span.Per == PayPer.Hour && span.Code == Pack.SalaryElement && span.Days.Holds(day)
                ? Math.Min(lowest ?? span.Amount, span.Amount) : lowest;
        }

        return lowest;
    }

    public bool IsEmployedOn(LocalDate day) => contracts.Exists(each => each.Holds(WorkingDays.Of(day)));

    public static bool IsOrdinary(PayElement element) =>
        element.Treatments.Has(Treatments.Insured | Treatments.Taxed | Treatments.PaidOut);

    /// <summary>Days of these that are paid.</summary>
    public int Paid(DaySpan days)
    {
        var count = 0;
        foreach (var contract in contracts)
        {
            var held = contract.And(days);
            count += held.Count(Proration);
            foreach (var absence in unpaid)
            {
                count -= absence.And(held).Count(Proration);
            }
        }

        return count;
    }

    /// <summary>Of pay by month or year the amount of a year times the days; of other pay what it comes to.</summary>
    private decimal Amount(in PaySpan span, DaySpan days)
    {
        var held = span.Days.And(days);
        return held.From > held.Through ? 0 : span.Per switch
        {
            PayPer.Month => span.Amount * 12 * Paid(held),
            PayPer.Year => span.Amount * Paid(held),
            PayPer.Once => span.Amount,
            _ => Hours.AreKnown ? 0 : Paid(held),
        };
    }

    private Refusal? Refuse(in PaySpan span) =>
        span.Element < 0 ? PayrollRefusals.ElementUnknown(span.Code, pack.Elements.Select(each => each.Code))
        : span.Per == PayPer.Hour && !Hours.AreKnown ? PayslipRefusals.HoursUnknown(span.Code)
        : null;

    private void LoadContracts(Employee employee, string? payGroup)
    {
        foreach (var (_, contract) in employee.Contracts)
        {
            var isOfGroup = payGroup is null || contract.Details.PayGroup == payGroup;
            hirings.Add((WorkingDays.Of(contract.Details.From), isOfGroup));
            if (isOfGroup)
            {
                contracts.Add(new(WorkingDays.Of(contract.Details.From), Through(employee.EndOf(contract.Details))));
            }
        }

        hirings.Sort(static (a, b) => a.From.CompareTo(b.From));
        contracts.Sort(static (a, b) => a.From.CompareTo(b.From));
        Employment = contracts.Count == 0 ? new(1, 0) : new(contracts[0].From, contracts.Max(each => each.Through));
    }

    private static int Through(LocalDate? last) => last is { } day ? WorkingDays.Of(day) : int.MaxValue - 1;

    /// <summary>What is paid once is paid by the group of the last contract that had begun, else of the first.
    /// </summary>
    private bool IsOfGroup(int day)
    {
        var last = hirings.FindLastIndex(each => each.From <= day);
        return hirings.Count > 0 && hirings[Math.Max(last, 0)].IsOfGroup;
    }

    /// <summary>An entry holds until the next of its element; what is paid once interrupts none.</summary>
    private void LoadPay(Employee employee)
    {
        foreach (var (key, entry) in employee.Pay)
        {
            var from = WorkingDays.Of(key.EffectiveFrom);
            var element = pack.PlaceOf(key.Element);
            if (entry.Details.Per == PayPer.Once)
            {
                if (IsOfGroup(from))
                {
                    spans.Add(new(
                        key.Element, element, new(from, from), entry.Details.Amount, PayPer.Once, entry.Version));
                }

                continue;
            }

            for (var i = spans.Count - 1; i >= 0 && spans[i].Code == key.Element; i--)
            {
                if (spans[i].Per != PayPer.Once)
                {
                    spans[i] = spans[i] with { Days = spans[i].Days.And(new(int.MinValue, from - 1)) };
                    break;
                }
            }

            spans.Add(new(
                key.Element, element, new(from, Through(entry.Details.To)), entry.Details.Amount, entry.Details.Per,
                entry.Version));
        }
    }

    /// <summary>Days without salary, each once although absences overlap.</summary>
    private void LoadAbsences(Employee employee)
    {
        foreach (var (_, absence) in employee.Absences)
        {
            if (absence.Details is { Withdrawn: not true } details
                && (details.Kind != AbsenceKind.Leave || !pack.PaysSalaryDuringLeave))
            {
                unpaid.Add(DaySpan.Of(details.From, details.To));
            }
        }

        unpaid.Sort(static (a, b) => a.From.CompareTo(b.From));
        var reached = int.MinValue;
        for (var i = 0; i < unpaid.Count; i++)
        {
            var (from, through) = unpaid[i];
            unpaid[i] = new(Math.Max(from, reached), through);
            reached = Math.Max(reached, through + 1);
        }
    }
}
