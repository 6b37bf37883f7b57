using Ledger.Api.Batches;
using Ledger.Domain.Employees;
using Ledger.Domain.Keys;
using NodaTime;

namespace Ledger.Api.Employees;

/// <summary>Many registers of employees in one request.</summary>
public static class EmployeeBatchApi
{
    /// <summary>A batch of what is sent of employees.</summary>
    public static BatchKind<EmployeeCommand> Kind { get; } = new(
        "record", "records", "Send what belongs to one register.", EmployeeLineJson.Read, EmployeesApi.WriteKey);

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Post("/companies/{company}/employees:batch", PostAsync)
            .Needs(Permission.RecordPeople)
            .Is(
                "postEmployees", "Employees", "Records many employees, contracts, elements of pay and so on",
                "A JSON list, or one a line, of any size: `type` says which register it is for, `content` is what is "
                + "sent to it alone. Each stands alone, and is decided after those before it; there is one result for "
                + "each, in order. `text/csv` takes elements of pay, and answers a JSON line for each. The same batch "
                + "may be sent again.")
            .Reads<EmployeeLine[]>("[" + LineExample + "]")
            .Reads<EmployeeLine>(LineExample.ReplaceLineEndings(" "), Http.NdJson)
            .Reads<string>(CsvExample, Http.Csv)
            .Answers<EmployeeResult[]>(StatusCodes.Status200OK, Each, "[" + ResultExample + "]")
            .Answers<EmployeeResult>(
                StatusCodes.Status200OK, Each, ResultExample.ReplaceLineEndings(" ") + "\n", Http.NdJson)
            .Refuses("company-unknown", RequestProblems.AnswerNotRead);
    }

    private const string Each = "What became of each line.";

    private const string LineExample = """
        {"type": "pay", "employee": "p-17", "element": "salary", "effectiveFrom": "2026-01-01",
        "content": {"amount": "1500.00", "per": "month"}}
        """;

    private const string CsvExample = PayCsvItems.Header + "\r\np-17,salary,2026-01-01,1500.00,month,,\r\n";

    private const string ResultExample = """
        {"line": 1, "employee": "p-17", "element": "salary", "effectiveFrom": "2026-01-01", "status": 201, "version": 3,
        "sequence": 1742, "recorded": "2026-01-31T16:20:00.123456Z"}
        """;

    private static async ValueTask PostAsync(Call call)
    {
        var request = call.Context.Request;
        BatchItems<EmployeeCommand> items = ContentTypes.Require(request, Http.Json, Http.NdJson, Http.Csv) switch
        {
            Http.Json => new JsonListItems<EmployeeCommand>(Kind, request.BodyReader),
            Http.NdJson => new NdJsonItems<EmployeeCommand>(Kind, request.BodyReader),
            _ => new PayCsvItems(Kind, request.BodyReader),
        };
        await using var results = new BatchResults<EmployeeCommand>(items);
        var doer = call.Doer;
        await BatchStream.AnswerAsync(
            call, items, results,
            (command, reading) => EmployeeWrites.PutAsync(command, reading, call.Ledger, doer));
    }
}

/// <summary>What became of a line: what it would have been answered with alone.</summary>
public sealed record EmployeeResult(
    int Status,
    long? Line = null,
    long? Index = null,
    string? Employee = null,
    string? Contract = null,
    string? Element = null,
    LocalDate? EffectiveFrom = null,
    string? Absence = null,
    string? Deduction = null,
    int? Year = null,
    long? Version = null,
    string? Approval = null,
    long? Sequence = null,
    Instant? Recorded = null,
    string? Type = null,
    string? Title = null,
    string? Code = null,
    string? Detail = null,
    string? Path = null);
