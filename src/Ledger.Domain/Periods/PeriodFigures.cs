using System.Text;
using NodaTime;

namespace Ledger.Domain.Periods;

/// <summary>
/// A row of a canonical trial balance: an account and unit that any entry touched up to the last day. Amounts are plain
/// decimals; opening and closing are debit less credit.
/// </summary>
public sealed record CertifiedRow(
    string Account,
    string Unit,
    string Opening,
    string Debit,
    string Credit,
    string Closing,
    string BaseOpening,
    string BaseDebit,
    string BaseCredit,
    string BaseClosing);

/// <summary>What a certificate says of the days from the certified month before it to the end of its month.</summary>
/// <param name="Rows">In the order of the bytes of account and unit.</param>
/// <param name="Entries">How many are booked in these days.</param>
/// <param name="FirstNumber">The lowest number of these entries in the fiscal year of <paramref name="To"/>.</param>
/// <param name="LastNumber">The highest one.</param>
/// <param name="Debit">The sum of their debits in the functional currency.</param>
/// <param name="Credit">The sum of their credits in the functional currency.</param>
public sealed record PeriodFigures(
    LocalDate From,
    LocalDate To,
    IReadOnlyList<CertifiedRow> Rows,
    long Entries,
    long? FirstNumber,
    long? LastNumber,
    ExactAmount Debit,
    ExactAmount Credit)
{
    /// <summary>The calculation of format 1, which stays as it is: a corrected one would be another, beside
    /// it.</summary>
    /// <param name="after">The certified month before; null where there is none.</param>
    /// <param name="fiscalYear">The name of the one that <paramref name="period"/> lies in.</param>
    public static PeriodFigures OfFormat1(PostedMonths posted, YearMonth period, YearMonth? after, int fiscalYear)
    {
        ArgumentNullException.ThrowIfNull(posted);
        var accounts = new Dictionary<(string Account, string Unit), (PostedSums Before, PostedSums Within)>();
        foreach (var (month, account, unit, sums) in posted.Sums.Where(each => each.Month <= period))
        {
            var (before, within) = accounts.GetValueOrDefault((account, unit));
            accounts[(account, unit)] = month <= after ? (before + sums, within) : (before, within + sums);
        }

        var entries = posted.Entries.Where(each => each.Month <= period && !(each.Month <= after)).ToList();
        var numbered = entries.Where(each => each.Entries.FiscalYear == fiscalYear).Select(each => each.Entries)
            .ToList();
        var total = accounts.Values.Aggregate(default(PostedSums), (sum, each) => sum + each.Within);
        return new(
            after is { } last
                ? last.PlusMonths(1).OnDayOfMonth(1)
                : entries.Select(each => each.Entries.FirstDay).DefaultIfEmpty(period.OnDayOfMonth(1)).Min(),
            period.PlusMonths(1).OnDayOfMonth(1).PlusDays(-1),
            [
                .. accounts.OrderBy(each => each.Key.Account, ByteOrder.Instance)
                    .ThenBy(each => each.Key.Unit, ByteOrder.Instance)
                    .Select(each => RowOf(each.Key.Account, each.Key.Unit, each.Value.Before, each.Value.Within)),
            ],
            entries.Sum(each => each.Entries.Count),
            numbered.Count == 0 ? null : numbered.Min(each => each.FirstNumber),
            numbered.Count == 0 ? null : numbered.Max(each => each.LastNumber),
            total.BaseDebit,
            total.BaseCredit);
    }

    private static CertifiedRow RowOf(string account, string unit, PostedSums before, PostedSums within)
    {
        var after = before + within;
        return new(
            account, unit,
            before.Balance.ToString(), within.Debit.ToString(), within.Credit.ToString(), after.Balance.ToString(),
            before.BaseBalance.ToString(), within.BaseDebit.ToString(), within.BaseCredit.ToString(),
            after.BaseBalance.ToString());
    }
}

/// <summary>The order of texts by their bytes in UTF-8, which every language can follow; ordinal order differs from it
/// behind U+FFFF.</summary>
public sealed class ByteOrder : IComparer<string>
{
    public static ByteOrder Instance { get; } = new();

    public int Compare(string? x, string? y) =>
        Encoding.UTF8.GetBytes(x ?? "").AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y ?? ""));
}
