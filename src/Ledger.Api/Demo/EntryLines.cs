using Ledger.Domain;
using Ledger.Domain.Journals;

namespace Ledger.Api.Demo;

/// <summary>The lines of an entry, one after the other. Lines of nothing are left out.</summary>
internal sealed class EntryLines
{
    private readonly List<JournalLine> lines = [];

    public IReadOnlyList<JournalLine> All => lines;

    public EntryLines Debit(string account, decimal euros, string? memo = null, ValueMap<string>? dimensions = null) =>
        Add(account, Side.Debit, euros, memo, dimensions);

    public EntryLines Credit(string account, decimal euros, string? memo = null, ValueMap<string>? dimensions = null) =>
        Add(account, Side.Credit, euros, memo, dimensions);

    /// <summary>A debit where the amount is positive, a credit where it is negative.</summary>
    public EntryLines Signed(string account, decimal euros, string? memo = null) =>
        Add(account, euros < 0 ? Side.Credit : Side.Debit, Math.Abs(euros), memo, null);

    /// <summary>Dollars, and what they are in euro.</summary>
    public EntryLines Dollars(
        string account,
        Side side,
        decimal dollars,
        decimal euros,
        string? memo = null,
        ValueMap<string>? dimensions = null)
    {
        if (dollars != 0 || euros != 0)
        {
            lines.Add(new(
                new AccountCode(account), side, dollars, ShopFacts.Dollar, euros, Memo: memo, Dimensions: dimensions));
        }

        return this;
    }

    private EntryLines Add(string account, Side side, decimal euros, string? memo, ValueMap<string>? dimensions)
    {
        if (euros != 0)
        {
            lines.Add(new(new AccountCode(account), side, euros, Memo: memo, Dimensions: dimensions));
        }

        return this;
    }
}
