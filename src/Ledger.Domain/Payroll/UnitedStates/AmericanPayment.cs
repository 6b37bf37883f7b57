using System.Runtime.InteropServices;
using NodaTime;

namespace Ledger.Domain.Payroll.UnitedStates;

/// <summary>What was paid and taken before in the pay period, of regular wages and of what was told.</summary>
internal sealed record AmericanPeriod(
    decimal Wages = 0,
    decimal StateTax = 0,
    decimal LocalTax = 0,
    decimal StateInsurance = 0,
    decimal StateUnemployment = 0)
{
    public static AmericanPeriod None { get; } = new();
}

/// <summary>
/// Levies of a payment, with all that was paid before it in the calendar year. Pay of earlier periods is supplemental
/// wages of the day on which it is paid. What is taken back of such pay lowers these; where it was paid in an earlier
/// year, only social security and Medicare come back, because income tax of that year is settled by its return.
/// </summary>
internal sealed class AmericanPayment(AmericanPack pack, SlipPay pay, PayslipLines lines)
{
    private AmericanToDate toDate = AmericanToDate.None;
    private AmericanPeriod period = AmericanPeriod.None;
    private LocalDate? before;

    public Refusal? Levy()
    {
        if (!pay.IsPayment || pay.Earnings.Count == 0)
        {
            return null;
        }

        if (pack.PaymentOf(pay, pay.PayDate, out var law, out var facts) is { } refusal)
        {
            return refusal;
        }

        AddElsewhere();
        foreach (var line in pay.Before)
        {
            AddToYear(line);
            AddToPeriod(line);
        }

        var isToldAnew = before is { } day && !ReferenceEquals(pay.FactsOn(day), pay.FactsOn(pay.PayDate));
        var earnings = CollectionsMarshal.AsSpan(pay.Earnings);
        var bases = PayBases.Of(earnings, lines, Treatments.Supplemental);
        return pack.Levy(
            new() { PayDate = pay.PayDate, Frequency = pay.Frequency, LawKnownOn = pay.LawKnownOn },
            law,
            facts,
            toDate,
            bases with { Supplemental = bases.Supplemental - earnings.ToArray().Sum(OfEarlierYear) },
            isToldAnew ? new(period.Wages) : period,
            lines);
    }

    private void AddElsewhere()
    {
        foreach (var (through, values) in pay.Elsewhere)
        {
            if (through.Year == pay.PayDate.Year && FactSheet.Read(pack.ToDate, values, out var sheet) is null)
            {
                toDate = AmericanToDate.Of(sheet);
            }
        }
    }

    /// <summary>Wages that Medicare counted are those that social security counts, below its base or not.</summary>
    private void AddToYear(in PaidLine line)
    {
        if (line.PayDate.Year != pay.PayDate.Year)
        {
            return;
        }

        toDate = line.Code switch
        {
            "medicare" => toDate with
            {
                SocialSecurityWages = toDate.SocialSecurityWages + line.Base,
                MedicareWages = toDate.MedicareWages + line.Base,
            },
            "supplementalIncomeTax" => toDate with { SupplementalWages = toDate.SupplementalWages + line.Base },
            _ when line.IsPay && pack.Element(line.Code)?.Treatments.Has(Treatments.Insured) == true => toDate with
            {
                UnemploymentWages = toDate.UnemploymentWages + line.Amount,
            },
            _ => toDate,
        };
    }

    private void AddToPeriod(in PaidLine line)
    {
        if (line.PayDate.Year != pay.PayDate.Year || line.Through != pay.Through)
        {
            return;
        }

        before = line.PayDate;
        period = line.Code switch
        {
            "stateTax" => period with { StateTax = period.StateTax + line.Amount },
            "localTax" => period with { LocalTax = period.LocalTax + line.Amount },
            "stateInsurance" => period with { StateInsurance = period.StateInsurance + line.Amount },
            "stateUnemploymentEmployer" => period with { StateUnemployment = period.StateUnemployment + line.Amount },
            _ when line.IsPay && line.EarnedThrough is null
                && pack.Element(line.Code)?.Treatments is { } treatments
                && (treatments & (Treatments.Taxed | Treatments.Supplemental)) == Treatments.Taxed => period with
                {
                    Wages = period.Wages + line.Amount,
                },
            _ => period,
        };
    }

    /// <summary>What is taken back of pay of an earlier year.</summary>
    private decimal OfEarlierYear(Earning earning) =>
        earning is { Amount: < 0, EarnedThrough: { } end }
        && earning.Element.Treatments.Has(Treatments.Taxed)
        && pay.Before.Exists(line => line.IsPay && line.EarnedOn == end && line.PayDate.Year < pay.PayDate.Year)
            ? earning.Amount : 0;
}
