using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;

namespace Ledger.Domain.PayRuns;

/// <summary>What whoever approves a payslip should look at, although it is made.</summary>
public enum SlipRemark
{
    /// <summary>Regular pay is below the least that the law allows for the hours of the contract.</summary>
    BelowMinimumWage,
}

/// <summary>Finds what to remark.</summary>
internal static class SlipRemarks
{
    /// <summary>Pay of a month or a year, as it holds at the end of the period, and each pay by the hour.</summary>
    public static IReadOnlyList<SlipRemark> Of(
        Pack pack, SlipPay pay, DuePay due, ContractDetails contract, PayPeriod period)
    {
        var day = WorkingDays.Of(period.Through);
        var yearly = due.YearlyPayOn(day);
        var terms = new WageTerms(
            period.From, contract.WeeklyHours, contract.FullTimeHours ?? contract.WeeklyHours,
            contract.Type == ContractType.Apprentice, pay.LawKnownOn);
        var isBelow = yearly > 0
            ? pack.IsBelowMinimumWage(terms with { YearlyPay = yearly })
            : due.LowestHourlyPayOn(day) is { } hourly && pack.IsBelowMinimumWage(terms with { HourlyPay = hourly });
        return isBelow ? [SlipRemark.BelowMinimumWage] : [];
    }
}
