using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>
/// Takes the lines of one payslip after another, so that calculating many of them costs no memory: whoever keeps a
/// payslip copies its lines. Its sums are those of the lines that were added.
/// </summary>
/// <param name="explains">Whether the steps of the working are kept as well.</param>
public sealed class PayslipLines(bool explains = false)
{
    private PayslipLine[] lines = new PayslipLine[24];
    private PayslipStep[] steps = new PayslipStep[24];
    private int stepCount;

    public int Count { get; private set; }

    /// <summary>All pay, in kind as well.</summary>
    public decimal Gross { get; private set; }

    /// <summary>Pay that is paid out, before anything is taken from it.</summary>
    public decimal PaidOut { get; private set; }

    /// <summary>All that is taken from pay: contributions, taxes, deductions.</summary>
    public decimal Deductions { get; private set; }

    /// <summary>Contributions of the employee alone.</summary>
    public decimal Contributions { get; private set; }

    public decimal Net => PaidOut - Deductions;

    /// <summary>What the employer owes beside the pay.</summary>
    public decimal EmployerContributions { get; private set; }

    /// <summary>The last day of the earlier period that the lines added next are for; null is the payslip's own.
    /// </summary>
    public LocalDate? EarnedThrough { get; internal set; }

    public ReadOnlySpan<PayslipLine> AsSpan() => lines.AsSpan(0, Count);

    public ReadOnlySpan<PayslipStep> StepsOf(int line) =>
        steps.AsSpan((line == 0 ? 0 : lines[line - 1].StepsEnd)..lines[line].StepsEnd);

    public void Clear()
    {
        (Count, stepCount, EarnedThrough) = (0, 0, null);
        Gross = PaidOut = Deductions = Contributions = EmployerContributions = 0;
    }

    /// <summary>Adds a line; the steps since the line before are its working.</summary>
    public void Add(LineType type, decimal amount, decimal @base = 0, Known rate = default)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (Count == lines.Length)
        {
            Array.Resize(ref lines, 2 * Count);
        }

        lines[Count++] = new(type, amount, @base, rate.Value, rate.Figure, stepCount, EarnedThrough);
        switch (type.Kind)
        {
            case LineKind.Earning:
                Gross += amount;
                PaidOut += amount;
                break;
            case LineKind.Benefit:
                Gross += amount;
                break;
            case LineKind.EmployerContribution:
                EmployerContributions += amount;
                break;
            case LineKind.Contribution:
                Contributions += amount;
                Deductions += amount;
                break;
            default:
                Deductions += amount;
                break;
        }
    }

    /// <summary>Notes a step of the working of the line that is added next.</summary>
    public void Step(string name, decimal value, Figure? figure = null)
    {
        if (!explains)
        {
            return;
        }

        if (stepCount == steps.Length)
        {
            Array.Resize(ref steps, 2 * stepCount);
        }

        steps[stepCount++] = new(name, value, figure);
    }

    /// <summary>The sum of the lines of a type.</summary>
    public decimal Sum(string code)
    {
        var sum = 0m;
        foreach (ref readonly var line in AsSpan())
        {
            sum += line.Type.Code == code ? line.Amount : 0;
        }

        return sum;
    }
}
