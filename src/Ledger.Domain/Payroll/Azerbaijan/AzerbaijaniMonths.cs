using System.Runtime.InteropServices;

namespace Ledger.Domain.Payroll.Azerbaijan;

/// <summary>
/// Levies of a payslip that pays for earlier months as well. By which month late pay is levied no source says, so the
/// pay group does: by the month earned, or by that in which it is paid. Each month whose pay or facts are known
/// otherwise than before is settled anew: what is due for it less what was taken for it.
/// </summary>
internal sealed class AzerbaijaniMonths(AzerbaijaniPack pack, SlipPay pay, PayslipLines lines)
{
    /// <summary>Months that were paid are settled by it again and again, so that it stays once it is said.</summary>
    internal static readonly Fact LateTax = new(
        "lateTax", FactKind.Choice, "Whether late pay is levied by the month in which it was earned or paid.")
    { Choices = ["earned", "paid"], Example = "earned" };

    private readonly decimal[] insured = new decimal[pay.Ends.Length];
    private readonly decimal[] taxed = new decimal[pay.Ends.Length];
    private readonly decimal[] taken = new decimal[pay.Ends.Length * AzerbaijaniLevies.Count];
    private readonly string? byMonth = pay.Settings.TryGetValue(LateTax.Name, out var value) ? value : null;
    private AzerbaijaniToDate elsewhere = AzerbaijaniToDate.None;

    public Refusal? Levy()
    {
        var earnings = CollectionsMarshal.AsSpan(pay.Earnings);
        if (byMonth is not ("earned" or "paid")
            && (pay.Earnings.Exists(each => each.EarnedThrough is not null)
                || pay.Before.Exists(each => each is { IsPay: true, EarnedThrough: not null })))
        {
            return PayrollRefusals.SettingMissing(
                LateTax.Name, "by which month late pay is levied", "earned or paid");
        }

        AddBefore();
        foreach (var earning in earnings)
        {
            Add(earning.Element, earning.Amount, earning.EarnedThrough ?? pay.Through, pay.Through);
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
        return null;
    }

    private void AddBefore()
    {
        foreach (var (through, values) in pay.Elsewhere)
        {
            if (through.ToYearMonth() == pay.Through.ToYearMonth()
                && FactSheet.Read(pack.ToDate, values, out var sheet) is null)
            {
                elsewhere = AzerbaijaniToDate.Of(sheet);
                insured[^1] += elsewhere.InsuredPay;
                taxed[^1] += elsewhere.TaxedPay;
            }
        }

        foreach (var line in pay.Before)
        {
            if (line.IsPay)
            {
                Add(pack.Element(line.Code), line.Amount, line.EarnedOn, line.Through);
            }
            else if (AzerbaijaniLevies.PlaceOfCode.TryGetValue(line.Code, out var place)
                && pay.PeriodOf(line.EarnedOn) is >= 0 and var month)
            {
                taken[(month * AzerbaijaniLevies.Count) + place] += line.Amount;
            }
        }
    }

    private void Add(PayElement? element, decimal amount, NodaTime.LocalDate earned, NodaTime.LocalDate paid)
    {
        var month = pay.PeriodOf(byMonth == "paid" ? paid : earned);
        var treatments = element?.Treatments ?? Treatments.None;
        if (month >= 0)
        {
            insured[month] += treatments.Has(Treatments.Insured) ? amount : 0;
            taxed[month] += treatments.Has(Treatments.Taxed) ? amount : 0;
        }
    }

    private Refusal? Settle(int month)
    {
        var takenOfMonth = taken.AsSpan(month * AzerbaijaniLevies.Count, AzerbaijaniLevies.Count);
        if (insured[month] == 0 && taxed[month] == 0 && !takenOfMonth.ContainsAnyExcept(0m))
        {
            return null;
        }

        if (pack.MonthOf(pay, pay.Ends.Span[month], out var law, out var facts) is { } missing)
        {
            return missing;
        }

        if (month == insured.Length - 1 && elsewhere != AzerbaijaniToDate.None)
        {
            Span<decimal> due = stackalloc decimal[AzerbaijaniLevies.Count];
            AzerbaijaniLevies.Due(facts, law, elsewhere.InsuredPay, elsewhere.TaxedPay, due);
            for (var place = 0; place < due.Length; place++)
            {
                takenOfMonth[place] += due[place];
            }
        }

        AzerbaijaniLevies.Add(facts, law, insured[month], taxed[month], takenOfMonth, lines);
        return null;
    }
}
