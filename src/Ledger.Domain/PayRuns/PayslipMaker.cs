using System.Runtime.InteropServices;
using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>
/// Makes payslips, one after another: what is due for every period since the first, as is known now, less what earlier
/// payslips paid for it; then the levies of the pack. The same input gives the same payslip, so that nobody is paid
/// twice. It keeps its memory between payslips: use one a thread.
/// </summary>
public sealed class PayslipMaker
{
    private readonly DuePay due = new();
    private readonly AbsencePay absent = new();
    private readonly SlipDeductions deductions = new();
    private readonly SlipPay pay = new();
    private readonly PayslipLines plain = new();
    private readonly PayslipLines explained = new(explains: true);
    private readonly List<LineCauses> causes = [];
    private PayWindow? window;
    private decimal[] dueOf = [];
    private decimal[] paid = [];
    private decimal[] earned = [];
    private Pack pack = Packs.All[0];
    private SlipRequest request = null!;
    private bool explains;

    public PayslipMaker() => pay.FactsOn = day =>
        request.Employee.StatutoryOn(day) is { } known && known.Details.Pack == pack.Name ? known.Details.Facts : null;

    /// <summary>What to look at of the payslip that was made last.</summary>
    public IReadOnlyList<SlipRemark> Remarks { get; private set; } = [];

    /// <summary>Null, and the payslip; or why there is none. Neither, where nothing is owed and nothing changes.
    /// </summary>
    public Refusal? Make(SlipRequest request, out Payslip? slip) => Make(request, null, out slip);

    /// <summary>The same, and a sentence for each line that says why it is what it is.</summary>
    public Refusal? Make(SlipRequest request, IList<string>? explanations, out Payslip? slip)
    {
        ArgumentNullException.ThrowIfNull(request);
        (slip, Remarks) = (null, []);
        if (Packs.Find(request.Group.Pack) is not { } packOfGroup)
        {
            return PayrollRefusals.PackUnknown(request.Group.Pack, Packs.All.Select(each => each.Name));
        }

        (this.request, pack, explains) = (request, packOfGroup, explanations is not null);
        window = window?.IsOf(request) == true
            ? window : new(request.Group, request.FirstPeriod, request.Period, pack);
        due.Load(request, pack, pay);
        if (SlipContract.Of(request) is not { } contract)
        {
            return null;
        }

        absent.Load(request, pack, window, due.Employment, pay.Incapacities);
        LoadBefore();
        PreparePay();
        if (FindDue() is { } unknown)
        {
            return unknown;
        }

        FindEarnings();
        var lines = explanations is null ? plain : explained;
        lines.Clear();
        if (pay.IsPayment || pay.Before.Count > 0)
        {
            if ((pack.Levy(pay, lines) ?? deductions.Add(request, pack, pay, lines)) is { } refusal)
            {
                return refusal;
            }
        }

        slip = SlipOf(contract, lines, explanations);
        Remarks = slip is null
            ? [] : SlipRemarks.Of(pack, pay, due, contract.Value.Details, request.Period, slip);
        return null;
    }

