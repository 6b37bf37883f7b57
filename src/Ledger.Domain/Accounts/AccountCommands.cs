namespace Ledger.Domain.Accounts;

/// <summary>Opens the account, or changes it when its content differs.</summary>
/// <param name="IfMatch">The account's version that the caller saw; needed to change an account that exists.</param>
public sealed record PutAccount(AccountCode Code, AccountDetails Account, long? IfMatch = null);

/// <summary>Opens those accounts of a template that the chart does not have yet; it changes none.</summary>
public sealed record ApplyChartTemplate(string Template);
