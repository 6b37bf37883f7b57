using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using Ledger.Domain.People;

namespace Ledger.Domain.Employees;

/// <summary>What is decided on beside the employee's own stream.</summary>
/// <param name="Person">What may still be kept of the employee.</param>
public sealed record Workplace(
    Company Company, DimensionCatalog Dimensions, PayGroupCatalog PayGroups, Person Person)
{
    /// <summary>The law by which a contract is paid; null where its pay group is not there.</summary>
    public Pack? PackOf(ContractDetails contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        return PayGroups.Find(contract.PayGroup) is { } group ? Packs.Find(group.Details.Pack) : null;
    }
}
