using NodaTime;
using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.Bulgaria;

/// <summary>
/// Levies of a payslip that pays for earlier months as well: contributions by the month earned, at its rates, below its
/// ceiling, less what was taken for it; income tax by the month of the payslip, in which it all accrues. A month whose
/// facts or law are known otherwise than before is settled anew, also where its pay is as it was.
/// </summary>
internal sealed class BulgarianMonths
{
    private readonly BulgarianPack pack;
    private readonly SlipPay pay;
    private readonly PayslipLines lines;
    private readonly decimal[] insured;
    private readonly decimal[] insuredBefore;
    private readonly decimal[] taken;
    private decimal taxed;
    private BulgarianToDate before = BulgarianToDate.None;
    private decimal insuredElsewhere;

    public BulgarianMonths(BulgarianPack pack, SlipPay pay, PayslipLines lines)
    {
        (this.pack, this.pay, this.lines) = (pack, pay, lines);
        var months = pay.Ends.Length;
        (insured, insuredBefore) = (new decimal[months], new decimal[months]);
        taken = new decimal[months * BulgarianLevies.Contributions];
    }

    public Refusal? Levy()
    {
        var earnings = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(pay.Earnings);
        AddElsewhere();
        AddBefore();
        Array.Copy(insured, insuredBefore, insured.Length);
        foreach (var earning in earnings)
        {
            Add(earning.Element, earning.Amount, pay.PeriodOf(earning.EarnedThrough ?? pay.Through), isOfSlip: true);
        }

        PayBases.Of(earnings, lines);
        var own = insured.Length - 1;
        if (Settle(own) is { } refusal)
        {
            return refusal;
        }

        for (var month = 0; month < own; month++)
        {
            lines.EarnedThrough = pay.Ends.Span[month];
            if (Settle(month) is { } late)
            {
                return late;
            }
        }

        lines.EarnedThrough = null;
        return Tax();
    }

    /// <summary>Opening figures count where they are of the payslip's own month.</summary>
    private void AddElsewhere()
    {
        foreach (var (through, values) in pay.Elsewhere)
        {
            if (through.ToYearMonth() == pay.Through.ToYearMonth()
                && FactSheet.Read(pack.ToDate, values, out var sheet) is null)
            {
                before = BulgarianToDate.Of(sheet);
                insuredElsewhere = before.InsuredPay;
                insured[^1] += insuredElsewhere;
                taxed += before.TaxedPay;
            }
        }
    }

    private void AddBefore()
    {
        foreach (var line in pay.Before)
        {
            var month = pay.PeriodOf(line.EarnedOn);
            var isOfMonth = line.Through == pay.Through;
            if (line.IsPay)
            {
                Add(pack.Element(line.Code), line.Amount, month, isOfMonth);
            }
            else if (BulgarianLines.PlaceOfCode.TryGetValue(line.Code, out var place))
            {
                if (month >= 0)
                {
                    taken[(month * BulgarianLevies.Contributions) + place] += line.Amount;
                }

                if (isOfMonth && line.Kind == LineKind.Contribution)
                {
                    before = before with { Contributions = before.Contributions + line.Amount };
                }
            }
            else if (isOfMonth && line.Kind == LineKind.Tax)
            {
                before = before with { Tax = before.Tax + line.Amount };
            }
        }
    }

    /// <param name="element">Null for one that the pack has no longer.</param>
    /// <param name="amount">Of the line.</param>
    /// <param name="month">In which it was earned; negative for one before the first.</param>
    /// <param name="isOfSlip">Whether it accrues in the payslip's own month.</param>
    private void Add(PayElement? element, decimal amount, int month, bool isOfSlip)
    {
        var treatments = element?.Treatments ?? Treatments.None;
        insured[Math.Max(month, 0)] += month >= 0 && treatments.Has(Treatments.Insured) ? amount : 0;
        taxed += isOfSlip && treatments.Has(Treatments.Taxed) ? amount : 0;
    }

    private Refusal? Settle(int month)
    {
        var takenOfMonth = taken.AsSpan(month * BulgarianLevies.Contributions, BulgarianLevies.Contributions);
        var missed = MissedDays(month);
        if (insured[month] == 0 && missed == 0 && !takenOfMonth.ContainsAnyExcept(0m))
        {
            return null;
        }

        if (pack.MonthOf(pay, pay.Ends.Span[month], out var law, out var facts) is { } missing)
        {
            return missing;
        }

        if (BulgarianLevies.Check(facts, law, out _) is { } refusal)
        {
            return refusal;
        }

        if (insuredElsewhere != 0 && month == insured.Length - 1)
        {
            BulgarianLevies.Taken(insuredElsewhere, facts, law, takenOfMonth);
        }

        var floor = ToCents(facts.MinimumInsurableIncome * pay.Parts[month]);
        BulgarianLevies.Contribute(
            facts, law, BulgarianLevies.Insurable(insured[month], floor, facts, law),
            BulgarianLevies.Insurable(insuredBefore[month], floor, facts, law), takenOfMonth, lines);
        return InsureIncapacity(month, missed, takenOfMonth[BulgarianLevies.Incapacity]);
    }

    /// <summary>Working days of a month that the fund pays, for illness or motherhood.</summary>
    private int MissedDays(int month)
    {
        if (pay.Incapacities.Count == 0)
        {
            return 0;
        }

        var paidDays = BulgarianSupplements.On(pay.Ends.Span[month], pay.LawKnownOn, out var law) is null
            ? law.SickDays : 0;
        var days = 0;
        foreach (var (from, through, isIllness) in pay.Incapacities)
        {
            var first = LocalDate.Max(from, pay.Starts.Span[month]);
            var here = WorkingDays.Count(first, LocalDate.Min(through, pay.Ends.Span[month]));
            var before = WorkingDays.Count(from, first.PlusDays(-1));
            days += isIllness ? Math.Max(here - Math.Max(paidDays - before, 0), 0) : here;
        }

        return days;
    }

    private Refusal? InsureIncapacity(int month, int missed, decimal takenBefore)
    {
        if (missed == 0 && takenBefore == 0)
        {
            return null;
        }

        if (BulgarianSupplements.On(pay.Ends.Span[month], pay.LawKnownOn, out var law) is { } unknown)
        {
            return unknown;
        }

        var all = WorkingDays.Count(pay.Starts.Span[month], pay.Ends.Span[month]);
        lines.Step("for a whole month", law.HealthWhileIncapacitated);
        lines.Step("working days missed", missed);
        lines.Step("working days of the month", all);
        lines.Add(
            BulgarianLines.HealthWhileIncapacitated,
            ToCents(law.HealthWhileIncapacitated * missed / all) - takenBefore);
        return null;
    }

    private Refusal? Tax()
    {
        if (taxed == 0 && before.Tax == 0)
        {
            return null;
        }

        if (pack.MonthOf(pay, pay.Through, out var law, out var facts) is { } missing)
        {
            return missing;
        }

        if (BulgarianLevies.Check(facts, law, out var reliefs) is { } refusal)
        {
            return refusal;
        }

        BulgarianLevies.Tax(law, before, taxed, reliefs, lines);
        return null;
    }
}
