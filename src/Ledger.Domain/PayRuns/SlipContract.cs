using Ledger.Domain.Employees;

namespace Ledger.Domain.PayRuns;

/// <summary>Which contract a payslip pays.</summary>
internal static class SlipContract
{
    /// <summary>The last one of the group that has begun by the end of the period, else its first; null where there is
    /// none.</summary>
    public static KeyValuePair<string, Registered<ContractDetails>>? Of(SlipRequest request)
    {
        KeyValuePair<string, Registered<ContractDetails>>? found = null;
        foreach (var each in request.Employee.Contracts)
        {
            var (from, best) = (each.Value.Details.From, found?.Value.Details.From);
            if (IsOfGroup(request, each.Key) && (best is null || (from <= request.Period.Through
                ? best > request.Period.Through || from > best : best > request.Period.Through && from < best)))
            {
                found = each;
            }
        }

        return found;
    }

    public static bool IsOfGroup(SlipRequest request, string contract) => request.PayGroup is null
        || (request.Employee.Contracts.TryGetValue(contract, out var known)
            && known.Details.PayGroup == request.PayGroup);
}
