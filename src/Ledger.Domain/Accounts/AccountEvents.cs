namespace Ledger.Domain.Accounts;

public enum AccountType
{
    Asset,
    Liability,
    Equity,
    Income,
    Expense,

    /// <summary>Balances among its own kind and stays out of the statements.</summary>
    OffBalance,
}

/// <summary>What a caller says of an account, as sent.</summary>
/// <param name="Names">The name by language (BCP 47), beside <paramref name="Name"/>.</param>
/// <param name="Parent">An account of the chart; it may carry postings of its own.</param>
/// <param name="Currency">The only unit that may be posted here; any when null.</param>
/// <param name="Postable">True by default.</param>
/// <param name="Requires">The dimensions that every line of this account must name.</param>
/// <param name="BySign">Shown as an asset while its balance is debit, as a liability while it is credit.</param>
public sealed record AccountDetails(
    string Name,
    AccountType Type,
    ValueMap<string>? Names = null,
    AccountCode? Parent = null,
    UnitCode? Currency = null,
    bool? Postable = null,
    bool? Archived = null,
    ValueList<string>? Requires = null,
    bool? BySign = null);

/// <summary>Stream <c>chart</c>: all accounts of a company.</summary>
public abstract record AccountEvent;

[EventName("account_opened")]
public sealed record AccountOpened(AccountCode Code, AccountDetails Account) : AccountEvent;

[EventName("account_changed")]
public sealed record AccountChanged(AccountCode Code, AccountDetails Account) : AccountEvent;
