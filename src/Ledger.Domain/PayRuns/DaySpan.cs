using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>Days from the first through the last, by their numbers.</summary>
internal readonly record struct DaySpan(int From, int Through)
{
    public static DaySpan Of(PayPeriod period) => new(WorkingDays.Of(period.From), WorkingDays.Of(period.Through));

    public static DaySpan Of(LocalDate from, LocalDate through) => new(WorkingDays.Of(from), WorkingDays.Of(through));

    public DaySpan And(DaySpan other) => new(Math.Max(From, other.From), Math.Min(Through, other.Through));

    public bool Holds(int day) => From <= day && day <= Through;

    /// <summary>Those that a proration counts.</summary>
    public int Count(Proration proration) =>
        Through < From ? 0
        : proration == Proration.CalendarDays ? Through - From + 1 : WorkingDays.Count(From, Through);
}
