using Ledger.Projections.Queries;

namespace Ledger.Projections.Balances;

/// <summary>Debits and credits in a unit and in the functional currency; sums of them are exact or refused.</summary>
internal readonly record struct Turnover(decimal Debit, decimal Credit, decimal BaseDebit, decimal BaseCredit)
{
    public decimal Balance => Amount.Difference(Debit, Credit);

    public decimal BaseBalance => Amount.Difference(BaseDebit, BaseCredit);

    public bool IsZero => this is { Debit: 0, Credit: 0, BaseDebit: 0, BaseCredit: 0 };

    public static Turnover operator +(Turnover left, Turnover right) => new(
        Amount.Sum(left.Debit, right.Debit),
        Amount.Sum(left.Credit, right.Credit),
        Amount.Sum(left.BaseDebit, right.BaseDebit),
        Amount.Sum(left.BaseCredit, right.BaseCredit));

    public static Turnover operator -(Turnover value) =>
        new(-value.Debit, -value.Credit, -value.BaseDebit, -value.BaseCredit);
}

/// <summary>What a turnover is of.</summary>
/// <param name="Value">Of the dimension that is summed by; null for lines without it, and when none is.</param>
internal readonly record struct TurnoverKey(string Account, string Unit, string? Value);

/// <summary>Turnovers of several segments, by account, unit and value.</summary>
internal sealed class Turnovers
{
    private readonly SortedDictionary<TurnoverKey, Turnover[]> sums = new(Comparer<TurnoverKey>.Create(Compare));
    private readonly int segments;

    public Turnovers(int segments) => this.segments = segments;

    /// <summary>In ordinal order of account, unit and value; lines without a value come last.</summary>
    public IEnumerable<KeyValuePair<TurnoverKey, Turnover[]>> All => sums;

    /// <summary>The sums of all kinds of entry that the filter lets through.</summary>
    /// <param name="total">All lines that were asked for.</param>
    /// <param name="byValue">The same by a dimension's value: what is not among them has no value.</param>
    public static Turnovers Of(
        int segments, IEnumerable<Movement> total, IEnumerable<Movement>? byValue, Func<Movement, bool> counts)
    {
        var turnovers = new Turnovers(segments);
        foreach (var movement in total.Where(counts))
        {
            turnovers.Add(new(movement.Account, movement.Unit, null), movement.Segment, movement.Turnover);
        }

        foreach (var movement in (byValue ?? []).Where(counts))
        {
            turnovers.Add(new(movement.Account, movement.Unit, movement.Value), movement.Segment, movement.Turnover);
            turnovers.Add(new(movement.Account, movement.Unit, null), movement.Segment, -movement.Turnover);
        }

        return turnovers;
    }

    private void Add(TurnoverKey key, int segment, Turnover turnover)
    {
        if (!sums.TryGetValue(key, out var all))
        {
            sums.Add(key, all = new Turnover[segments]);
        }

        all[segment] += turnover;
    }

    private static int Compare(TurnoverKey a, TurnoverKey b)
    {
        var account = string.CompareOrdinal(a.Account, b.Account);
        var unit = account != 0 ? account : string.CompareOrdinal(a.Unit, b.Unit);
        return unit != 0 ? unit
            : a.Value is null || b.Value is null ? (a.Value is null).CompareTo(b.Value is null)
            : string.CompareOrdinal(a.Value, b.Value);
    }
}
