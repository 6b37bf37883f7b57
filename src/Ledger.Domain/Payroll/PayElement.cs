using NodaTime;

namespace Ledger.Domain.Payroll;

/// <summary>What the law does with pay. Whether it is insured, taxed and paid out are questions apart.</summary>
[Flags]
public enum Treatments
{
    None = 0,

    /// <summary>Social contributions are due on it: insurable, liable to National Insurance, to FICA.</summary>
    Insured = 1,

    /// <summary>Income tax is due on it.</summary>
    Taxed = 2,

    /// <summary>It is paid out. What is not is a benefit in kind.</summary>
    PaidOut = 4,

    /// <summary>Taxed at the rate of wages beside the regular ones, where there is such a rate.</summary>
    Supplemental = 8,

    /// <summary>It counts for pensions.</summary>
    Pensionable = 16,

    /// <summary>Insured, taxed and paid out, as salaries are.</summary>
    Ordinary = Insured | Taxed | PaidOut | Pensionable,
}

public static class TreatmentsExtensions
{
    public static bool Has(this Treatments treatments, Treatments one) => (treatments & one) == one;
}

/// <summary>A kind of pay, as a pack knows it.</summary>
/// <param name="Code">How callers name it, camelCase and unique in its pack.</param>
/// <param name="Description">A sentence: what it is, and the law by which it is treated so.</param>
public sealed record PayElement(string Code, Treatments Treatments, string Description)
{
    /// <summary>How it stands on a payslip.</summary>
    public LineType Line { get; } = new(
        Code, Treatments.Has(Treatments.PaidOut) ? LineKind.Earning : LineKind.Benefit, Description);
}

/// <summary>An amount of an element in one calculation.</summary>
/// <param name="EarnedThrough">The last day of an earlier period that it is for; null is that of the
/// calculation.</param>
/// <param name="Working">How it was found, where that is asked for.</param>
public readonly record struct Earning(
    PayElement Element, decimal Amount, LocalDate? EarnedThrough = null, IReadOnlyList<PayslipStep>? Working = null);

/// <summary>What the earnings of a calculation come to, by treatment.</summary>
/// <param name="TaxedCash">What is both taxed and paid out.</param>
public readonly record struct PayBases(
    decimal Gross, decimal TaxedCash, decimal Insured, decimal Taxed, decimal Supplemental, decimal Pensionable)
{
    /// <summary>Adds them up and writes each as a line.</summary>
    /// <param name="earnings">Of the calculation.</param>
    /// <param name="lines">Where each is added.</param>
    /// <param name="late">How the law treats taxed pay of earlier periods beside.</param>
    public static PayBases Of(
        ReadOnlySpan<Earning> earnings, PayslipLines lines, Treatments late = Treatments.None)
    {
        ArgumentNullException.ThrowIfNull(lines);
        decimal gross = 0, taxedCash = 0, insured = 0, taxed = 0, supplemental = 0, pensionable = 0;
        foreach (var (element, amount, earnedThrough, working) in earnings)
        {
            for (var i = 0; i < working?.Count; i++)
            {
                lines.Step(working[i].Name, working[i].Value, working[i].Figure);
            }

            var treatments = element.Treatments;
            treatments |= earnedThrough is not null && treatments.Has(Treatments.Taxed) ? late : Treatments.None;
            gross += amount;
            taxedCash += treatments.Has(Treatments.Taxed | Treatments.PaidOut) ? amount : 0;
            insured += treatments.Has(Treatments.Insured) ? amount : 0;
            taxed += (treatments & (Treatments.Taxed | Treatments.Supplemental)) == Treatments.Taxed ? amount : 0;
            supplemental += treatments.Has(Treatments.Supplemental) ? amount : 0;
            pensionable += treatments.Has(Treatments.Pensionable) ? amount : 0;
            lines.EarnedThrough = earnedThrough;
            lines.Add(element.Line, amount);
        }

        lines.EarnedThrough = null;
        return new(gross, taxedCash, insured, taxed, supplemental, pensionable);
    }
}
