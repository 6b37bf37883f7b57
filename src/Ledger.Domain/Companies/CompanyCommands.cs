namespace Ledger.Domain.Companies;

/// <summary>Registers the company, or changes it when its content differs.</summary>
/// <param name="IfMatch">The version that the caller saw; needed to change a company that exists.</param>
public sealed record PutCompany(CompanySettings Settings, long? IfMatch = null);