    /// <summary>Lines of earlier payslips, and what they paid by period and element.</summary>
    private void LoadBefore()
    {
        var elements = pack.Elements.Count;
        Reset(ref paid, window!.Periods.Length * elements);
        Reset(ref dueOf, window.Periods.Length * elements);
        Reset(ref earned, window.Periods.Length);
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
                    line.Code, line.Kind, line.Amount, line.Base ?? 0, line.EarnedThrough, slip.Through, slip.PayDate,
                    isOfGroup);
                pay.Before.Add(before);
                if (isOfGroup && before.IsPay && window.PlaceOf(before.EarnedOn) is >= 0 and var place
                    && pack.PlaceOf(line.Code) is >= 0 and var element)
                {
                    paid[(place * elements) + element] += line.Amount;
                }
            }
        }
    }

    /// <summary>What is due for each period, from the first on: pay for absence goes by what was earned before.
    /// </summary>
    private Refusal? FindDue()
    {
        for (var place = 0; place < earned.Length; place++)
        {
            var dueOfPeriod = DueOf(place);
            if ((due.Of(window!.Periods[place], dueOfPeriod)
                ?? absent.Add(place, due, pay, earned, dueOfPeriod)) is { } refusal)
            {
                return refusal;
            }

            for (var element = 0; element < dueOfPeriod.Length; element++)
            {
                earned[place] += DuePay.IsOrdinary(pack.Elements[element]) ? dueOfPeriod[element] : 0;
            }
        }

        return IsRegularToCome() ? FindDueBeforeRegular(earned.Length - 1) : null;
    }

    private bool IsRegularToCome() => request.IsBeforeRegular && request.Kind == PayRunKind.Supplementary
        && due.IsEmployedOn(request.Period.Through.PlusDays(1));

    /// <summary>What the regular run will pay of the period is left to it, and what was paid of it is not taken back.
    /// </summary>
    private Refusal? FindDueBeforeRegular(int own)
    {
        Span<decimal> soon = stackalloc decimal[pack.Elements.Count];
        if ((due.Of(window!.Periods[own], soon, isOnceOnly: true)
            ?? absent.Add(own, due, pay, earned, soon, isLeaveOnly: true)) is { } refusal)
        {
            return refusal;
        }

        var whole = DueOf(own);
        for (var element = 0; element < whole.Length; element++)
        {
            var paidOf = paid[(own * whole.Length) + element];
            whole[element] = Math.Max(soon[element], Math.Min(whole[element], paidOf));
        }

        return null;
    }

    /// <summary>What is due and not paid, of its own period and then of earlier ones.</summary>
    private void FindEarnings()
    {
        pay.Earnings.Clear();
        causes.Clear();
        var own = earned.Length - 1;
        FindEarnings(own, isLate: false);
        for (var place = 0; place < own; place++)
        {
            FindEarnings(place, isLate: true);
        }

        var employed = due.Employment.And(DaySpan.Of(request.Period));
        pay.IsPayment = pay.Earnings.Count > 0
            || (request.Kind == PayRunKind.Regular && employed.From <= employed.Through);
    }

    private void FindEarnings(int place, bool isLate)
    {
        var period = window!.Periods[place];
        if (period.Through <= PaidElsewhereThrough())
        {
            return;
        }

        var dueOfPeriod = DueOf(place);
        for (var element = 0; element < dueOfPeriod.Length; element++)
        {
            var difference = dueOfPeriod[element] - paid[(place * dueOfPeriod.Length) + element];
            if (difference != 0)
            {
                pay.Earnings.Add(new(
                    pack.Elements[element],
                    difference,
                    isLate ? window.Ends[place] : null,
                    explains ? WorkingOf(period, element, dueOfPeriod[element], difference) : null));
                causes.Add(LineCauses.OfPay(request, due, period, element, isLate));
            }
        }
    }

    /// <summary>Opening figures say what was paid before the first run here: none of it is paid again.</summary>
    private LocalDate PaidElsewhereThrough() => request.Employee.Opening.Count == 0
        ? LocalDate.MinIsoValue : request.Employee.Opening.Values.Max(each => each.Details.Through);

    private List<PayslipStep> WorkingOf(PayPeriod period, int element, decimal dueOfPeriod, decimal difference)
    {
        var steps = due.WorkingOf(period, element);
        if (difference != dueOfPeriod)
        {
            steps.Add(new("due for the period, as is known now", dueOfPeriod, null));
            steps.Add(new("paid for it by earlier payslips", dueOfPeriod - difference, null));
        }

        return steps;
    }

    private Span<decimal> DueOf(int place) => dueOf.AsSpan(place * pack.Elements.Count, pack.Elements.Count);

    private void PreparePay()
    {
        var employment = due.Employment;
        pay.PayDate = request.PayDate;
        pay.Frequency = request.Group.Frequency;
        pay.LawKnownOn = request.LawKnownOn;
        (pay.Starts, pay.Ends) = (window!.Starts, window.Ends);
        pay.Through = request.Period.Through;
        pay.Settings = request.Group.Settings ?? ValueMap<string>.Empty;
        pay.HasLeft = employment.Through < WorkingDays.Of(request.Period.From)
            || request.Earlier.Any(each => WorkingDays.Of(each.Slip.Through) >= employment.Through);
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
                var (own, sheets) = CausesOf(place, line);
                kept.Add(new(
                    line.Type.Code, line.Type.Kind, InCents(line.Amount), line.EarnedThrough,
                    line.Base == 0 ? null : InCents(line.Base), line.Rate == 0 ? null : line.Rate, line.Figure?.Name,
                    deductions.IdOf(place), own, sheets));
                explanations?.Add(Explanation.Of(lines, place));
            }
        }

        return kept.Count == 0 ? null : new(
            contract.Key, pack.Name, pack.EngineVersion, pack.CurrencyOn(request.Period.Through), request.Period.From,
            request.Period.Through, request.PayDate, ValueList.Create<SlipLine>(CollectionsMarshal.AsSpan(kept)),
            request.Employee.Version, contract.Value.Details.Dimensions, SlipLeave.Of(request, pack),
            SheetCauses.Known(request));
    }

    private LineCauses CausesOf(int place, in PayslipLine line) => place < causes.Count ? causes[place]
        : deductions.IdOf(place) is { } id ? new([request.Employee.Deductions[id].Version], null)
        : LineCauses.OfLevy(request, due, window!, line);

    /// <summary>With two digits, as money is written; more where there are more.</summary>
    private static decimal InCents(decimal amount) => Money.TryScale(amount, 2, out var scaled) ? scaled : amount;

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
