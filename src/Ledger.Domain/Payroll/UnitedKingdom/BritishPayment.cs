using System.Runtime.InteropServices;
using NodaTime;

namespace Ledger.Domain.Payroll.UnitedKingdom;

/// <summary>
/// Levies of a payment, with all that was paid before it in the tax year and in the same earnings period, whichever
/// period it was for. A category of National Insurance acts backwards: earnings periods of before are settled anew.
/// A tax code acts from this payment on, and whoever has left and has a P45 is taxed without one, month by month.
/// </summary>
internal sealed class BritishPayment(BritishPack pack, SlipPay pay, PayslipLines lines)
{
    private static readonly TaxCode[] LeftCodes = [LeftCode(""), LeftCode("S"), LeftCode("C")];

    private readonly LocalDate yearStart = TaxPeriod.StartOfYear(pay.PayDate);
    private readonly List<PeriodSum> periods = [];
    private BritishToDate toDate = BritishToDate.None;

    /// <summary>What was paid and taken in an earnings period.</summary>
    /// <param name="IsOfOtherGroup">A group of other periods paid some of it.</param>
    private record struct PeriodSum(
        LocalDate YearStart, int Number, LocalDate PayDate, decimal Insured, decimal Employee, decimal Employer,
        bool IsOfOtherGroup);

    public Refusal? Levy()
    {
        if (pack.PaymentOf(pay, pay.PayDate, out var law, out var facts) is { } refusal)
        {
            return refusal;
        }

        AddElsewhere();
        foreach (var line in pay.Before)
        {
            AddToYear(line, facts);
            AddToPeriod(line);
        }

        if (pay.IsPayment && Pay(law, facts) is { } why)
        {
            return why;
        }

        return Correct();
    }

    private static TaxCode LeftCode(string regime) =>
        TaxCode.TryParse(regime + "0T M1", out var code) ? code : throw new InvalidOperationException(regime);

    private Refusal? Pay(BritishFigures law, BritishFacts facts)
    {
        var own = KeyOf(pay.PayDate);
        foreach (var period in periods)
        {
            if ((period.YearStart, period.Number) == own)
            {
                toDate = toDate with
                {
                    PeriodPay = toDate.PeriodPay + period.Insured,
                    PeriodContributions = toDate.PeriodContributions + period.Employee,
                    PeriodEmployerContributions = toDate.PeriodEmployerContributions + period.Employer,
                };
            }
        }

        var isPaid = pay.Earnings.Sum(each => each.Element.Treatments.Has(Treatments.Taxed) ? each.Amount : 0) > 0;
        return pack.Pay(
            new()
            {
                PayDate = pay.PayDate,
                Frequency = pay.Frequency,
                LawKnownOn = pay.LawKnownOn,
                Earnings = pay.Earnings.ToArray(),
            },
            law,
            pay.HasLeft && isPaid ? facts with { TaxCode = LeftCodes[(int)facts.TaxCode.Regime] } : facts,
            toDate,
            lines);
    }

    /// <summary>Opening figures, and those of a P45, count in the tax year and in the earnings period of their day.
    /// </summary>
    private void AddElsewhere()
    {
        foreach (var (through, values) in pay.Elsewhere)
        {
            if (TaxPeriod.StartOfYear(through) == yearStart
                && FactSheet.Read(pack.ToDate, values, out var sheet) is null)
            {
                toDate = BritishToDate.Of(sheet);
                if (KeyOf(through) != KeyOf(pay.PayDate))
                {
                    toDate = toDate with
                    {
                        PeriodPay = 0,
                        PeriodContributions = 0,
                        PeriodEmployerContributions = 0,
                        PeriodStudentLoan = 0,
                        PeriodPostgraduateLoan = 0,
                    };
                }
            }
        }
    }

