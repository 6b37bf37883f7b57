using Ledger.Domain.Payroll;

namespace Ledger.Domain.Employees;

public static class OpeningFiguresDecider
{
    /// <summary>More lines than any payslip has kinds of.</summary>
    public const int LinesMax = 200;

    private const int Digits = 2;

    public static Decision<EmployeeEvent> Decide(PutOpeningFigures command, Employee employee, Workplace at)
    {
        var known = employee.Opening.GetValueOrDefault(command.Year);
        if (known?.Details == command.Figures)
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
            : new OpeningFiguresRecorded(command.Year, command.Figures);
    }

    private static Refusal? Check(PutOpeningFigures command, Employee employee, Workplace at)
    {
        var figures = command.Figures;

        // Figures of before the first day here belong to the contract that begins then.
        var contract = employee.ContractOn(figures.Through.PlusDays(1)) ?? employee.ContractBy(figures.Through);
        if (contract is null || at.PackOf(contract.Details) is not { } pack)
        {
            return EmployeeRefusals.NoContractBy("through", figures.Through);
        }

        if (FactSheet.Read(pack.ToDate, figures.ToDate ?? ValueMap<FactValue>.Empty, out _) is { } fact)
        {
            return fact;
        }

        // A statutory year is called by the year in which it begins, and may end in the next.
        if (figures.Through.Year - command.Year is not (0 or 1))
        {
            return EmployeeRefusals.YearDiffers(command.Year, figures.Through);
        }

        return CheckLines(figures.Lines ?? ValueMap<decimal>.Empty)
            ?? CheckDigits("leaveDays", figures.LeaveDays)
            ?? CheckDigits("earningsOfTwelveMonths", figures.EarningsOfTwelveMonths);
    }

    private static Refusal? CheckLines(ValueMap<decimal> lines)
    {
        if (lines.Count > LinesMax)
        {
            return EmployeeRefusals.TooManyLines(lines.Count, LinesMax);
        }

        foreach (var (code, amount) in lines)
        {
            if (!Ids.IsValid(code))
            {
                return TextRefusals.IdInvalid("The code in lines", code);
            }

            if (CheckDigits($"lines.{code}", amount) is { } digits)
            {
                return digits;
            }
        }

        return null;
    }

    private static Refusal? CheckDigits(string field, decimal? amount) =>
        amount is { } some && !Money.TryScale(some, Digits, out _)
            ? EmployeeRefusals.TooPrecise(field, some, Digits)
            : null;
}
