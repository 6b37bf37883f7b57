using System.Runtime.InteropServices;
using Ledger.Domain.Journals;
using NodaTime;

namespace Ledger.Projections.Books;

/// <summary>The cells of one block of positions: summed by day, and rolled up when they are written.</summary>
internal sealed class BlockSums
{
    private readonly Dictionary<CellsKey, AccountSums> days = [];

    /// <summary>How many cells of days there are.</summary>
    public int Count { get; private set; }

    public void Add(JournalEntryPosted posted)
    {
        var kind = (short)(posted.Kind ?? EntryKind.Normal);
        AccountSums? same = null;
        string? sameUnit = null;
        foreach (var line in posted.Lines.AsSpan())
        {
            var sums = line.Side == Side.Debit
                ? new CellSums(line.Amount, 0, line.InFunctionalCurrency(), 0)
                : new CellSums(0, line.Amount, 0, line.InFunctionalCurrency());
            var unit = line.UnitIn(posted.Currency).Value;
            if (!ReferenceEquals(unit, sameUnit))
            {
                same = Of(new(posted.BookedOn, "", "", unit, kind));
                sameUnit = unit;
            }

            Add(same!, line.Account.Value, sums);
            if (line.Dimensions is { } dimensions)
            {
                foreach (var (dimension, value) in dimensions)
                {
                    Add(new CellsKey(posted.BookedOn, dimension, value, unit, kind), line.Account.Value, sums);
                }
            }
        }
    }

    /// <param name="day">What the cell belongs to; its period is a day.</param>
    public void Add(in CellsKey day, string account, in CellSums sums) => Add(Of(day), account, sums);

    /// <summary>The rows of the block: its days, months and years.</summary>
    public void WriteTo(CopyBuffer rows, string company, short recordedLevel, long block)
    {
        var months = Roll(days, day => new(day.Year, day.Month, 1));
        Write(0, days);
        Write(1, months);
        Write(2, Roll(months, month => new(month.Year, 1, 1)));

        void Write(short bookedLevel, Dictionary<CellsKey, AccountSums> cells)
        {
            foreach (var (key, sums) in cells)
            {
                rows.Row(14)
                    .Text(company).Short(recordedLevel).Long(block).Text(key.Dimension).Short(bookedLevel)
                    .Date(key.Period).Text(key.Value).Text(key.Unit).Short(key.Kind);
                WriteArrays(rows, sums.InOrder());
            }
        }
    }

    private static void WriteArrays(CopyBuffer rows, KeyValuePair<string, CellSums>[] cells)
    {
        rows.TextArray(Array.ConvertAll(cells, cell => cell.Key))
            .NumericArray(Array.ConvertAll(cells, cell => cell.Value.Debit))
            .NumericArray(Array.ConvertAll(cells, cell => cell.Value.Credit));
        if (Array.TrueForAll(cells, cell => IsSame(cell.Value)))
        {
            rows.Null().Null();
        }
        else
        {
            rows.NumericArray(Array.ConvertAll(cells, cell => cell.Value.BaseDebit))
                .NumericArray(Array.ConvertAll(cells, cell => cell.Value.BaseCredit));
        }
    }

    private static bool IsSame(in CellSums sums) => sums.Debit == sums.BaseDebit && sums.Credit == sums.BaseCredit;

    private static Dictionary<CellsKey, AccountSums> Roll(
        Dictionary<CellsKey, AccountSums> cells, Func<LocalDate, LocalDate> period)
    {
        var rolled = new Dictionary<CellsKey, AccountSums>();
        foreach (var (key, sums) in cells)
        {
            sums.AddTo(Of(rolled, key with { Period = period(key.Period) }));
        }

        return rolled;
    }

    private AccountSums Of(in CellsKey day) => Of(days, day);

    private static AccountSums Of(Dictionary<CellsKey, AccountSums> cells, in CellsKey key) =>
        CollectionsMarshal.GetValueRefOrAddDefault(cells, key, out _) ??= new();

    private void Add(AccountSums accounts, string account, in CellSums sums) =>
        Count += accounts.Add(account, sums) ? 1 : 0;
}
