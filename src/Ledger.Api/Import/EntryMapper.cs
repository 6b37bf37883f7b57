using Ledger.Domain;
using Ledger.Domain.Journals;

namespace Ledger.Api.Import;

/// <summary>
/// Makes journal entries of hledger's transactions: units for commodities, codes for account names, debit and credit
/// for signs, base amounts for what is not in the functional currency. Lines of amount 0 say nothing and are left out.
/// Not for several threads at once.
/// </summary>
/// <param name="currency">The functional currency of the books.</param>
/// <param name="currencyDigits">The decimal places that ISO 4217 gives it.</param>
/// <param name="prices">Market prices; null when there are none.</param>
/// <param name="realOnly">Leave virtual postings out.</param>
internal sealed class EntryMapper(
    UnitCode currency, int currencyDigits, Commodities commodities, PriceList? prices, bool realOnly)
{
    /// <summary>Accounts whose codes are kept; a file that has more works them out again.</summary>
    private const int AccountsKeptMax = 100_000;

    private readonly ContentHasher hasher = new();
    private readonly Dictionary<string, AccountCode> accounts = new(StringComparer.Ordinal);
    private readonly BaseAmounts baseAmounts = new(currency, currencyDigits, prices);
    private readonly List<MappedPosting> mapped = [];

    /// <summary>Lines that were left out because their amount is 0.</summary>
    public long ZeroLines { get; private set; }

    /// <summary>Transactions of which fewer than two lines were left then.</summary>
    public long EmptyTransactions { get; private set; }

    /// <summary>Virtual postings that were left out because only real ones are wanted.</summary>
    public long VirtualLines { get; private set; }

    /// <summary>
    /// Lines that count as 0 in the functional currency because the file has no price for their unit.
    /// </summary>
    public SortedDictionary<UnitCode, long> UnpricedLines { get; } = [];

    /// <returns>A <see cref="FileEntry"/> or a <see cref="FileFault"/>; null when nothing of the transaction is
    /// left.</returns>
    public FileItem? Map(FileTransaction transaction)
    {
        if (NotUtf8(transaction))
        {
            return new FileFault(
                transaction.Line,
                "It holds bytes that are no UTF-8: say how the file is written, such as --encoding windows-1251.");
        }

        mapped.Clear();
        var leftOut = 0;
        foreach (var posting in transaction.Postings)
        {
            if (realOnly && posting.Kind != PostingKind.Real)
            {
                VirtualLines++;
                leftOut++;
            }
            else if (posting.Amount == 0 && posting.Cost is null or { Amount: 0 })
            {
                ZeroLines++;
                leftOut++;
            }
            else if (Add(posting) is { } reason)
            {
                return new FileFault(transaction.Line, reason);
            }
        }

        if (leftOut > 0 && mapped.Count < 2)
        {
            EmptyTransactions++;
            return null;
        }

        try
        {
            baseAmounts.Resolve(mapped, transaction.Date);
        }
        catch (OverflowException)
        {
            return new FileFault(transaction.Line, "Its amounts are beyond what can be counted.");
        }

        if (UnbalancedVirtual(transaction) is { } virtualReason)
        {
            return new FileFault(transaction.Line, virtualReason);
        }

        var entry = new PostJournalEntry(
            "",
            transaction.Date,
            Description(transaction),
            mapped.Select(LineOf).ToValueList(),
            Reference: transaction.Code.Length == 0 ? null : transaction.Code);
        return new FileEntry(transaction.Line, null, hasher.Hash(entry, withBaseAmounts: false), entry, IsMapped: true);
    }

    private static bool NotUtf8(FileTransaction transaction)
    {
        const char Replacement = '\uFFFD';
        return transaction.Description.Contains(Replacement) || transaction.Code.Contains(Replacement)
            || transaction.Comment.Contains(Replacement)
            || transaction.Postings.Any(posting =>
                posting.Account.Contains(Replacement) || posting.Comment.Contains(Replacement));
    }

    private static string Description(FileTransaction transaction) =>
        transaction.Comment.Length == 0 ? transaction.Description
        : transaction.Description.Length == 0 ? $"; {transaction.Comment}"
        : $"{transaction.Description}  ; {transaction.Comment}";

    private string? Add(FilePosting posting)
    {
        if (!accounts.TryGetValue(posting.Account, out var account))
        {
            if (AccountNames.ToCode(posting.Account, out var reason) is not { } code)
            {
                return reason;
            }

            account = code;
            if (accounts.Count < AccountsKeptMax)
            {
                accounts.Add(posting.Account, code);
            }
        }

        if (commodities.Find(posting.Commodity) is not { } unit)
        {
            return Commodities.Unknown(posting.Commodity);
        }

        UnitCost? cost = null;
        if (posting.Cost is { } paid)
        {
            if (commodities.Find(paid.Commodity) is not { } costUnit)
            {
                return Commodities.Unknown(paid.Commodity);
            }

            cost = new(new(paid.Amount, costUnit), paid.IsTotal);
        }

        mapped.Add(new(account, posting.Kind, new(FileAmounts.Trimmed(posting.Amount), unit), cost, posting.Comment));
        return null;
    }

    /// <summary>
    /// hledger never balances these, so an entry made of them seldom does: says so instead of a bare sum.
    /// </summary>
    private string? UnbalancedVirtual(FileTransaction transaction)
    {
        var index = mapped.FindIndex(posting => posting.Kind == PostingKind.UnbalancedVirtual);
        return index < 0 || mapped.Sum(posting => posting.Base ?? 0) == 0 ? null
            : $"({Texts.Shown(mapped[index].Account.Value)}) is a virtual posting that hledger does not balance, and "
                + $"with it '{Texts.Shown(transaction.Description)}' does not balance: import with --real to leave "
                + "virtual postings out.";
    }

    private JournalLine LineOf(MappedPosting posting)
    {
        var (amount, unit) = posting.Amount;
        var isForeign = unit != currency;
        if (posting.Base is null)
        {
            UnpricedLines[unit] = UnpricedLines.GetValueOrDefault(unit) + 1;
        }

        return new(
            posting.Account,
            amount > 0 || (amount == 0 && posting.Base > 0) ? Side.Debit : Side.Credit,
            Math.Abs(amount),
            isForeign ? unit : null,
            isForeign ? Math.Abs(posting.Base ?? 0) : null,
            Memo: posting.Comment.Length == 0 ? null : posting.Comment);
    }
}

/// <summary>A signed amount of a unit.</summary>
internal readonly record struct UnitAmount(decimal Amount, UnitCode Unit);

/// <param name="Of">Of the whole amount, with the amount's sign.</param>
internal readonly record struct UnitCost(UnitAmount Of, bool IsTotal);

internal sealed record MappedPosting(
    AccountCode Account, PostingKind Kind, UnitAmount Amount, UnitCost? Cost, string Comment)
{
    /// <summary>In the functional currency, signed; null while nobody knows it.</summary>
    public decimal? Base { get; set; }
}
