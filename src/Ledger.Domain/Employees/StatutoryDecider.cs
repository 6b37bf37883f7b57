using Ledger.Domain.Payroll;

namespace Ledger.Domain.Employees;

public static class StatutoryDecider
{
    public static Decision<EmployeeEvent> Decide(PutStatutoryFacts command, Employee employee, Workplace at)
    {
        var details = command.Details;
        var known = employee.Statutory.GetValueOrDefault(command.EffectiveFrom);
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

        if (Packs.Find(details.Pack) is not { } pack)
        {
            return PayrollRefusals.PackUnknown(details.Pack, Packs.All.Select(each => each.Name));
        }

        return (FactSheet.Read(pack.Facts, details.Facts, out var sheet) ?? pack.Check(sheet)) is { } fact
            ? fact
            : new StatutoryFactsRecorded(command.EffectiveFrom, details);
    }
}
