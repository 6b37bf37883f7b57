using Ledger.Domain;
using Ledger.Domain.Accounts;

namespace Ledger.Projections.Accounts;

/// <summary>An account as known then.</summary>
/// <param name="Version">The chart's version at its last change: the account's ETag.</param>
public sealed record AccountThen(
    string Code,
    string Name,
    ValueMap<string> Names,
    AccountType Type,
    string? Parent,
    string? Currency,
    bool Postable,
    bool Archived,
    ValueList<string> Requires,
    bool BySign,
    long Version)
{
    /// <summary>Starts at zero every fiscal year.</summary>
    internal bool IsResult => Type is AccountType.Income or AccountType.Expense;
}

/// <summary>The accounts of a company as known then, in ordinal order of their codes.</summary>
public sealed class ChartThen
{
    private readonly Dictionary<string, AccountThen> byCode;

    internal ChartThen(IEnumerable<AccountThen> accounts)
    {
        byCode = accounts.ToDictionary(account => account.Code, StringComparer.Ordinal);
        Accounts = [.. byCode.Values.OrderBy(account => account.Code, StringComparer.Ordinal)];
    }

    public IReadOnlyList<AccountThen> Accounts { get; }

    public bool Has(string code) => byCode.ContainsKey(code);

    /// <summary>The account; one that no event opened is shown under its code, so that no sum gets lost.</summary>
    public AccountThen Of(string code) => byCode.TryGetValue(code, out var account)
        ? account
        : new(code, code, ValueMap<string>.Empty, AccountType.Asset, null, null, true, false, [], false, 0);
}
