using System.Runtime.InteropServices;
using NodaTime;

namespace Ledger.Projections.Books;

/// <summary>
/// What the cells of one row of <c>movement_cell</c> have in common, but for the company, the recorded span and the
/// length of the booked one. Dimension and value are empty in cells without.
/// </summary>
internal readonly record struct CellsKey(LocalDate Period, string Dimension, string Value, string Unit, short Kind);

/// <summary>Sums of debits and credits, in the unit and in functional currency.</summary>
internal readonly record struct CellSums(decimal Debit, decimal Credit, decimal BaseDebit, decimal BaseCredit)
{
    /// <summary>False, and nothing is added, when digits would be lost: a decimal holds no more than 28.</summary>
    public bool TryAdd(in CellSums more, out CellSums sum)
    {
        sum = default;
        if (!TryAdd(Debit, more.Debit, out var debit) || !TryAdd(Credit, more.Credit, out var credit)
            || !TryAdd(BaseDebit, more.BaseDebit, out var baseDebit)
            || !TryAdd(BaseCredit, more.BaseCredit, out var baseCredit))
        {
            return false;
        }

        sum = new(debit, credit, baseDebit, baseCredit);
        return true;
    }

    private static bool TryAdd(decimal left, decimal right, out decimal sum)
    {
        try
        {
            sum = left + right;
            return sum.Scale == Math.Max(left.Scale, right.Scale);
        }
        catch (OverflowException)
        {
            sum = 0;
            return false;
        }
    }
}

/// <summary>
/// Sums by account. One that would lose digits begins anew, so that the account stands there twice.
/// </summary>
internal sealed class AccountSums
{
    private readonly Dictionary<string, CellSums> sums = new(StringComparer.Ordinal);
    private List<KeyValuePair<string, CellSums>>? full;

    /// <summary>In ordinal order of the accounts.</summary>
    public KeyValuePair<string, CellSums>[] InOrder() =>
        [.. (full ?? []).Concat(sums).OrderBy(each => each.Key, StringComparer.Ordinal)];

    /// <returns>Whether the account is new.</returns>
    public bool Add(string account, in CellSums more)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, account, out var isKnown);
        if (sum.TryAdd(more, out var added))
        {
            sum = added;
        }
        else
        {
            (full ??= []).Add(new(account, sum));
            sum = more;
        }

        return !isKnown;
    }

    public void AddTo(AccountSums other)
    {
        foreach (var (account, sum) in (full ?? []).Concat(sums))
        {
            other.Add(account, sum);
        }
    }
}
