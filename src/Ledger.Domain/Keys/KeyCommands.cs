namespace Ledger.Domain.Keys;

/// <summary>Lets whoever holds the key with this hash use the API. The parameters are those of the event.</summary>
public sealed record IssueKey(string Prefix, string Sha256);
