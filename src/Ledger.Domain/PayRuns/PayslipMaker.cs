using System.Runtime.InteropServices;
using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;

namespace Ledger.Domain.PayRuns;

/// <summary>
/// Makes payslips, one after another: what is due for every period since the first, as is known now, less what earlier
/// payslips paid for it; then the levies of the pack. The same input gives the same payslip, so that nobody is paid
/// twice. It keeps its memory between payslips: use one a thread.
/// </summary>
public sealed class PayslipMaker
{
    private readonly DuePay due = new();
    private readonly SlipPay pay = new();
    private readonly PayslipLines plain = new();
    private readonly PayslipLines explained = new(explains: true);
    private readonly List<ValueList<long>> causes = [];
    private PayWindow? window;
    private decimal[] dueOf = [];
    private decimal[] paid = [];
    private Pack pack = Packs.All[0];
    private SlipRequest request = null!;

    public PayslipMaker() => pay.FactsOn = day =>
        request.Employee.StatutoryOn(day) is { } known && known.Details.Pack == pack.Name ? known.Details.Facts : null;

    /// <summary>Null, and the payslip; or why there is none. Neither, where nothing is owed and nothing changes.
    /// </summary>
    public Refusal? Make(SlipRequest request, out Payslip? slip) => Make(request, null, out slip);

    /// <summary>The same, and a sentence for each line that says why it is what it is.</summary>
    public Refusal? Make(SlipRequest request, IList<string>? explanations, out Payslip? slip)
    {
        ArgumentNullException.ThrowIfNull(request);
        slip = null;
        if (Packs.Find(request.Group.Pack) is not { } packOfGroup)
        {
            return PayrollRefusals.PackUnknown(request.Group.Pack, Packs.All.Select(each => each.Name));
        }

        (this.request, pack) = (request, packOfGroup);
        window = window?.IsOf(request) == true
            ? window : new(request.Group, request.FirstPeriod, request.Period, pack);
        due.Load(request, pack);
        if (SlipContract.Of(request) is not { } contract)
        {
            return null;
        }

        LoadBefore();
        if (FindEarnings() is { } unknown)
        {
            return unknown;
        }

        PreparePay();
        var lines = explanations is null ? plain : explained;
        lines.Clear();
        if ((pay.IsPayment || pay.Before.Count > 0) && pack.Levy(pay, lines) is { } refusal)
        {
            return refusal;
        }

        slip = SlipOf(contract, lines, explanations);
        return null;
    }

    /// <summary>Lines of earlier payslips, and what they paid by period and element.</summary>
    private void LoadBefore()
    {
        var elements = pack.Elements.Count;
        Reset(ref paid, window!.Periods.Length * elements);
        Reset(ref dueOf, elements);
        pay.Before.Clear();
        foreach (var (_, _, slip) in request.Earlier)
        {
            if (slip.Pack != pack.Name)
            {
                continue;
            }

            var isOfGroup = SlipContract.IsOfGroup(request, slip.Contract);
            foreach (var line in slip.Lines.AsSpan())
            {
                var before = new PaidLine(
                    line.Code, line.Kind, line.Amount, line.Base ?? 0, line.EarnedThrough, slip.Through, slip.PayDate);
                pay.Before.Add(before);
                if (isOfGroup && before.IsPay && window.PlaceOf(before.EarnedOn) is >= 0 and var place
                    && pack.PlaceOf(line.Code) is >= 0 and var element)
                {
                    paid[(place * elements) + element] += line.Amount;
                }
            }
        }
    }

    /// <summary>What is due and not paid, of its own period and then of earlier ones.</summary>
    private Refusal? FindEarnings()
    {
        pay.Earnings.Clear();
        causes.Clear();
        var own = window!.Periods.Length - 1;
        if (FindEarnings(own, isLate: false) is { } refusal)
        {
            return refusal;
        }

        for (var place = 0; place < own; place++)
        {
            if (FindEarnings(place, isLate: true) is { } late)
            {
                return late;
            }
        }

        return null;
    }

