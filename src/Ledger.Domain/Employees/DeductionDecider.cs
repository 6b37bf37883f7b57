namespace Ledger.Domain.Employees;

public static class DeductionDecider
{
    private const int Digits = 2;

    public static Decision<EmployeeEvent> Decide(PutDeduction command, Employee employee, Workplace at)
    {
        var details = command.Details;
        var known = employee.Deductions.GetValueOrDefault(command.Deduction);
        if (known?.Details == details)
        {
            return Decision<EmployeeEvent>.Nothing;
        }

        if (EmployeeDecider.CheckEmployee(command, employee, at) is { } refusal)
        {
            return refusal;
        }

        if (!Ids.IsValid(command.Deduction))
        {
            return TextRefusals.IdInvalid("The deduction's id", command.Deduction);
        }

        if (Register.CheckVersion(known?.Version ?? 0, command.IfMatch) is { } moved)
        {
            return moved;
        }

        return Check(details) is { } broken ? broken : new DeductionRecorded(command.Deduction, details);
    }

    private static Refusal? Check(DeductionDetails details)
    {
        if (!Ids.IsValid(details.Creditor))
        {
            return TextRefusals.IdInvalid("creditor", details.Creditor);
        }

        if (EmployeeDecider.CheckOptional("reference", details.Reference, Texts.ReferenceLengthMax) is { } reference)
        {
            return reference;
        }

        if (!Money.TryScale(details.Amount, Digits, out _))
        {
            return EmployeeRefusals.TooPrecise("amount", details.Amount, Digits);
        }

        if (details.Total is { } precise && !Money.TryScale(precise, Digits, out _))
        {
            return EmployeeRefusals.TooPrecise("total", precise, Digits);
        }

        if (details.To < details.From)
        {
            return EmployeeRefusals.EndsBeforeItBegins(details.From, details.To.Value);
        }

        if (details.Amount <= 0)
        {
            return EmployeeRefusals.DeductionNotPositive(details.Amount);
        }

        return details.Total is { } total && total < details.Amount
            ? EmployeeRefusals.DeductionTotalTooSmall(details.Amount, total)
            : null;
    }
}
