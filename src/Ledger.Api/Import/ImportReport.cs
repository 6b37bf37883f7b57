using System.Globalization;
using Ledger.Domain;

namespace Ledger.Api.Import;

/// <summary>What an import has done so far, for people.</summary>
internal sealed class ImportReport
{
    /// <summary>Entries and reversals of the file that could be read.</summary>
    public long Read { get; set; }

    public long Recorded { get; set; }

    public long AlreadyThere { get; set; }

    /// <summary>Lines or transactions that cannot be read.</summary>
    public long Unreadable { get; set; }

    /// <summary>Entries that a rule of the books refuses.</summary>
    public long Refused { get; set; }

    public long AccountsOpened { get; set; }

    public long ZeroLines { get; private set; }

    public long EmptyTransactions { get; private set; }

    public long VirtualLines { get; private set; }

    public long Missing { get; set; }

    public long MissingReversed { get; set; }

    public bool CompanyRegistered { get; set; }

    /// <summary>Units that the books did not know, and their digits now.</summary>
    public SortedDictionary<UnitCode, int> Declared { get; } = [];

    /// <summary>Units whose digits were raised, and to what.</summary>
    public SortedDictionary<UnitCode, int> Raised { get; } = [];

    public SortedDictionary<UnitCode, long> UnpricedLines { get; } = [];

    public bool IsClean => Unreadable + Refused == 0;

    /// <summary>One sentence a line.</summary>
    public IEnumerable<string> Sentences(string company, UnitCode currency)
    {
        yield return $"{Count(Recorded, "entry", "entries")} recorded in {company}"
            + $"{(AlreadyThere > 0 ? $", {Number(AlreadyThere)} there already" : "")}"
            + $"{(Refused > 0 ? $", {Number(Refused)} refused" : "")}"
            + $"{(Unreadable > 0 ? $", {Number(Unreadable)} could not be read" : "")}.";
        if (AccountsOpened > 0)
        {
            yield return $"{Count(AccountsOpened, "account was", "accounts were")} opened.";
        }

        if (Declared.Count > 0)
        {
            yield return $"New units, with their decimal places: {Shown(Declared)}.";
        }

        if (Raised.Count > 0)
        {
            yield return $"The file needs more decimal places than before; now: {Shown(Raised)}.";
        }

        if (ZeroLines > 0)
        {
            yield return $"Left out: {Count(ZeroLines, "line", "lines")} of amount 0"
                + (EmptyTransactions > 0
                    ? $", and {Count(EmptyTransactions, "transaction", "transactions")} of which too little was left."
                    : ".");
        }

        if (VirtualLines > 0)
        {
            yield return $"Left out: {Count(VirtualLines, "virtual posting", "virtual postings")}.";
        }

        foreach (var (unit, lines) in UnpricedLines)
        {
            yield return $"{Count(lines, "line", "lines")} in {unit} {(lines == 1 ? "has" : "have")} no price and "
                + $"{(lines == 1 ? "counts" : "count")} as 0 {currency}.";
        }

        if (Missing > 0)
        {
            yield return $"Missing: {Count(Missing, "entry", "entries")} that came before"
                + (MissingReversed > 0 ? $"; {Number(MissingReversed)} reversed." : ".");
        }
    }

    /// <summary>Notes what the mapping of hledger's transactions left out; nothing for other files.</summary>
    public void CountLeftOut(EntryMapper? mapper)
    {
        if (mapper is null)
        {
            return;
        }

        (ZeroLines, EmptyTransactions, VirtualLines) =
            (mapper.ZeroLines, mapper.EmptyTransactions, mapper.VirtualLines);
        foreach (var (unit, lines) in mapper.UnpricedLines)
        {
            UnpricedLines[unit] = lines;
        }
    }

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Shown(SortedDictionary<UnitCode, int> digits) =>
        string.Join(", ", digits.Select(each => $"{each.Key} {each.Value}"));

    public static string Count(long number, string one, string many) =>
        $"{Number(number)} {(number == 1 ? one : many)}";
}
