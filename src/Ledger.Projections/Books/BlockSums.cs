using System.Runtime.InteropServices;
using Ledger.Domain.Journals;
using NodaTime;

namespace Ledger.Projections.Books;

/// <summary>
/// What a cell sums, but for its company and its spans. Dimension and value are empty in cells without.
/// </summary>
internal readonly record struct CellKey(
    LocalDate Period, string Account, string Dimension, string Value, string Unit, short Kind);

/// <summary>Sums of debits and credits, in the unit and in functional currency.</summary>
internal struct CellSums
{
    public decimal Debit;
    public decimal Credit;
    public decimal BaseDebit;
    public decimal BaseCredit;

    /// <returns>False when digits were lost, because a decimal holds no more than 28 of them.</returns>
    public bool Add(in CellSums other) =>
        Add(ref Debit, other.Debit) & Add(ref Credit, other.Credit)
        & Add(ref BaseDebit, other.BaseDebit) & Add(ref BaseCredit, other.BaseCredit);

    private static bool Add(ref decimal sum, decimal amount)
    {
        var scale = Math.Max(sum.Scale, amount.Scale);
        try
        {
            sum += amount;
        }
        catch (OverflowException)
        {
            return false;
        }

        return sum.Scale == scale;
    }
}

/// <summary>
/// The day cells of the block that a company is in, summed as its entries come by. The database could do the same from
/// the lines, and does where this is missing or inexact, at several times the cost.
/// </summary>
internal sealed class BlockSums
{
    private readonly Dictionary<CellKey, CellSums> days = [];

    public int Count => days.Count;

    /// <summary>False once a sum had more digits than a decimal holds.</summary>
    public bool Exact { get; private set; } = true;

    public void Add(JournalEntryPosted posted)
    {
        var kind = (short)(posted.Kind ?? EntryKind.Normal);
        foreach (var line in posted.Lines.AsSpan())
        {
            var sums = line.Side == Side.Debit
                ? new CellSums { Debit = line.Amount, BaseDebit = line.InFunctionalCurrency() }
                : new CellSums { Credit = line.Amount, BaseCredit = line.InFunctionalCurrency() };
            var unit = line.UnitIn(posted.Currency).Value;
            Add(days, new(posted.BookedOn, line.Account.Value, "", "", unit, kind), sums);
            if (line.Dimensions is { } dimensions)
            {
                foreach (var (dimension, value) in dimensions)
                {
                    Add(days, new(posted.BookedOn, line.Account.Value, dimension, value, unit, kind), sums);
                }
            }
        }
    }

    /// <summary>The cells of each booked level: 0 days, 1 months, 2 years.</summary>
    public Dictionary<CellKey, CellSums>[] Levels()
    {
        var months = Roll(days, day => day.With(DateAdjusters.StartOfMonth));
        return [days, months, Roll(months, month => new LocalDate(month.Year, 1, 1))];
    }

    private Dictionary<CellKey, CellSums> Roll(Dictionary<CellKey, CellSums> cells, Func<LocalDate, LocalDate> period)
    {
        var rolled = new Dictionary<CellKey, CellSums>();
        foreach (var (key, sums) in cells)
        {
            Add(rolled, key with { Period = period(key.Period) }, sums);
        }

        return rolled;
    }

    private void Add(Dictionary<CellKey, CellSums> cells, in CellKey key, in CellSums sums) =>
        Exact &= CollectionsMarshal.GetValueRefOrAddDefault(cells, key, out _).Add(sums);
}
