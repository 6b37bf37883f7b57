using Ledger.Domain;
using Ledger.Domain.Accounts;

namespace Ledger.Api.Import;

/// <summary>Works out which accounts must be opened before entries can be posted, parents first.</summary>
/// <param name="file">What <c>--chart</c> says.</param>
/// <param name="types">Types of names and all below them, as <c>--type 'Activa=asset'</c> says.</param>
internal sealed class MissingAccounts(ChartFile file, IReadOnlyDictionary<AccountCode, AccountType> types)
{
    private readonly Dictionary<AccountCode, PutAccount> opening = [];

    /// <summary>Those found since the last <see cref="Clear"/>, in an order in which they can be opened.</summary>
    public IReadOnlyList<PutAccount> Opening => order;

    private readonly List<PutAccount> order = [];

    public void Clear()
    {
        opening.Clear();
        order.Clear();
    }

    /// <summary>Adds the account, and what is missing above it, unless the chart has it.</summary>
    /// <returns>Why it cannot be opened; null when it is there or will be.</returns>
    public string? Need(AccountCode code, Chart chart)
    {
        if (chart.Find(code) is not null || opening.ContainsKey(code))
        {
            return null;
        }

        if (AccountNames.WhyNotOpened(code) is { } reason)
        {
            return reason;
        }

        // A chart file may name parents in a circle: whoever comes by here twice is refused by the chart's own rules.
        var path = new Stack<AccountCode>();
        for (AccountCode? at = code; at is { } next && chart.Find(next) is null && !opening.ContainsKey(next);)
        {
            if (path.Contains(next) || path.Count == AccountDecider.DepthMax)
            {
                return $"The parents of the account '{Texts.Shown(code.Value)}' never come to an end.";
            }

            path.Push(next);
            at = file.Find(next) is { } described ? described.Parent : AccountNames.ParentOf(next);
        }

        foreach (var next in path)
        {
            if (DetailsOf(next, chart) is not { } details)
            {
                return $"The name of the account '{Texts.Shown(code.Value)}' does not tell its type: say it with "
                    + $"--type '{Texts.Shown(Top(code))}=asset' (liability, equity, income, expense, off-balance) or "
                    + "in a file with --chart.";
            }

            var put = new PutAccount(next, details);
            opening.Add(next, put);
            order.Add(put);
        }

        return null;
    }

    private static string Top(AccountCode code)
    {
        var end = code.Value.IndexOf(':', StringComparison.Ordinal);
        return end < 0 ? code.Value : code.Value[..end];
    }

    private AccountDetails? DetailsOf(AccountCode code, Chart chart)
    {
        if (file.Find(code) is { } described)
        {
            return described;
        }

        var parent = AccountNames.ParentOf(code);
        return TypeOf(code, parent, chart) is { } type
            ? new AccountDetails(AccountNames.NameOf(code), type, Parent: parent)
            : null;
    }

    /// <summary>In hledger's order: declared, the parent's, inferred from the name.</summary>
    private AccountType? TypeOf(AccountCode code, AccountCode? parent, Chart chart)
    {
        if (types.TryGetValue(code, out var type))
        {
            return type;
        }

        if (parent is { } above)
        {
            return opening.TryGetValue(above, out var opened) ? opened.Account.Type : chart.Find(above)!.Details.Type;
        }

        return AccountNames.TypeOf(code);
    }
}
