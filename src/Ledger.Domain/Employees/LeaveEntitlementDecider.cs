namespace Ledger.Domain.Employees;

public static class LeaveEntitlementDecider
{
    /// <summary>No year has more days.</summary>
    public const int DaysMax = 366;

    private const int Digits = 2;

    public static Decision<EmployeeEvent> Decide(PutLeaveEntitlement command, Employee employee, Workplace at)
    {
        var details = command.Details;
        var known = employee.LeaveEntitlements.GetValueOrDefault(command.EffectiveFrom);
        if (known?.Details == details)
        {
            return Decision<EmployeeEvent>.Nothing;
        }

        if (EmployeeDecider.CheckEmployee(command, employee, at) is { } refusal)
        {
            return refusal;
        }

        if (Register.CheckVersion(known?.Version ?? 0, command.IfMatch) is { } moved)
        {
            return moved;
        }

        var contract = employee.ContractOn(command.EffectiveFrom) ?? employee.ContractBy(command.EffectiveFrom);
        if (contract is null || at.PackOf(contract.Details) is not { } pack)
        {
            return EmployeeRefusals.NoContractBy("effectiveFrom", command.EffectiveFrom);
        }

        if ((Check("daysPerYear", details.DaysPerYear) ?? Check("carryOverMax", details.CarryOverMax)) is { } days)
        {
            return days;
        }

        // It may be sent before the law is known that holds later: what accrues is never less than by law.
        var law = pack.AnnualLeave.LastOrDefault(figure => figure.From <= command.EffectiveFrom
            && !(figure.Through < command.EffectiveFrom));
        return law is not null && details.DaysPerYear < pack.LeaveDaysOf(law)
            ? EmployeeRefusals.LeaveBelowLaw(details.DaysPerYear, pack.LeaveDaysOf(law), law.Source)
            : new LeaveEntitlementRecorded(command.EffectiveFrom, details);
    }

    private static Refusal? Check(string field, decimal? days) =>
        days is not { } some ? null
        : !Money.TryScale(some, Digits, out _) ? EmployeeRefusals.TooPrecise(field, some, Digits)
        : some is < 0 or > DaysMax ? EmployeeRefusals.LeaveOutOfRange(field, some, DaysMax)
        : null;
}