    private void AddToYear(in PaidLine line, BritishFacts facts)
    {
        if (TaxPeriod.StartOfYear(line.PayDate) != yearStart)
        {
            return;
        }

        var isOfPeriod = KeyOf(line.PayDate) == KeyOf(pay.PayDate);
        var isOfDirector = facts.DirectorFrom is { } from && line.PayDate >= from;
        var treatments = line.IsPay ? pack.Element(line.Code)?.Treatments ?? default : default;
        var (taxed, insured) = (
            treatments.Has(Treatments.Taxed) ? line.Amount : 0, treatments.Has(Treatments.Insured) ? line.Amount : 0);
        toDate = line.Code switch
        {
            "incomeTax" => toDate with { Tax = toDate.Tax + line.Amount },
            "pensionBeforeTax" => toDate with { TaxablePay = toDate.TaxablePay - line.Amount },
            "studentLoan" when isOfPeriod => toDate with
            {
                PeriodStudentLoan = toDate.PeriodStudentLoan + line.Amount,
            },
            "postgraduateLoan" when isOfPeriod => toDate with
            {
                PeriodPostgraduateLoan = toDate.PeriodPostgraduateLoan + line.Amount,
            },
            "nationalInsurance" when isOfDirector => toDate with
            {
                DirectorContributions = toDate.DirectorContributions + line.Amount,
            },
            "nationalInsuranceEmployer" when isOfDirector => toDate with
            {
                DirectorEmployerContributions = toDate.DirectorEmployerContributions + line.Amount,
            },
            _ when line.IsPay => toDate with
            {
                TaxablePay = toDate.TaxablePay + taxed,
                DirectorPay = toDate.DirectorPay + (isOfDirector ? insured : 0),
            },
            _ => toDate,
        };
    }

    /// <summary>A correction of National Insurance names the last day of its earnings period.</summary>
    private void AddToPeriod(in PaidLine line)
    {
        var isInsurance = line.Code is "nationalInsurance" or "nationalInsuranceEmployer";
        if (!isInsurance && !(line.IsPay && pack.Element(line.Code)?.Treatments.Has(Treatments.Insured) == true))
        {
            return;
        }

        var isCorrection = isInsurance && line.EarnedThrough is not null;
        var (start, number) = KeyOf(isCorrection ? line.EarnedThrough!.Value : line.PayDate);
        var place = periods.FindIndex(each => each.YearStart == start && each.Number == number);
        if (place < 0)
        {
            place = periods.Count;
            periods.Add(new(start, number, line.PayDate, 0, 0, 0, false));
        }

        ref var sum = ref CollectionsMarshal.AsSpan(periods)[place];
        sum.PayDate = isCorrection ? sum.PayDate : line.PayDate;
        sum.IsOfOtherGroup |= !line.IsOfGroup;
        sum.Insured += isInsurance ? 0 : line.Amount;
        sum.Employee += line.Code == "nationalInsurance" ? line.Amount : 0;
        sum.Employer += line.Code == "nationalInsuranceEmployer" ? line.Amount : 0;
    }

    /// <summary>Earnings periods of before by the category that is known now, those of directors apart, which the year
    /// settles, and of a group whose periods may be others.</summary>
    private Refusal? Correct()
    {
        var own = KeyOf(pay.PayDate);
        foreach (var period in periods)
        {
            if ((pay.IsPayment && (period.YearStart, period.Number) == own) || period.IsOfOtherGroup)
            {
                continue;
            }

            if (pack.PaymentOf(pay, period.PayDate, out var law, out var facts) is { } refusal)
            {
                return refusal;
            }

            if (facts.DirectorFrom is null || facts.DirectorFrom > period.PayDate)
            {
                lines.EarnedThrough = TaxPeriod.EndOf(pay.Frequency, period.PayDate);
                NationalInsurance.Add(
                    period.Insured, new(period.Employee, period.Employer, NiTaken.EarningsPeriod),
                    law.Thresholds(pay.Frequency)!.Value, law.Rates(facts.Category, isDirector: false), lines);
                lines.EarnedThrough = null;
            }
        }

        return null;
    }

    private (LocalDate YearStart, int Number) KeyOf(LocalDate day) =>
        (TaxPeriod.StartOfYear(day), TaxPeriod.Of(pay.Frequency, day, null)!.Value.Number);
}
