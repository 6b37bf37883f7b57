using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>Events of one time sheet because of which a payslip has a line.</summary>
/// <param name="Month">Of the employee's sheet, such as 2026-03.</param>
/// <param name="Versions">Of the sheet's stream.</param>
public sealed record SheetCause(string Month, ValueList<long> Versions);

/// <summary>A line of a payslip as it was paid.</summary>
/// <param name="Code">Of the pack's element or levy.</param>
/// <param name="EarnedThrough">The last day of the earlier period that it is for; null is the payslip's own.</param>
/// <param name="Base">What the rate was applied to; null where the rule knows none.</param>
/// <param name="Rate">A part of one; null where the rule knows none.</param>
/// <param name="Figure">The name of the figure of the law behind it.</param>
/// <param name="Deduction">The id of the employee's deduction that it serves.</param>
/// <param name="Causes">Versions of the employee's stream: the events because of which there is this line.</param>
/// <param name="TimeEntries">The same of time sheets; null for a line that no hour is behind.</param>
public sealed record SlipLine(
    string Code,
    LineKind Kind,
    decimal Amount,
    LocalDate? EarnedThrough = null,
    decimal? Base = null,
    decimal? Rate = null,
    string? Figure = null,
    string? Deduction = null,
    ValueList<long>? Causes = null,
    ValueList<SheetCause>? TimeEntries = null);

/// <summary>
/// A whole payslip: nothing of it is found anew when it is shown. Its sums are those of its lines.
/// </summary>
/// <param name="From">The first day of the period.</param>
/// <param name="EngineVersion">That of the pack's formulas.</param>
/// <param name="EmployeeVersion">That of the employee's stream, as far as it was known.</param>
/// <param name="Dimensions">Where its cost belongs.</param>
/// <param name="Leave">Null for somebody without leave, and on payslips of before leave stood on them.</param>
/// <param name="TimeSheets">Versions of time sheets by month, as far as they were known; null where there are
/// none.</param>
public sealed record Payslip(
    string Contract,
    string Pack,
    int EngineVersion,
    UnitCode Currency,
    LocalDate From,
    LocalDate Through,
    LocalDate PayDate,
    ValueList<SlipLine> Lines,
    long EmployeeVersion,
    ValueMap<string>? Dimensions = null,
    SlipLeave? Leave = null,
    ValueMap<long>? TimeSheets = null)
{
    /// <summary>
    /// Whether what was stored is this payslip, derived again. Leave came to stand on payslips later, and changes no
    /// line: one that was stored without it is compared without it.
    /// </summary>
    public bool Reproduces(Payslip? stored) =>
        stored is not null && stored == (stored.Leave is null ? this with { Leave = null } : this);

    /// <summary>All pay, in kind as well.</summary>
    public decimal Gross() => Sum(LineKind.Earning, LineKind.Benefit);

    /// <summary>All that is taken from pay.</summary>
    public decimal Deductions() => Sum(LineKind.Contribution, LineKind.Tax, LineKind.Deduction);

    public decimal Net() => Sum(LineKind.Earning) - Deductions();

    /// <summary>What the employer owes beside the pay.</summary>
    public decimal EmployerContributions() => Sum(LineKind.EmployerContribution);

    private decimal Sum(params ReadOnlySpan<LineKind> kinds)
    {
        var sum = 0m;
        foreach (var line in Lines.AsSpan())
        {
            sum += kinds.Contains(line.Kind) ? line.Amount : 0;
        }

        return sum;
    }
}

/// <summary>Stream <c>payslip/{run}/{employee}</c>: the payslip of one employee in one run.</summary>
public abstract record PayslipEvent;

/// <summary>The payslip as of an attempt; a later one takes its place.</summary>
[EventName("payslip_calculated")]
public sealed record PayslipCalculated(int Attempt, Payslip Slip) : PayslipEvent;

/// <summary>There is no payslip, for that reason.</summary>
/// <param name="Code">Of the refusal.</param>
[EventName("payslip_failed")]
public sealed record PayslipFailed(int Attempt, string Code, string Message) : PayslipEvent;

/// <summary>The employee is not paid by this run any more.</summary>
[EventName("payslip_withdrawn")]
public sealed record PayslipWithdrawn(int Attempt) : PayslipEvent;
