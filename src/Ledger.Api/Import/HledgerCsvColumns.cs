namespace Ledger.Api.Import;

/// <summary>
/// Where the columns of hledger's CSV are, by their names; -1 for those that may be missing and are. The last two are
/// the ledger's own: what the export knows of an amount's worth.
/// </summary>
internal sealed record HledgerCsvColumns(
    int Count,
    int Transaction,
    int Date,
    int Date2,
    int Code,
    int Description,
    int Comment,
    int Account,
    int Amount,
    int Commodity,
    int Credit,
    int Debit,
    int PostingComment,
    int BaseAmount,
    int BaseCommodity)
{
    public const string TransactionName = "txnidx";

    /// <exception cref="InvalidDataException">It names too few; the message says which.</exception>
    public static HledgerCsvColumns Of(DelimitedReader heading)
    {
        var names = Enumerable.Range(0, heading.Count).Select(i => heading[i].Trim()).ToList();
        int Find(string name) => names.FindIndex(each => each.Equals(name, StringComparison.OrdinalIgnoreCase));
        var columns = new HledgerCsvColumns(
            heading.Count,
            Find(TransactionName),
            Find("date"),
            Find("date2"),
            Find("code"),
            Find("description"),
            Find("comment"),
            Find("account"),
            Find("amount"),
            Find("commodity"),
            Find("credit"),
            Find("debit"),
            Find("posting-comment"),
            Find("base-amount"),
            Find("base-commodity"));
        List<string> missing = [];
        AddIf(columns.Transaction < 0, TransactionName);
        AddIf(columns.Date < 0, "date");
        AddIf(columns.Account < 0, "account");
        AddIf(columns.Amount < 0 && (columns.Debit < 0 || columns.Credit < 0), "amount");
        return missing.Count == 0 ? columns : throw new InvalidDataException(
            $"The first line names no column {string.Join(", ", missing)}: it should be the heading that "
            + "'hledger print -O csv' writes (txnidx,date,…,account,amount,commodity,…).");

        void AddIf(bool isMissing, string name)
        {
            if (isMissing)
            {
                missing.Add(name);
            }
        }
    }
}
