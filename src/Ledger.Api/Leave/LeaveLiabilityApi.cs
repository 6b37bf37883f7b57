using Ledger.Api.PayRuns;
using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.Keys;
using Ledger.Domain.Leave;
using Ledger.EventStore;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.Leave;

/// <summary>What the leave that nobody has taken yet is worth, from the events of all employees, on both clocks.
/// </summary>
public static class LeaveLiabilityApi
{
    private const int ChunkEmployees = 200;

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/reports/leave-liability", ShowAsync)
            .Needs(Permission.ReadPayRuns)
            .Is(
                "getLeaveLiability", "Reports", "Gives what leave that was not taken yet is worth",
                "Of everybody with a contract on the day: days that are left times the pay of a day, by the law of the "
                + "contract. One row an employee, or with `dimension` one a value. Days that were taken before they "
                + "were earned count against. `totals` are the sums of the rows.")
            .Query("asOf", ParameterKind.Date, "The day; today by default.", "2026-03-31")
            .Groups()
            .Knows()
            .AnswersTable<LeaveLiabilityReport, LeaveLiabilityRow>(Example);
    }

    private static async ValueTask ShowAsync(Call call)
    {
        var (asked, dimension) = (call.Day("asOf"), call.Dimension());
        var answer = await call.AskAsync<LeaveQuestion>(
            call.KnownAt(),
            snapshot => Task.FromResult<Answer<LeaveQuestion>>(LeaveQuestion.Of(call, snapshot, asked)));
        await call.WriteTableAsync<LeaveLiabilityReport, LeaveLiabilityRow>(
            answer.Refusal is { } refusal ? refusal : await ReportAsync(call, answer.Value!, dimension),
            report => report.Rows);
    }

    private static async ValueTask<LeaveLiabilityReport> ReportAsync(
        Call call, LeaveQuestion asked, DimensionQuery dimension)
    {
        var facts = call.Ledger.PayRunFacts;
        var law = await asked.LawAsync(call);
        var rows = new List<LeaveLiabilityRow>();
        var ids = await facts.IdsAsync(call.Company, Employee.StreamPrefix, call.Gone);
        foreach (var chunk in ids.Chunk(ChunkEmployees))
        {
            var streams = await call.Ledger.Store.ReadStreamsAsync(
                call.Company, [.. chunk.Select(id => new StreamPosition(Streams.Employee(id), 0))], call.Gone);
            rows.AddRange(chunk.Zip(streams, (id, events) => RowOf(
                id, facts.Fold(Streams.EmployeeFold, events, asked.Known.Sequence), law, asked.AsOf, dimension))
                .OfType<LeaveLiabilityRow>());
        }

        if (dimension.By is null)
        {
            call.NotePersonalDataRead(null);
        }

        return new(
            call.Company, asked.AsOf, asked.Known.Instant, asked.Known.Sequence, call.Asked(),
            dimension.By is null ? rows : Grouped(rows), [.. Totals(rows)]);
    }

    /// <summary>Null for somebody without a contract on the day, without leave, or of other dimensions.</summary>
    private static LeaveLiabilityRow? RowOf(
        string id, Employee employee, LeaveLaw law, LocalDate asOf, DimensionQuery dimension)
    {
        if (employee.ContractOn(asOf) is not { Details: var contract } || law.PackOf(employee, asOf) is not { } pack
            || !dimension.Only.All(only => contract.Dimensions?.GetValueOrDefault(only.Dimension) == only.Value)
            || LeaveBalance.Of(employee, pack, asOf, law.Known.GetValueOrDefault(pack.Name), explains: false)
                is not { } balance)
        {
            return null;
        }

        var liability = LeaveLiability.Of(employee, pack, balance);
        return new(
            dimension.By is null ? id : null,
            dimension.By is { } by ? contract.Dimensions?.GetValueOrDefault(by) : null,
            1, liability is null ? 1 : 0, balance.Unit, LeaveYearShown.Days(balance.Days),
            dimension.By is null && liability is { } known ? PayslipShown.Money(known.DailyPay) : null,
            PayslipShown.Money(liability?.Amount ?? 0), pack.CurrencyOn(asOf).Value);
    }

    private static List<LeaveLiabilityRow> Grouped(IEnumerable<LeaveLiabilityRow> rows) =>
    [
        .. rows.GroupBy(row => (row.Value, row.Currency, row.Unit))
            .Select(group => new LeaveLiabilityRow(
                null, group.Key.Value, group.Count(), group.Sum(row => row.WithoutPay), group.Key.Unit,
                LeaveYearShown.Days(group.Sum(row => row.Days.Value)), null,
                PayslipShown.Money(group.Sum(row => row.Amount.Value)), group.Key.Currency))
            .OrderBy(row => row.Value, StringComparer.Ordinal).ThenBy(row => row.Currency, StringComparer.Ordinal),
    ];

    private static IEnumerable<LeaveLiabilityTotal> Totals(IEnumerable<LeaveLiabilityRow> rows) => rows
        .GroupBy(row => row.Currency)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => new LeaveLiabilityTotal(
            group.Key, group.Count(), group.Sum(row => row.WithoutPay),
            PayslipShown.Money(group.Sum(row => row.Amount.Value))));

    private const string Example = """
        {"company": "acme", "asOf": "2026-03-31", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742,
        "parameters": {}, "rows": [{"employee": "p-17", "value": null, "employees": 1, "withoutPay": 0,
        "unit": "workingDays", "days": "2.93", "dailyPay": "68.18", "amount": "199.77", "currency": "EUR"}],
        "totals": [{"currency": "EUR", "employees": 1, "withoutPay": 0, "amount": "199.77"}]}
        """;
}

/// <summary>What leave that was not taken is worth; <c>Parameters</c> repeats what was asked.</summary>
/// <param name="Totals">One a currency.</param>
public sealed record LeaveLiabilityReport(
    string Company,
    LocalDate AsOf,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    IReadOnlyList<LeaveLiabilityRow> Rows,
    IReadOnlyList<LeaveLiabilityTotal> Totals) : IKnown;

/// <summary>Of one employee, or of all with a value of the dimension.</summary>
/// <param name="Employee">Null where it is grouped.</param>
/// <param name="Value">Of the dimension; null where it is not grouped, and for contracts without a value.</param>
/// <param name="WithoutPay">How many of the employees have no regular pay on the day, so that nothing is counted for
/// them.</param>
/// <param name="Days">That are left.</param>
/// <param name="DailyPay">Of one employee; null where regular pay is not known.</param>
public sealed record LeaveLiabilityRow(
    string? Employee,
    string? Value,
    int Employees,
    int WithoutPay,
    LeaveUnit Unit,
    Amount Days,
    Amount? DailyPay,
    Amount Amount,
    string Currency);

/// <summary>The sum of a currency.</summary>
public sealed record LeaveLiabilityTotal(string Currency, int Employees, int WithoutPay, Amount Amount);
