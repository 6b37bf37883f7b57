using Ledger.Domain;

namespace Ledger.Api.Import;

/// <summary>The amount of a posting and what it cost: <c>-10 AAPL @ $1.5</c> or <c>10 AAPL @@ 15 USD</c>.</summary>
internal static class PostingAmount
{
    /// <summary>
    /// Reads the amount and its cost. A lot (<c>{…}</c>) and a balance assertion (<c>= …</c>) are passed over, as
    /// hledger does when it balances.
    /// </summary>
    /// <param name="commodity">Given when it stands in a field of its own; else it comes from the text.</param>
    /// <param name="cost">Of the whole amount, with the amount's sign; null when the text has none.</param>
    public static bool TryRead(
        string text, ref string commodity, out decimal amount, out FileCost? cost, out string reason)
    {
        cost = null;
        reason = "";
        var end = IndexOfMark(text, 0);
        if (!FileAmounts.TryParseAmount(text.AsSpan(0, end), out amount, out var written))
        {
            reason = $"'{Texts.Shown(text)}' is no amount of at most 28 digits.";
            return false;
        }

        if (written.Length > 0 && commodity.Length > 0 && written != commodity)
        {
            reason = $"'{Texts.Shown(text)}' names another commodity than '{Texts.Shown(commodity)}'.";
            return false;
        }

        commodity = written.Length > 0 ? written : commodity;
        while (end < text.Length && text[end] != '@')
        {
            if (text[end] == '=')
            {
                return true;
            }

            end = IndexOfMark(text, EndOfLot(text, end));
        }

        return end == text.Length || TryReadCost(text, end, amount, out cost, out reason);
    }

    private static bool TryReadCost(string text, int at, decimal amount, out FileCost? cost, out string reason)
    {
        cost = null;
        reason = "";
        var isTotal = at + 1 < text.Length && text[at + 1] == '@';
        var from = at + (isTotal ? 2 : 1);
        var end = IndexOfMark(text, from);
        if (!FileAmounts.TryParseAmount(text.AsSpan(from, end - from), out var price, out var commodity))
        {
            reason = $"'{Texts.Shown(text)}' has no cost that is an amount of at most 28 digits.";
            return false;
        }

        try
        {
            cost = new(isTotal ? price * Math.Sign(amount) : price * amount, commodity, isTotal);
            return true;
        }
        catch (OverflowException)
        {
            reason = $"'{Texts.Shown(text)}' costs more than can be counted.";
            return false;
        }
    }

    /// <returns>Where a cost, a lot or an assertion begins, outside of quotes; the length when there is none.</returns>
    private static int IndexOfMark(string text, int from)
    {
        var quoted = false;
        for (var at = from; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && text[at] is '@' or '{' or '[' or '(' or '=')
            {
                return at;
            }
        }

        return text.Length;
    }

    private static int EndOfLot(string text, int from)
    {
        var close = text.IndexOf(text[from] switch { '{' => '}', '[' => ']', _ => ')' }, from);
        return close < 0 ? text.Length : close + 1;
    }
}
