using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>What a line of a payslip does.</summary>
public enum LineKind
{
    /// <summary>Pay that is paid out.</summary>
    Earning,

    /// <summary>Pay in kind: part of gross pay, and not paid out.</summary>
    Benefit,

    /// <summary>What the employee owes to social funds.</summary>
    Contribution,

    /// <summary>What the employee owes in taxes.</summary>
    Tax,

    /// <summary>Anything else that is taken from pay.</summary>
    Deduction,

    /// <summary>What the employer owes beside the pay.</summary>
    EmployerContribution,
}

/// <summary>A kind of line: made once, so that lines of a million payslips share it.</summary>
/// <param name="Code">How programs know it, camelCase and unique in its pack.</param>
/// <param name="Rule">A sentence: the rule by which the amount is found.</param>
/// <param name="IsBanded">The rate of its lines is that of the highest of several bands.</param>
public sealed record LineType(string Code, LineKind Kind, string Rule, bool IsBanded = false);

/// <summary>A line of a payslip. <c>Base</c> and <c>Rate</c> are 0 where the rule knows none.</summary>
/// <param name="Base">What the rate was applied to, or the bands divided.</param>
/// <param name="Figure">The figure of the law behind the rate.</param>
/// <param name="EarnedThrough">The last day of the earlier period that it is for; null is the payslip's own.</param>
public readonly record struct PayslipLine(
    LineType Type, decimal Amount, decimal Base, decimal Rate, Figure? Figure, int StepsEnd,
    LocalDate? EarnedThrough = null);

/// <summary>A step of the working behind a line, such as the free pay of a tax code.</summary>
/// <param name="Name">In words.</param>
public readonly record struct PayslipStep(string Name, decimal Value, Figure? Figure);
