using Ledger.Domain.Journals;
using NodaTime;

namespace Ledger.Domain.Periods;

/// <summary>What was booked on an account in a unit; the members with <c>Base</c> in the functional currency.</summary>
public readonly record struct PostedSums(
    ExactAmount Debit, ExactAmount Credit, ExactAmount BaseDebit, ExactAmount BaseCredit)
{
    public ExactAmount Balance => Debit - Credit;

    public ExactAmount BaseBalance => BaseDebit - BaseCredit;

    public static PostedSums operator +(PostedSums left, PostedSums right) => new(
        left.Debit + right.Debit, left.Credit + right.Credit, left.BaseDebit + right.BaseDebit,
        left.BaseCredit + right.BaseCredit);

    public static PostedSums Add(PostedSums left, PostedSums right) => left + right;

    /// <summary>Of one line. A negative amount stays in its column.</summary>
    public static PostedSums Of(JournalLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var (amount, baseAmount) = (ExactAmount.Of(line.Amount), ExactAmount.Of(line.InFunctionalCurrency()));
        return line.Side == Side.Debit
            ? new(amount, ExactAmount.Zero, baseAmount, ExactAmount.Zero)
            : new(ExactAmount.Zero, amount, ExactAmount.Zero, baseAmount);
    }
}

/// <summary>The entries that are booked in a month.</summary>
/// <param name="FirstDay">On which one is booked.</param>
/// <param name="FiscalYear">The name of the one that the month lies in.</param>
/// <param name="FirstNumber">The lowest number of one in its fiscal year.</param>
/// <param name="LastNumber">The highest one.</param>
public sealed record PostedEntries(
    LocalDate FirstDay, int FiscalYear, long Count, long FirstNumber, long LastNumber)
{
    public PostedEntries And(PostedEntries other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this with
        {
            FirstDay = LocalDate.Min(FirstDay, other.FirstDay),
            Count = Count + other.Count,
            FirstNumber = Math.Min(FirstNumber, other.FirstNumber),
            LastNumber = Math.Max(LastNumber, other.LastNumber),
        };
    }
}

/// <summary>
/// What was booked, a sum for each month, account and unit: all that figures of closed months need, whether it is
/// folded from entries one by one or was added up before.
/// </summary>
public sealed class PostedMonths
{
    private readonly Dictionary<YearMonth, Dictionary<(string Account, string Unit), PostedSums>> sums = [];
    private readonly Dictionary<YearMonth, PostedEntries> entries = [];

    /// <summary>The months in which something is booked, with what it comes to.</summary>
    public IEnumerable<(YearMonth Month, string Account, string Unit, PostedSums Sums)> Sums =>
        sums.SelectMany(month => month.Value.Select(each => (month.Key, each.Key.Account, each.Key.Unit, each.Value)));

    /// <summary>The months in which an entry is booked.</summary>
    public IEnumerable<(YearMonth Month, PostedEntries Entries)> Entries =>
        entries.Select(month => (month.Key, month.Value));

    /// <param name="fiscalYear">The name of the one that it is booked in.</param>
    /// <param name="number">Its number in there.</param>
    public void Add(JournalEntryPosted posted, int fiscalYear, long number)
    {
        ArgumentNullException.ThrowIfNull(posted);
        var month = posted.BookedOn.ToYearMonth();
        foreach (var line in posted.Lines.AsSpan())
        {
            Add(month, line.Account.Value, line.UnitIn(posted.Currency).Value, PostedSums.Of(line));
        }

        Add(month, new PostedEntries(posted.BookedOn, fiscalYear, 1, number, number));
    }

    /// <summary>What lines come to that were added up before.</summary>
    public void Add(YearMonth month, string account, string unit, PostedSums added)
    {
        if (!sums.TryGetValue(month, out var accounts))
        {
            sums.Add(month, accounts = []);
        }

        accounts[(account, unit)] = accounts.GetValueOrDefault((account, unit)) + added;
    }

    /// <summary>Entries that were counted before.</summary>
    public void Add(YearMonth month, PostedEntries added)
    {
        ArgumentNullException.ThrowIfNull(added);
        entries[month] = entries.TryGetValue(month, out var before) ? before.And(added) : added;
    }
}
