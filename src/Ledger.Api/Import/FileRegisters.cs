using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Dimensions;

namespace Ledger.Api.Import;

/// <summary>
/// Takes accounts and values of dimensions that a file describes. What the books have already stays as it is. A file
/// may describe one twice: openly at first, so that its entries can be posted, and closed at its end; the second is
/// taken only if the books say exactly what the first one said.
/// </summary>
internal sealed class FileRegisters(IImportTarget target, ImportReport report, Action<FileItem, Refusal> refuse)
{
    private readonly Dictionary<AccountCode, AccountDetails> accounts = [];
    private readonly Dictionary<(string Dimension, string Value), DimensionValueDetails> values = [];

    public async Task TakeAsync(IReadOnlyList<FileItem> items)
    {
        var before = target.Chart.Count;
        var opening = new List<FileAccount>();
        foreach (var item in items)
        {
            if (item is FileAccount account && !accounts.ContainsKey(account.Account.Code))
            {
                accounts.Add(account.Account.Code, account.Account.Account);
                opening.Add(account);
                continue;
            }

            await OpenAsync(opening);
            opening.Clear();
            await TakeAsync(item);
        }

        await OpenAsync(opening);
        report.AccountsOpened += target.Chart.Count - before;
    }

    private async Task TakeAsync(FileItem item)
    {
        Refusal? refusal;
        if (item is FileAccount { Account: var account })
        {
            refusal = await target.PutAccountAsync(account, accounts[account.Code]);
        }
        else
        {
            var value = ((FileDimensionValue)item).Value;
            var key = (value.Dimension, value.Value);
            refusal = await target.PutDimensionValueAsync(value, values.GetValueOrDefault(key));
            values.TryAdd(key, value.Details);
        }

        if (refusal is not null)
        {
            refuse(item, refusal);
        }
    }

    /// <summary>All at once; only if one of them is refused, one by one.</summary>
    private async Task OpenAsync(List<FileAccount> opening)
    {
        if (opening.Count == 0 || await target.OpenAccountsAsync(opening.ConvertAll(each => each.Account)) is null)
        {
            return;
        }

        foreach (var each in opening)
        {
            if (await target.OpenAccountsAsync([each.Account]) is { } refusal)
            {
                refuse(each, refusal);
            }
        }
    }
}
