using System.Text.Json;
using Ledger.Domain.Employees;
using Ledger.EventStore;

namespace Ledger.Projections.Employees;

/// <summary>A version of who an employee is, of a contract, and of the end.</summary>
internal static class EmployeeRows
{
    public static void Add(CopyBuffer employees, in LoggedEvent at, EmployeeDetails details) =>
        employees.Row(6)
            .Text(at.Company).Text(IdOf(at)).Long(at.Position).Long(at.Version).Uuid(at.Id)
            .Jsonb(JsonSerializer.SerializeToUtf8Bytes(details.Name, EventJson.Options));

    public static void Add(CopyBuffer contracts, in LoggedEvent at, ContractRecorded recorded)
    {
        var details = recorded.Details;
        contracts.Row(13)
            .Text(at.Company).Text(IdOf(at)).Text(recorded.Contract).Long(at.Position)
            .Text(details.PayGroup).Date(details.From).Date(details.To)
            .Text(JsonNamingPolicy.CamelCase.ConvertName(details.Type.ToString())).Text(details.Position)
            .Numeric(details.WeeklyHours);
        (details.FullTimeHours is { } hours ? contracts.Numeric(hours) : contracts.Null())
            .Text(details.Place).Json(details.Dimensions);
    }

    public static void Add(CopyBuffer terminations, in LoggedEvent at, EmploymentTerminated terminated) =>
        terminations.Row(5)
            .Text(at.Company).Text(IdOf(at)).Long(at.Position).Date(terminated.Details.LastDay)
            .Text(terminated.Details.Reason);

    public static void Add(CopyBuffer openings, in LoggedEvent at, OpeningFiguresRecorded recorded) =>
        openings.Row(6)
            .Text(at.Company).Text(IdOf(at)).Int(recorded.Year).Long(at.Position).Date(recorded.Figures.Through)
            .Json(recorded.Figures.Lines);

    private static string IdOf(in LoggedEvent at) =>
        at.Stream.StartsWith(Employee.StreamPrefix, StringComparison.Ordinal)
            ? at.Stream[Employee.StreamPrefix.Length..]
            : throw new FormatException(
                $"An employee stands in the stream '{at.Stream}' instead of '{Employee.StreamPrefix}…'.");
}
