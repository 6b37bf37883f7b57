using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;

namespace Ledger.Domain.PayRuns;

/// <summary>What whoever approves a payslip should look at, although it is made.</summary>
public enum SlipRemark
{
    /// <summary>Regular pay is below the least that the law allows for the hours of the contract.</summary>
    BelowMinimumWage,

    /// <summary>Employment has ended, and leave is left for which nothing was paid.</summary>
    UnusedLeave,
}

/// <summary>Finds what to remark.</summary>
internal static class SlipRemarks
{
    public static IReadOnlyList<SlipRemark> Of(
        Pack pack, SlipPay pay, DuePay due, ContractDetails contract, PayPeriod period, Payslip slip) =>
        (IsBelowMinimumWage(pack, pay, due, contract, period), HasUnusedLeave(pack, pay, due, period, slip)) switch
        {
            (false, false) => [],
            (true, false) => [SlipRemark.BelowMinimumWage],
            (false, true) => [SlipRemark.UnusedLeave],
            _ => [SlipRemark.BelowMinimumWage, SlipRemark.UnusedLeave],
        };

    /// <summary>Pay of a month or a year, as it holds at the end of the period, and each pay by the hour.</summary>
    private static bool IsBelowMinimumWage(
        Pack pack, SlipPay pay, DuePay due, ContractDetails contract, PayPeriod period)
    {
        var day = WorkingDays.Of(period.Through);
        var yearly = due.YearlyPayOn(day);
        var terms = new WageTerms(
            period.From, contract.WeeklyHours, contract.FullTimeHours ?? contract.WeeklyHours,
            contract.Type == ContractType.Apprentice, pay.LawKnownOn);
        return yearly > 0
            ? pack.IsBelowMinimumWage(terms with { YearlyPay = yearly })
            : due.LowestHourlyPayOn(day) is { } hourly && pack.IsBelowMinimumWage(terms with { HourlyPay = hourly });
    }

    /// <summary>Whoever left by the end of the period, until the pack's element for it was paid on leaving.</summary>
    private static bool HasUnusedLeave(Pack pack, SlipPay pay, DuePay due, PayPeriod period, Payslip slip) =>
        due.Employment.Through <= WorkingDays.Of(period.Through) && slip.Leave is { Balance: > 0 }
        && pack.UnusedLeaveElement is { } element
        && !slip.Lines.Any(line => line.Code == element) && !pay.Before.Exists(line =>
            line.Code == element && WorkingDays.Of(line.Through) >= due.Employment.Through);
}
