using Ledger.Domain.Payroll;

namespace Ledger.Domain.Employees;

/// <summary>
/// An element of pay holds until its next entry, or through its <c>To</c>. So it has one basis at a time by itself: a
/// wage by the hour that follows a salary by the month ends it. What contradicts itself is an entry that says that it
/// holds through a later day, and another one with another basis before that day: this is refused.
/// </summary>
public static class PayDecider
{
    private const int Digits = 2;

    /// <summary>A wage by the hour may have parts of a cent.</summary>
    private const int DigitsOfHour = 4;

    public static Decision<EmployeeEvent> Decide(PutPay command, Employee employee, Workplace at)
    {
        var details = command.Details;
        var known = employee.Pay.GetValueOrDefault(new(command.Element, command.EffectiveFrom));
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

        return Check(command, employee, at) is { } broken
            ? broken
            : new PayRecorded(command.Element, command.EffectiveFrom, details);
    }

    private static Refusal? Check(PutPay command, Employee employee, Workplace at)
    {
        var (element, from, details) = (command.Element, command.EffectiveFrom, command.Details);
        if (employee.ContractBy(from) is not { } contract || at.PackOf(contract.Details) is not { } pack)
        {
            return EmployeeRefusals.NoContractBy("effectiveFrom", from);
        }

        if (pack.Element(element) is null)
        {
            return PayrollRefusals.ElementUnknown(element, pack.Elements.Select(each => each.Code));
        }

        if (details.Amount < 0)
        {
            return PayrollRefusals.ElementNegative(element, details.Amount);
        }

        var digits = details.Per == PayPer.Hour ? DigitsOfHour : Digits;
        if (!Money.TryScale(details.Amount, digits, out _))
        {
            return EmployeeRefusals.TooPrecise("amount", details.Amount, digits);
        }

        if (details.To < from)
        {
            return EmployeeRefusals.EndsBeforeItBegins(from, details.To.Value);
        }

        if (details is { Per: PayPer.Once, To: not null })
        {
            return EmployeeRefusals.OnceHasNoEnd(element);
        }

        return Contradicting(command, employee) is { } other
            ? EmployeeRefusals.TwoBases(element, other.EffectiveFrom, employee.Pay[other].Details)
            : null;
    }

    private static PayKey? Contradicting(PutPay command, Employee employee)
    {
        foreach (var (key, other) in employee.Pay)
        {
            if (key.Element == command.Element && key.EffectiveFrom != command.EffectiveFrom
                && other.Details.Per != command.Details.Per
                && other.Details.Per != PayPer.Once && command.Details.Per != PayPer.Once
                && (key.EffectiveFrom < command.EffectiveFrom
                    ? command.EffectiveFrom <= other.Details.To
                    : key.EffectiveFrom <= command.Details.To))
            {
                return key;
            }
        }

        return null;
    }
}
