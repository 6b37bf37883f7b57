using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using NodaTime;
using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Leave;

/// <summary>What the leave that somebody has not taken is worth.</summary>
/// <param name="DailyPay">To the cent.</param>
/// <param name="Amount">Days of the balance times that, to the cent; less than nothing where too much was taken.
/// </param>
public readonly record struct LeaveLiability(decimal Days, decimal DailyPay, decimal Amount)
{
    private const int WeeksOfYear = 52;

    /// <summary>Null where regular pay is not known on that day.</summary>
    public static LeaveLiability? Of(Employee employee, Pack pack, LeaveBalance balance)
    {
        ArgumentNullException.ThrowIfNull(pack);
        ArgumentNullException.ThrowIfNull(balance);
        if (YearlyPayOn(employee, pack, balance.Through) is not { } yearly)
        {
            return null;
        }

        var daily = ToCents(yearly / pack.LeaveDaysOfYear(balance.Through));
        return new(balance.Days, daily, ToCents(balance.Days * daily));
    }

    /// <summary>
    /// Regular pay of a year as it holds on a day: what is insured, taxed and paid out, by month or year; ordinary pay
    /// by the hour for the hours of the contract. Null where there is none.
    /// </summary>
    public static decimal? YearlyPayOn(Employee employee, Pack pack, LocalDate day)
    {
        ArgumentNullException.ThrowIfNull(employee);
        ArgumentNullException.ThrowIfNull(pack);
        decimal? sum = null;
        var inForce = employee.AsOf(day).Pay;
        foreach (var (key, entry) in inForce)
        {
            if (pack.Element(key.Element) is { } element && DuePay.IsOrdinary(element)
                && (entry.Details.Per != PayPer.Hour || key.Element == Pack.SalaryElement)
                && Yearly(entry.Details, employee.ContractOn(day)?.Details.WeeklyHours ?? 0) is { } amount)
            {
                sum = (sum ?? 0) + amount;
            }
        }

        return sum;
    }

    private static decimal? Yearly(PayDetails pay, decimal weeklyHours) => pay.Per switch
    {
        PayPer.Month => pay.Amount * 12,
        PayPer.Year => pay.Amount,
        PayPer.Hour => pay.Amount * weeklyHours * WeeksOfYear,
        _ => null,
    };
}
