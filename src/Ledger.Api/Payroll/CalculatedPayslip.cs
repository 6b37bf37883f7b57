using Ledger.Domain;
using Ledger.Domain.Payroll;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.Payroll;

/// <summary>A payslip as it was calculated. Its totals are the sums of its lines.</summary>
/// <param name="EngineVersion">That of the pack's formulas.</param>
/// <param name="Gross">All pay, in kind as well.</param>
/// <param name="Deductions">All that is taken from pay.</param>
/// <param name="EmployerContributions">What the employer owes beside the pay.</param>
/// <param name="Figures">Figures of the law that the lines rest on, each once.</param>
public sealed record CalculatedPayslip(
    string Pack,
    int EngineVersion,
    UnitCode Currency,
    LocalDate PayDate,
    Amount Gross,
    Amount Deductions,
    Amount Net,
    Amount EmployerContributions,
    IReadOnlyList<CalculatedLine> Lines,
    IReadOnlyList<FigureShown> Figures)
{
    internal static CalculatedPayslip Of(CalculatePayslip command, Pack pack, PayslipLines lines)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(lines);
        var all = Enumerable.Range(0, lines.Count).Select(index => CalculatedLine.Of(lines, index)).ToList();
        var figures = lines.AsSpan().ToArray().Select(line => line.Figure)
            .Concat(Enumerable.Range(0, lines.Count).SelectMany(
                index => lines.StepsOf(index).ToArray().Select(step => step.Figure)))
            .OfType<Figure>().Distinct().OrderBy(figure => figure.Name, StringComparer.Ordinal);
        return new(
            pack.Name, pack.EngineVersion, pack.CurrencyOn(command.EarnedThrough ?? command.PayDate), command.PayDate,
            CalculatedLine.Money(lines.Gross), CalculatedLine.Money(lines.Deductions), CalculatedLine.Money(lines.Net),
            CalculatedLine.Money(lines.EmployerContributions), all, [.. figures.Select(FigureShown.Of)]);
    }
}

/// <summary>A line of a payslip, and why it is what it is.</summary>
/// <param name="Base">What the rate was applied to, or the bands divided; null where the rule knows none.</param>
/// <param name="Rate">A part of one; null where the rule knows none.</param>
/// <param name="Figure">The name of the figure behind the rate.</param>
/// <param name="Because">The rule and the working, as a sentence.</param>
public sealed record CalculatedLine(
    string Code,
    LineKind Kind,
    Amount Amount,
    Amount? Base,
    decimal? Rate,
    string? Figure,
    string Because,
    IReadOnlyList<CalculatedStep> Steps)
{
    private const int Digits = 2;

    internal static Amount Money(decimal amount) => new(amount, Digits);

    internal static CalculatedLine Of(PayslipLines lines, int index)
    {
        var line = lines.AsSpan()[index];
        return new(
            line.Type.Code,
            line.Type.Kind,
            Money(line.Amount),
            line.Base == 0 ? null : Money(line.Base),
            line.Rate == 0 ? null : line.Rate,
            line.Figure?.Name,
            Explanation.Of(lines, index),
            [.. lines.StepsOf(index).ToArray().Select(
                step => new CalculatedStep(step.Name, Money(step.Value), step.Figure?.Name))]);
    }
}

/// <summary>A step of the working behind a line.</summary>
public sealed record CalculatedStep(string Name, Amount Value, string? Figure);