    private Refusal? FindEarnings(int place, bool isLate)
    {
        var period = window!.Periods[place];
        if (due.Of(period, dueOf) is { } refusal)
        {
            return refusal;
        }

        for (var element = 0; element < dueOf.Length; element++)
        {
            var difference = dueOf[element] - paid[(place * dueOf.Length) + element];
            if (difference != 0)
            {
                pay.Earnings.Add(new(
                    pack.Elements[element], difference, isLate ? window.Ends[place] : null));
                causes.Add(isLate
                    ? SlipCauses.OfLate(request, due, period, element) : SlipCauses.OfOwn(due, period, element));
            }
        }

        return null;
    }

    private void PreparePay()
    {
        var employment = due.Employment;
        var own = new DaySpan(WorkedDays.Of(request.Period.From), WorkedDays.Of(request.Period.Through));
        pay.PayDate = request.PayDate;
        pay.Frequency = request.Group.Frequency;
        pay.LawKnownOn = request.LawKnownOn;
        pay.Ends = window!.Ends;
        pay.Through = request.Period.Through;
        pay.Settings = request.Group.Settings ?? ValueMap<string>.Empty;
        pay.HasLeft = employment.Through < own.From
            || request.Earlier.Any(each => WorkedDays.Of(each.Slip.Through) >= employment.Through);
        pay.IsPayment = pay.Earnings.Count > 0
            || (request.Kind == PayRunKind.Regular && employment.From <= own.Through && employment.Through >= own.From);
        pay.FactsRead.Clear();
        pay.Elsewhere.Clear();
        foreach (var (_, opening) in request.Employee.Opening)
        {
            pay.Elsewhere.Add(new(opening.Details.Through, opening.Details.ToDate ?? ValueMap<FactValue>.Empty));
        }

        if (pay.Parts.Length != window.Periods.Length)
        {
            pay.Parts = new decimal[window.Periods.Length];
        }

        for (var place = 0; place < pay.Parts.Length; place++)
        {
            pay.Parts[place] = due.PartOf(window.Periods[place]);
        }
    }

    /// <summary>A levy that comes to nothing is no line.</summary>
    private Payslip? SlipOf(
        KeyValuePair<string, Registered<ContractDetails>> contract, PayslipLines lines, IList<string>? explanations)
    {
        var kept = new List<SlipLine>(lines.Count);
        for (var place = 0; place < lines.Count; place++)
        {
            var line = lines.AsSpan()[place];
            if (line.Amount != 0)
            {
                kept.Add(new(
                    line.Type.Code, line.Type.Kind, line.Amount, line.EarnedThrough,
                    line.Base == 0 ? null : line.Base, line.Rate == 0 ? null : line.Rate, line.Figure?.Name,
                    Causes: CausesOf(place, line)));
                explanations?.Add(Explanation.Of(lines, place));
            }
        }

        return kept.Count == 0 ? null : new(
            contract.Key, pack.Name, pack.EngineVersion, pack.CurrencyOn(request.Period.Through), request.Period.From,
            request.Period.Through, request.PayDate, ValueList.Create<SlipLine>(CollectionsMarshal.AsSpan(kept)),
            request.Employee.Version, contract.Value.Details.Dimensions);
    }

    private ValueList<long>? CausesOf(int place, in PayslipLine line)
    {
        var found = place < causes.Count ? causes[place]
            : line.EarnedThrough is { } end
            ? SlipCauses.OfLate(request, due, window!.Periods[window.PlaceOf(end)], null)
            : ValueList<long>.Empty;
        return found.Count == 0 ? null : found;
    }

    private static void Reset(ref decimal[] sums, int length)
    {
        if (sums.Length == length)
        {
            Array.Clear(sums);
        }
        else
        {
            sums = new decimal[length];
        }
    }
}
