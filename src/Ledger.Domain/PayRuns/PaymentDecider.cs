using Ledger.Domain.Accounts;
using Ledger.Domain.Employees;

namespace Ledger.Domain.PayRuns;

/// <summary>A payslip's net pay, and whether there is an account that it can go to.</summary>
public sealed record Payment(string Employee, decimal Amount, bool HasAccount);

/// <summary>What is with the bank, what was paid, and what came back.</summary>
public static class PaymentDecider
{
    /// <summary>Makes a file of all payments above zero that stand in none, or came back.</summary>
    /// <param name="command">From where to pay.</param>
    /// <param name="run">As it is.</param>
    /// <param name="payments">Of all its payslips, in the order of employees.</param>
    /// <param name="hash">Makes the hash of payments.</param>
    /// <param name="chart">Which holds the bank's account.</param>
    public static Decision<PayRunEvent> Decide(
        IssuePaymentFile command, PayRun run, IReadOnlyList<Payment> payments,
        Func<IEnumerable<Payment>, string> hash, Chart chart)
    {
        if (CheckPosted(command.Id, run) is { } refusal)
        {
            return refusal;
        }

        if (CheckOrder(command.Order, chart) is { } order)
        {
            return order;
        }

        var open = payments.Where(each => each.Amount > 0 && IsOpen(run, each.Employee)).ToList();
        var paid = open.Where(each => each.HasAccount).ToList();
        if (paid.Count == 0)
        {
            return run.Files is [.., var last] && last.Issued.Order == command.Order
                ? Decision<PayRunEvent>.Nothing
                : PaymentRefusals.NothingToPay(command.Id);
        }

        var isFirst = run.Files.Count == 0;
        var without = open.Where(each => !each.HasAccount).Select(each => each.Employee).ToValueList();
        return new PaymentFileIssued(
            run.Files.Count + 1, paid.Count, paid.Sum(each => each.Amount), hash(paid), command.Order,
            isFirst ? null : paid.Select(each => each.Employee).ToValueList(),
            isFirst && without.Count > 0 ? without : null);
    }

    public static Decision<PayRunEvent> Decide(ConfirmPayments command, PayRun run, IReadOnlyList<Payment> payments)
    {
        if (CheckPosted(command.Id, run) is { } refusal)
        {
            return refusal;
        }

        if (FileOf(run, command.Number) is not { } file)
        {
            return PaymentRefusals.FileUnknown(command.Number);
        }

        var byEmployee = AmountsIn(file, payments);
        if (command.Employees?.FirstOrDefault(each => !byEmployee.ContainsKey(each) || file.IsReturned(each))
            is { } other)
        {
            return PaymentRefusals.NotInFile(other, command.Number);
        }

        var confirmed = (command.Employees ?? byEmployee.Keys).Distinct()
            .Where(each => !file.IsReturned(each) && !file.IsConfirmed(each)).ToValueList();
        return confirmed.Count == 0
            ? Decision<PayRunEvent>.Nothing
            : new PaymentsConfirmed(
                command.Number, PayRun.PaymentEntryOf(command.Id, run.PaymentEntries + 1), command.BookedOn,
                confirmed.Sum(each => byEmployee[each]), command.Employees is null ? null : confirmed);
    }

    public static Decision<PayRunEvent> Decide(ReturnPayments command, PayRun run, IReadOnlyList<Payment> payments)
    {
        if (CheckPosted(command.Id, run) is { } refusal)
        {
            return refusal;
        }

        if (FileOf(run, command.Number) is not { } file)
        {
            return PaymentRefusals.FileUnknown(command.Number);
        }

        if (!Ids.IsValid(command.Reason))
        {
            return TextRefusals.IdInvalid("reason", command.Reason);
        }

        var byEmployee = AmountsIn(file, payments);
        if (command.Employees.FirstOrDefault(each => !byEmployee.ContainsKey(each)) is { } other)
        {
            return PaymentRefusals.NotInFile(other, command.Number);
        }

        var returned = command.Employees.Where(each => !file.IsReturned(each)).Distinct().ToValueList();
        return returned.Count == 0
            ? Decision<PayRunEvent>.Nothing
            : new PaymentsReturned(
                command.Number, returned, command.Reason, command.BookedOn,
                returned.Any(file.IsConfirmed)
                    ? PayRun.PaymentEntryOf(command.Id, run.PaymentEntries + 1) : null);
    }

    /// <summary>The payments that the entry of what came back after it was confirmed is for.</summary>
    public static decimal ConfirmedSum(PayRun run, PaymentsReturned returned, IReadOnlyList<Payment> payments)
    {
        ArgumentNullException.ThrowIfNull(returned);
        var file = FileOf(run, returned.Number)!;
        var byEmployee = AmountsIn(file, payments);
        return returned.Employees.Where(file.IsConfirmed).Sum(each => byEmployee[each]);
    }

    /// <summary>What the file pays, by employee.</summary>
    public static IReadOnlyDictionary<string, decimal> AmountsIn(PaymentFile file, IReadOnlyList<Payment> payments)
    {
        ArgumentNullException.ThrowIfNull(file);
        return payments.Where(each => each.Amount > 0 && file.Holds(each.Employee))
            .ToDictionary(each => each.Employee, each => each.Amount, StringComparer.Ordinal);
    }

    /// <remarks>ISO 9362: four of the institution, two of the country, two of the place, three of the branch.</remarks>
    public static bool IsBic(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is 8 or 11 && text.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c))
            && char.IsAsciiLetterUpper(text[4]) && char.IsAsciiLetterUpper(text[5]);
    }

    private static bool IsOpen(PayRun run, string employee) =>
        run.Files.All(file => !file.Holds(employee) || file.IsReturned(employee));

    private static PaymentFile? FileOf(PayRun run, int number) =>
        run.Files.FirstOrDefault(file => file.Issued.Number == number);

    private static Refusal? CheckPosted(string id, PayRun run) =>
        !run.Exists ? PayRunRefusals.Unknown(id)
        : run.Reversed is not null ? PayRunRefusals.Reversed(id)
        : run.Posted is null ? PayRunRefusals.NotPosted(id)
        : null;

    private static Refusal? CheckOrder(PaymentOrder order, Chart chart)
    {
        if (Iban.Check(order.Iban) is { } iban)
        {
            return iban;
        }

        if (order.Bic is { } bic && !IsBic(bic))
        {
            return PaymentRefusals.BicInvalid(bic);
        }

        return chart.Find(order.Account) is { IsArchived: false, IsPostable: true }
            ? null
            : PaymentRefusals.AccountUnusable(order.Account);
    }
}
