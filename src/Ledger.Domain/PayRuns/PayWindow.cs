using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>The periods for which something may be owed, up to that of the payslip. One serves a whole run.</summary>
internal sealed class PayWindow
{
    private readonly PayGroupDetails group;
    private readonly PayPeriod? first;
    private readonly PayPeriod last;

    /// <remarks>Where the currency of the country changed, new books begin with opening figures, and what is owed of
    /// before stays with the books of before.</remarks>
    public PayWindow(PayGroupDetails group, PayPeriod? first, PayPeriod last, Pack pack)
    {
        (this.group, this.first, this.last) = (group, first, last);
        var currency = pack.CurrencyOn(last.Through);
        var from = first is { } earlier && earlier.From < last.From ? earlier : last;
        Periods = [.. PayPeriods.Between(group, from, last).Where(each => pack.CurrencyOn(each.Through) == currency)];
        Starts = Array.ConvertAll(Periods, each => each.From);
        Ends = Array.ConvertAll(Periods, each => each.Through);
    }

    public PayPeriod[] Periods { get; }

    public LocalDate[] Starts { get; }

    public LocalDate[] Ends { get; }

    public bool IsOf(SlipRequest request) =>
        ReferenceEquals(group, request.Group) && first == request.FirstPeriod && last == request.Period;

    /// <summary>The place of the period that holds a day; negative where it is before or after all.</summary>
    public int PlaceOf(LocalDate day)
    {
        var found = Array.BinarySearch(Ends, day);
        var place = found >= 0 ? found : ~found;
        return place < Periods.Length && Periods[place].Holds(day) ? place : -1;
    }
}
