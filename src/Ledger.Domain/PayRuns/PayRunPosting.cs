using Ledger.Domain.Journals;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;

namespace Ledger.Domain.PayRuns;

/// <summary>
/// Sums payslips into the lines of one entry: cost by account and dimensions, what is owed by account. It names no
/// person.
/// </summary>
public sealed class PayRunPosting(PayGroupDetails group)
{
    private readonly SortedDictionary<(string Account, string Dimensions), (decimal Sum, ValueMap<string>? Values)> sums
        = new(Comparer<(string, string)>.Create(static (one, other) =>
            string.CompareOrdinal(one.Item1, other.Item1) is var order and not 0
                ? order : string.CompareOrdinal(one.Item2, other.Item2)));

    public void Add(Payslip slip)
    {
        ArgumentNullException.ThrowIfNull(slip);
        foreach (var line in slip.Lines.AsSpan())
        {
            switch (line.Kind)
            {
                case LineKind.Earning:
                    Debit(PayAccounts.GrossPay, line.Amount, slip.Dimensions);
                    break;
                case LineKind.Benefit:
                    // It is in the books where it was bought.
                    break;
                case LineKind.EmployerContribution:
                    Debit(PayAccounts.EmployerContributions, line.Amount, slip.Dimensions);
                    Debit(PayAccounts.Contributions, -line.Amount, null);
                    break;
                default:
                    Debit(AccountOf(line), -line.Amount, null);
                    break;
            }
        }

        Debit(PayAccounts.NetPay, -slip.Net(), null);
    }

    /// <summary>In the order of accounts and dimensions; what comes to nothing is left out.</summary>
    public ValueList<JournalLine> Lines() => sums
        .Where(each => each.Value.Sum != 0)
        .Select(each => new JournalLine(
            new AccountCode(each.Key.Account),
            each.Value.Sum > 0 ? Side.Debit : Side.Credit,
            Math.Abs(each.Value.Sum),
            Dimensions: each.Value.Values))
        .ToValueList();

    private static string AccountOf(SlipLine line) => line.Kind switch
    {
        LineKind.Tax => PayAccounts.Taxes,
        LineKind.Contribution => PayAccounts.Contributions,
        _ => line.Code is ReceivableLines.Owed or ReceivableLines.Recovered
            ? PayAccounts.Receivables : PayAccounts.Deductions,
    };

    private void Debit(string name, decimal amount, ValueMap<string>? dimensions)
    {
        var key = (group.Accounts[name].Value, dimensions?.ToString() ?? "");
        sums[key] = (sums.TryGetValue(key, out var sum) ? sum.Sum + amount : amount, dimensions);
    }
}
