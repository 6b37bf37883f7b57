namespace Ledger.Domain.Employees;

public static class TerminationDecider
{
    public static Decision<EmployeeEvent> Decide(TerminateEmployment command, Employee employee, Workplace at)
    {
        var details = command.Details;
        if (employee.Termination?.Details == details)
        {
            return Decision<EmployeeEvent>.Nothing;
        }

        if (EmployeeDecider.CheckEmployee(command, employee, at) is { } refusal)
        {
            return refusal;
        }

        if (Register.CheckVersion(employee.Termination?.Version ?? 0, command.IfMatch) is { } moved)
        {
            return moved;
        }

        // A code and no sentence: what is said of somebody who left would stand there for ever.
        if (!Ids.IsValid(details.Reason))
        {
            return TextRefusals.IdInvalid("reason", details.Reason);
        }

        if (employee.Contracts.IsEmpty)
        {
            return EmployeeRefusals.NoContract(command.Employee);
        }

        var hired = employee.Contracts.Values.Min(contract => contract.Details.From);
        return details.LastDay < hired
            ? EmployeeRefusals.TerminationBeforeHire(details.LastDay, hired)
            : new EmploymentTerminated(details);
    }
}
