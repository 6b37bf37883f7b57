namespace Ledger.Domain.Employees;

public static class AbsenceDecider
{
    public static Decision<EmployeeEvent> Decide(PutAbsence command, Employee employee, Workplace at)
    {
        var details = command.Details;
        var known = employee.Absences.GetValueOrDefault(command.Absence);
        if (known?.Details == details)
        {
            return Decision<EmployeeEvent>.Nothing;
        }

        if (EmployeeDecider.CheckEmployee(command, employee, at) is { } refusal)
        {
            return refusal;
        }

        if (!Ids.IsValid(command.Absence))
        {
            return TextRefusals.IdInvalid("The absence's id", command.Absence);
        }

        if (Register.CheckVersion(known?.Version ?? 0, command.IfMatch) is { } moved)
        {
            return moved;
        }

        if (details.To < details.From)
        {
            return EmployeeRefusals.EndsBeforeItBegins(details.From, details.To);
        }

        return Overlapping(command, employee) is { } other
            ? EmployeeRefusals.AbsencesOverlap(command.Absence, other, employee.Absences[other].Details)
            : new AbsenceRecorded(command.Absence, details);
    }

    /// <summary>The first other absence, by its id, on one of the same days; what did not happen is in nobody's
    /// way.</summary>
    private static string? Overlapping(PutAbsence command, Employee employee)
    {
        foreach (var (id, other) in employee.Absences)
        {
            if (id != command.Absence && command.Details.Withdrawn is not true && other.Details.Withdrawn is not true
                && Spans.Overlap(command.Details.From, command.Details.To, other.Details.From, other.Details.To))
            {
                return id;
            }
        }

        return null;
    }
}
