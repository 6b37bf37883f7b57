namespace Ledger.Domain.PayGroups;

/// <summary>Adds the group, or changes it when its content differs.</summary>
/// <param name="IfMatch">The group's version that the caller saw; needed to change one that exists.</param>
public sealed record PutPayGroup(string Group, PayGroupDetails Details, long? IfMatch = null);
