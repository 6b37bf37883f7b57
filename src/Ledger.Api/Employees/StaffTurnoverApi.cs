using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.Projections.Employees;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.Employees;

/// <summary>Who came and who left, over HTTP.</summary>
public static class StaffTurnoverApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/reports/staff-turnover", TurnoverAsync)
            .Needs(Permission.ReadPeople)
            .Is(
                "getStaffTurnover", "Employees", "Counts who came and who left",
                "From the morning of the first day to the evening of the last: whoever's last day is `to` has left. "
                + "Contracts that follow each other without a day between are one employment. By a dimension, who goes "
                + "from one value to another is a transfer and no leaver. `rate` is leavers by the mean of start and "
                + "end.")
            .Query("from", ParameterKind.Date, "The first day; by default the fiscal year of `to` begins it.",
                "2026-01-01")
            .Query("to", ParameterKind.Date, "The last day; today by default.", "2026-03-31")
            .Query("dimension", ParameterKind.Text, "A row for each value of it.", "department")
            .Knows()
            .AnswersTable<StaffTurnover, StaffTurnoverRow>(Example);
    }

    private static async ValueTask TurnoverAsync(Call call)
    {
        var (days, dimension) = (call.Days(), call.Query("dimension"));
        if (dimension is not null && !Ids.IsValid(dimension))
        {
            throw Call.Malformed("dimension", dimension, "the name of a dimension such as department");
        }

        var answer = await call.AskAsync<StaffTurnover>(call.KnownAt(), async snapshot =>
        {
            var (from, to) = days.In(snapshot);
            return new StaffTurnover(
                snapshot.Company.Code, from, to, snapshot.Knowledge.Instant, snapshot.Knowledge.Sequence, call.Asked(),
                await StaffTurnoverQueries.TurnoverAsync(snapshot, from, to, dimension));
        });
        await call.WriteTableAsync(answer, table => table.Rows);
    }

    private const string Example = """
        {"company": "acme", "from": "2026-01-01", "to": "2026-03-31", "knownAt": "2026-04-02T08:15:00.123456Z",
        "knownAtSequence": 1742, "parameters": {"dimension": "department"}, "rows": [{"value": "sales", "valueName":
        "Sales", "atStart": 12, "joiners": 2, "transfersIn": 1, "leavers": 1, "transfersOut": 0, "atEnd": 14, "rate":
        "0.0769", "reasons": {"resigned": 1}}]}
        """;
}

/// <summary>How the staff changed; <c>Parameters</c> repeats what was asked.</summary>
public sealed record StaffTurnover(
    string Company,
    LocalDate From,
    LocalDate To,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    IReadOnlyList<StaffTurnoverRow> Rows) : IKnown;
