using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;

namespace Ledger.Domain.PayRuns;

/// <summary>
/// What is taken from net pay for others: support orders, then garnishments within what the law leaves to creditors,
/// what the employee owes from before, loans until they are paid, and at last what was agreed. Amounts are those of a
/// period: what earlier payslips of it took counts. Net pay is never below zero; what is missing is owed.
/// </summary>
internal sealed class SlipDeductions
{
    private static readonly LineType Maintenance = new(
        DeductionCodes.Maintenance, LineKind.Deduction, "Maintenance: the order's amount, before all that others take");

    private static readonly LineType Garnishment = new(
        DeductionCodes.Garnishment, LineKind.Deduction,
        "Garnishment: the creditor's amount, at most what the law leaves to creditors, in the order of first days");

    private static readonly LineType Loan = new(
        DeductionCodes.Loan, LineKind.Deduction, "Loan: the instalment, at most what is left to pay");

    private static readonly LineType Voluntary = new(
        DeductionCodes.Voluntary, LineKind.Deduction, "Agreed deduction: after all others, from what is left");

    private static readonly LineType Owed = new(
        ReceivableLines.Owed, LineKind.Deduction,
        "Owed by the employee: what was taken exceeds pay, and later payslips make it up");

    private static readonly LineType Recovered = new(
        ReceivableLines.Recovered, LineKind.Deduction,
        "Made up by the employee: what is owed from before, at most what the law leaves to creditors");

    private readonly List<(string Id, Registered<DeductionDetails> Deduction)> held = [];
    private readonly List<string?> ids = [];
    private int first;

    /// <summary>The id of the deduction that a line serves, by the line's place.</summary>
    public string? IdOf(int line) => line < first ? null : ids[line - first];

    /// <summary>Null, and the lines of deductions after those of pay and levies; or what is missing.</summary>
    public Refusal? Add(SlipRequest request, Pack pack, SlipPay pay, PayslipLines lines)
    {
        (first, var net) = (lines.Count, lines.Net);
        ids.Clear();
        if (net < 0)
        {
            Add(Owed, net, null, lines);
            return null;
        }

        Load(request);
        var owed = -Sum(request, static (_, line) =>
            line.Code is ReceivableLines.Owed or ReceivableLines.Recovered);
        if (net == 0 || (held.Count == 0 && owed <= 0))
        {
            return null;
        }

        net -= AddAll(DeductionKind.Maintenance, Maintenance, net, request, lines);
        var isGarnished = held.Exists(each => each.Deduction.Details.Kind == DeductionKind.Garnishment);
        if ((owed > 0 || isGarnished) && net > 0)
        {
            var supported = lines.Sum(DeductionCodes.Maintenance)
                + SumOfPeriod(request, static line => line.Code == DeductionCodes.Maintenance);
            if (pack.Attachable(pay, DisposableOf(request, lines), supported, !isGarnished, out var attachable)
                is { } refusal)
            {
                return refusal;
            }

            var room = Math.Min(net, attachable - SumOfPeriod(request, static line =>
                line.Code is DeductionCodes.Garnishment or ReceivableLines.Recovered));
            var taken = AddAll(DeductionKind.Garnishment, Garnishment, room, request, lines);
            var recovered = Math.Min(owed, room - taken);
            if (recovered > 0)
            {
                lines.Step("owed from before", owed);
                lines.Step("the most that the law lets take", room - taken);
                Add(Recovered, recovered, null, lines);
                taken += recovered;
            }

            net -= taken;
        }

        net -= AddAll(DeductionKind.Loan, Loan, net, request, lines);
        AddAll(DeductionKind.Voluntary, Voluntary, net, request, lines);
        return null;
    }

    /// <summary>What all of a kind take, of what they may take together at most.</summary>
    private decimal AddAll(DeductionKind kind, LineType type, decimal atMost, SlipRequest request, PayslipLines lines)
    {
        var sum = 0m;
        foreach (var (id, (details, _)) in held)
        {
            if (details.Kind != kind)
            {
                continue;
            }

            var before = SumOfPeriod(request, line => line.Deduction == id);
            var due = details.Amount - before;
            if (details.Total is { } total)
            {
                var left = total - Sum(request, (_, line) => line.Deduction == id);
                lines.Step("left to pay", left);
                due = Math.Min(due, left);
            }

            lines.Step("of a period", details.Amount);
            lines.Step("taken by earlier payslips of the period", before);
            lines.Step("the most that may be taken", atMost - sum);
            var taken = Math.Max(Math.Min(due, atMost - sum), 0);
            Add(type, taken, id, lines);
            sum += taken;
        }

        return sum;
    }

    /// <summary>Those in force in the period, by kind, first day and id.</summary>
    private void Load(SlipRequest request)
    {
        held.Clear();
        foreach (var (id, deduction) in request.Employee.Deductions)
        {
            if (deduction.Details.From <= request.Period.Through
                && (deduction.Details.To is not { } to || to >= request.Period.From))
            {
                held.Add((id, deduction));
            }
        }

        held.Sort(static (a, b) => a.Deduction.Details.From.CompareTo(b.Deduction.Details.From) is var order and not 0
            ? order : string.CompareOrdinal(a.Id, b.Id));
    }

    /// <summary>Pay of the whole period less what the law takes.</summary>
    private static decimal DisposableOf(SlipRequest request, PayslipLines lines)
    {
        var sum = SumOfPeriod(request, static line => line.Kind == LineKind.Earning)
            - SumOfPeriod(request, static line => line.Kind is LineKind.Contribution or LineKind.Tax);
        foreach (ref readonly var line in lines.AsSpan())
        {
            sum += line.Type.Kind switch
            {
                LineKind.Earning => line.Amount,
                LineKind.Contribution or LineKind.Tax => -line.Amount,
                _ => 0,
            };
        }

        return sum;
    }

    private static decimal SumOfPeriod(SlipRequest request, Func<SlipLine, bool> counts) =>
        Sum(request, (slip, line) => slip.Through == request.Period.Through && counts(line));

    private static decimal Sum(SlipRequest request, Func<Payslip, SlipLine, bool> counts)
    {
        var sum = 0m;
        foreach (var (_, _, slip) in request.Earlier)
        {
            foreach (var line in slip.Lines.AsSpan())
            {
                sum += counts(slip, line) ? line.Amount : 0;
            }
        }

        return sum;
    }

    private void Add(LineType type, decimal amount, string? id, PayslipLines lines)
    {
        lines.Add(type, amount);
        ids.Add(id);
    }
}
