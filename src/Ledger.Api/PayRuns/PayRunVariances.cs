using Ledger.Domain.Employees;
using Ledger.Domain.PayRuns;
using Ledger.Projections.Queries;

namespace Ledger.Api.PayRuns;

/// <summary>How a payslip stands to the employee's last one.</summary>
public enum VarianceKind
{
    Unchanged,
    Changed,
    Joiner,
    Leaver,
    Failed,
}

/// <summary>Why a payslip is another than the last one.</summary>
public enum VarianceReason
{
    /// <summary>Pay was recorded: a raise, a bonus, an allowance.</summary>
    Pay,

    /// <summary>An absence was recorded, or falls into one of the two periods.</summary>
    Absence,
    Contract,

    /// <summary>Time that was worked.</summary>
    Time,

    /// <summary>Statutory facts were recorded.</summary>
    Facts,
    Deduction,
    OpeningFigures,
    Termination,

    /// <summary>The last payslip was of an earlier year's or day's law: a levy has another rate.</summary>
    Rate,

    /// <summary>It pays or takes back something for earlier periods.</summary>
    Arrears,
}

/// <summary>A page of what is new in a run.</summary>
public sealed record VarianceList(string Company, string Run, IReadOnlyList<VarianceRow> Rows, string? Next);

/// <summary>What is new in a payslip.</summary>
/// <param name="MissingBankAccount">Net pay has nowhere to go.</param>
/// <param name="Because">Why there is no payslip.</param>
/// <param name="Changes">Lines that are new, gone or of another amount, summed by code and period.</param>
/// <param name="Reasons">Why it is another than the last one.</param>
/// <param name="Remarks">What to look at although it is made.</param>
/// <param name="NewEvents">Versions of the employee's stream that the last payslip did not know.</param>
public sealed record VarianceRow(
    string Employee,
    VarianceKind Kind,
    Amount? GrossBefore,
    Amount? Gross,
    Amount? NetBefore,
    Amount? Net,
    bool MissingBankAccount,
    string? Because,
    IReadOnlyList<VarianceReason> Reasons,
    IReadOnlyList<SlipRemark> Remarks,
    IReadOnlyList<VarianceLine> Changes,
    IReadOnlyList<long> NewEvents);

/// <param name="EarnedThrough">The earlier period that it is for.</param>
public sealed record VarianceLine(string Code, Amount Before, Amount Now, NodaTime.LocalDate? EarnedThrough);

/// <summary>Compares payslips with those before.</summary>
public static class PayRunVariances
{
    /// <summary>Null for somebody who is in neither.</summary>
    public static VarianceRow? Of(MadeSlip made)
    {
        ArgumentNullException.ThrowIfNull(made);
        var before = made.Request?.Earlier.LastOrDefault(each => each.Kind == PayRunKind.Regular)?.Slip;
        var now = made.Before.Slip;
        if (made.Before.Failed is { } failed)
        {
            return Row(VarianceKind.Failed, failed.Message);
        }

        if (now is null)
        {
            return before is null || before.Through != made.Request!.Period.From.PlusDays(-1)
                ? null : Row(VarianceKind.Leaver, null);
        }

        return Row(
            before is null ? VarianceKind.Joiner : Changes(before, now).Count == 0
                ? VarianceKind.Unchanged : VarianceKind.Changed, null);

        VarianceRow Row(VarianceKind kind, string? because) => new(
            made.Employee, kind, Money(before?.Gross()), Money(now?.Gross()), Money(before?.Net()), Money(now?.Net()),
            now?.Net() > 0 && made.Request?.Employee.BankAccountOn(made.Request.PayDate) is null,
            because,
            before is null || now is null ? [] : [.. ReasonsOf(made.Request!.Employee, before, now)],
            made.Remarks ?? [],
            Changes(before, now),
            now is null || before is null ? [] : [.. NewVersions(before.EmployeeVersion, now.EmployeeVersion)]);
    }

    private static IEnumerable<long> NewVersions(long before, long now)
    {
        const int newMax = 100;
        for (var version = before + 1; version <= now && version <= before + newMax; version++)
        {
            yield return version;
        }
    }

    private static IEnumerable<VarianceReason> ReasonsOf(Employee employee, Payslip before, Payslip now)
    {
        if (employee.Pay.Values.Any(IsNew))
        {
            yield return VarianceReason.Pay;
        }

        if (employee.Absences.Values.Any(each => IsNew(each)
            || (each.Details.Withdrawn is not true && (Touches(each.Details, before) || Touches(each.Details, now)))))
        {
            yield return VarianceReason.Absence;
        }

        if (employee.Contracts.Values.Any(IsNew))
        {
            yield return VarianceReason.Contract;
        }

        if (!Equals(now.TimeSheets, before.TimeSheets))
        {
            yield return VarianceReason.Time;
        }

        if (employee.Statutory.Values.Any(IsNew))
        {
            yield return VarianceReason.Facts;
        }

        if (employee.Deductions.Values.Any(IsNew))
        {
            yield return VarianceReason.Deduction;
        }

        if (employee.Opening.Values.Any(IsNew))
        {
            yield return VarianceReason.OpeningFigures;
        }

        if (employee.Termination is { } termination && IsNew(termination))
        {
            yield return VarianceReason.Termination;
        }

        if (before.Lines.Any(then => then.Rate is { } rate && now.Lines.Any(line =>
            line.Code == then.Code && line.Figure == then.Figure && line.Rate is { } other && other != rate)))
        {
            yield return VarianceReason.Rate;
        }

        if (now.Lines.Concat(before.Lines).Any(line => line.EarnedThrough is not null))
        {
            yield return VarianceReason.Arrears;
        }

        bool IsNew<T>(Registered<T> each) => each.Version > before.EmployeeVersion;
    }

    private static bool Touches(AbsenceDetails absence, Payslip slip) =>
        absence.From <= slip.Through && absence.To >= slip.From;

    private static List<VarianceLine> Changes(Payslip? before, Payslip? now)
    {
        var (then, today) = (Sums(before), Sums(now));
        return
        [
            .. then.Keys.Union(today.Keys)
                .Where(key => then.GetValueOrDefault(key) != today.GetValueOrDefault(key))
                .OrderBy(key => key.Earned).ThenBy(key => key.Code, StringComparer.Ordinal)
                .Select(key => new VarianceLine(
                    key.Code, PayslipShown.Money(then.GetValueOrDefault(key)),
                    PayslipShown.Money(today.GetValueOrDefault(key)), key.Earned)),
        ];
    }

    private static Dictionary<(string Code, NodaTime.LocalDate? Earned), decimal> Sums(Payslip? slip) =>
        (slip?.Lines ?? []).GroupBy(line => (line.Code, line.EarnedThrough))
            .ToDictionary(lines => lines.Key, lines => lines.Sum(line => line.Amount));

    private static Amount? Money(decimal? amount) => amount is { } value ? PayslipShown.Money(value) : null;
}
