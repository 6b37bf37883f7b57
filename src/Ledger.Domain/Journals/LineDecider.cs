using Ledger.Domain.Accounts;

namespace Ledger.Domain.Journals;

/// <summary>
/// The rules of an entry's lines: first those of each line, then those of their sums. Lines of off-balance accounts are
/// summed apart, as if they were an entry of their own.
/// </summary>
internal static class LineDecider
{
    /// <param name="isCorrection">Negative amounts are allowed.</param>
    /// <param name="decided">The lines with amounts in their unit's digits and with what was resolved.</param>
    public static Refusal? Decide(
        ValueList<JournalLine> sent, bool isCorrection, Books books, out ValueList<JournalLine> decided)
    {
        decided = sent;
        var lines = new JournalLine[sent.Count];
        var own = new LineTotals(books.Company);
        var offBalance = new LineTotals(books.Company);
        var changed = false;
        for (var i = 0; i < lines.Length; i++)
        {
            if (Decide(sent[i], i + 1, isCorrection, books, out lines[i], out var type) is { } refusal)
            {
                return refusal;
            }

            changed |= !ReferenceEquals(lines[i], sent[i]);
            ref var totals = ref type == AccountType.OffBalance ? ref offBalance : ref own;
            if (totals.Add(lines[i]) is { } sum)
            {
                return sum;
            }
        }

        if (offBalance.Check(lines, books, isOffBalance: true) is { } off)
        {
            return off;
        }

        if (own.Check(lines, books, isOffBalance: false) is { } unbalanced)
        {
            return unbalanced;
        }

        decided = changed ? new ValueList<JournalLine>(lines) : sent;
        return null;
    }

    private static Refusal? Decide(
        JournalLine line, int number, bool isCorrection, Books books, out JournalLine decided, out AccountType type)
    {
        (decided, type) = (line, default);
        if (books.Chart.Find(line.Account) is not { } account)
        {
            return LineRefusals.AccountUnknown(number, line.Account);
        }

        type = account.Details.Type;
        if (account.IsArchived)
        {
            return LineRefusals.AccountArchived(number, line.Account);
        }

        if (!account.IsPostable)
        {
            return LineRefusals.AccountNotPostable(number, line.Account);
        }

        if (Texts.Check("memo", line.Memo, Texts.DescriptionLengthMax) is { } memo)
        {
            return memo with { Message = $"Line {number}: {memo.Message}" };
        }

        if (account.Details.Currency is { } only && line.Currency is { } other && only != other)
        {
            return LineRefusals.WrongCurrency(number, line.Account, only, other);
        }

        var unit = line.Currency ?? account.Details.Currency ?? books.Company.Currency;
        var refusal = unit == books.Company.Currency
            ? AmountRules.DecideFunctional(line, number, isCorrection, books.Company, out decided)
            : AmountRules.DecideForeign(line, number, unit, isCorrection, books.Company, out decided);
        return refusal ?? CheckDimensions(line, number, account, books);
    }

    private static Refusal? CheckDimensions(JournalLine line, int number, Account account, Books books)
    {
        if (line.Dimensions is { Count: > 0 } dimensions)
        {
            foreach (var (dimension, value) in dimensions.AsSpan())
            {
                if (!books.Dimensions.Has(dimension))
                {
                    return LineRefusals.DimensionUnknown(number, dimension);
                }

                if (books.Dimensions.Find(dimension, value) is not { } known)
                {
                    return LineRefusals.DimensionValueUnknown(number, dimension, value);
                }

                if (known.IsArchived)
                {
                    return LineRefusals.DimensionValueArchived(number, dimension, value);
                }
            }
        }

        if (account.Details.Requires is { Count: > 0 } required)
        {
            foreach (var dimension in required.AsSpan())
            {
                if (line.Dimensions?.ContainsKey(dimension) is not true)
                {
                    return LineRefusals.DimensionMissing(number, line.Account, dimension);
                }
            }
        }

        return null;
    }
}
