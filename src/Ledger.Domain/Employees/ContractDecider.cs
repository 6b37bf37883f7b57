using Ledger.Domain.Dimensions;
using Ledger.Domain.PayGroups;

namespace Ledger.Domain.Employees;

public static class ContractDecider
{
    /// <summary>A week has no more.</summary>
    public const int WeeklyHoursMax = 168;

    public static Decision<EmployeeEvent> Decide(PutContract command, Employee employee, Workplace at)
    {
        var details = command.Details;
        var known = employee.Contracts.GetValueOrDefault(command.Contract);
        if (known?.Details == details)
        {
            return Decision<EmployeeEvent>.Nothing;
        }

        if (EmployeeDecider.CheckEmployee(command, employee, at) is { } refusal)
        {
            return refusal;
        }

        if (!Ids.IsValid(command.Contract))
        {
            return TextRefusals.IdInvalid("The contract's id", command.Contract);
        }

        if (Register.CheckVersion(known?.Version ?? 0, command.IfMatch) is { } moved)
        {
            return moved;
        }

        if (known is not null && known.Details.PayGroup != details.PayGroup)
        {
            return EmployeeRefusals.PayGroupFixed(command.Contract, known.Details.PayGroup);
        }

        return Check(command, employee, at) is { } broken
            ? broken
            : new ContractRecorded(command.Contract, details);
    }

    private static Refusal? Check(PutContract command, Employee employee, Workplace at)
    {
        var details = command.Details;
        var text = Texts.CheckNeeded("position", details.Position, Texts.NameLengthMax)
            ?? Texts.Check("place", details.Place, Texts.NameLengthMax);
        if (text is not null)
        {
            return text;
        }

        if (at.PayGroups.Find(details.PayGroup) is not { } group)
        {
            return PayGroupRefusals.Unknown(details.PayGroup);
        }

        if (group.IsArchived)
        {
            return PayGroupRefusals.Archived(details.PayGroup);
        }

        if (details.WeeklyHours is <= 0 or > WeeklyHoursMax)
        {
            return EmployeeRefusals.HoursOutOfRange("weeklyHours", details.WeeklyHours, WeeklyHoursMax);
        }

        if (details.FullTimeHours is <= 0 or > WeeklyHoursMax)
        {
            return EmployeeRefusals.HoursOutOfRange("fullTimeHours", details.FullTimeHours.Value, WeeklyHoursMax);
        }

        if (CheckDimensions(details.Dimensions, at.Dimensions) is { } dimension)
        {
            return dimension;
        }

        if (details.To < details.From)
        {
            return EmployeeRefusals.EndsBeforeItBegins(details.From, details.To.Value);
        }

        if (Overlapping(command, employee) is { } other)
        {
            return EmployeeRefusals.ContractsOverlap(command.Contract, other, employee.Contracts[other].Details);
        }

        return employee.Termination is { Details.LastDay: var last } && details.From > last
            ? EmployeeRefusals.ContractAfterTermination(details.From, last)
            : null;
    }

    private static Refusal? CheckDimensions(ValueMap<string>? dimensions, DimensionCatalog catalog)
    {
        foreach (var (dimension, value) in dimensions ?? ValueMap<string>.Empty)
        {
            if (!catalog.Has(dimension))
            {
                return EmployeeRefusals.DimensionUnknown(dimension);
            }

            if (catalog.Find(dimension, value) is not { } known)
            {
                return EmployeeRefusals.DimensionValueUnknown(dimension, value);
            }

            if (known.IsArchived)
            {
                return EmployeeRefusals.DimensionValueArchived(dimension, value);
            }
        }

        return null;
    }

    /// <summary>The first other contract, by its id, that holds on one of the same days.</summary>
    private static string? Overlapping(PutContract command, Employee employee)
    {
        foreach (var (id, other) in employee.Contracts)
        {
            if (id != command.Contract && Spans.Overlap(
                command.Details.From, command.Details.To, other.Details.From, other.Details.To))
            {
                return id;
            }
        }

        return null;
    }
}
