using Ledger.Domain.Employees;

namespace Ledger.Domain.PayRuns;

/// <summary>An entry of pay and the days on which it holds.</summary>
/// <param name="Element">Its place in the pack; negative for one that the pack does not know.</param>
internal readonly record struct PaySpan(
    string Code, int Element, DaySpan Days, decimal Amount, PayPer Per, long Version);
