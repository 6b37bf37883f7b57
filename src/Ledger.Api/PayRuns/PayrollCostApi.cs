using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.Projections.PayRuns;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.PayRuns;

/// <summary>What people cost, and what is due to authorities, over HTTP.</summary>
public static class PayrollCostApi
{
    private const string Month = "month";
    private const int MonthsAhead = 2;

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/reports/payroll-cost", CostAsync)
            .Needs(Permission.ReadPayCosts)
            .Is(
                "getPayrollCost", "Reports", "Sums what people cost, by dimension and month",
                "By default as it is booked: the months are those of the runs' entries, a reversal stands in the "
                + "month in which it is booked, and the sums are those of the pay group's accounts for gross pay and "
                + "employer's contributions. `basis=earned` puts each line into the month for which it was earned, "
                + "arrears included, of runs that count. Who may not read pay runs gets values of fewer than "
                + "two employees put together (`putTogether`).")
            .Query("from", ParameterKind.Date, "The first day; by default the fiscal year of `to` begins it.",
                "2026-01-01")
            .Query("to", ParameterKind.Date, "The last day; today by default.", "2026-03-31")
            .QueryOneOf("by", "A row for each month.", Month)
            .QueryOneOf("basis", "In which month cost stands; `booked` by default.", "booked", "earned")
            .Groups()
            .Knows()
            .AnswersTable<PayrollCost, PayrollCostRow>(CostExample);
        surface.Get("/companies/{company}/reports/contributions-due", DueAsync)
            .Needs(Permission.ReadPayCosts)
            .Is(
                "getContributionsDue", "Reports", "Says what is due to which authority, and by when",
                "A row a levy, with what is taken from pay and what the employer owes, of runs that count. `dueOn` "
                + "is the nominal day, of a figure of the pack with its source: where it is no working day, the law "
                + "says which other day holds. Where no day is known here, it is null, and the row stands at the day "
                + "of payment. In the United States it is that of monthly depositors.")
            .Query(
                "from", ParameterKind.Date, "The first day by which something is due; today by default.", "2026-04-01")
            .Query("to", ParameterKind.Date, "The last day; two months later by default.", "2026-04-30")
            .Knows()
            .AnswersTable<ContributionsDue, ContributionRow>(DueExample);
    }

    private static async ValueTask CostAsync(Call call)
    {
        var (days, dimension) = (call.Days(), call.Dimension());
        var basis = call.Choice("basis", PayrollCostBasis.Booked, PayrollCostBasis.Earned) ?? PayrollCostBasis.Booked;
        if (call.Query("by") is { } by and not Month)
        {
            throw Call.Malformed("by", by, Month);
        }

        var answer = await call.AskAsync<PayrollCost>(call.KnownAt(), async snapshot =>
        {
            var (from, to) = days.In(snapshot);
            var rows = await PayrollCostQueries.CostAsync(
                snapshot, new(from, to, basis, call.Query("by") is not null, dimension));
            return new PayrollCost(
                snapshot.Company.Code, from, to, snapshot.Knowledge.Instant, snapshot.Knowledge.Sequence, call.Asked(),
                call.Caller.May(Permission.ReadPayRuns) ? rows : PayrollCostQueries.WithoutPersons(rows));
        });
        await call.WriteTableAsync(answer, table => table.Rows);
    }

    private static async ValueTask DueAsync(Call call)
    {
        var days = call.Days();
        var answer = await call.AskAsync<ContributionsDue>(call.KnownAt(), async snapshot =>
        {
            var from = days.From ?? LocalDate.Min(snapshot.DayOf(days.Now), days.To ?? LocalDate.MaxIsoValue);
            var to = days.To ?? from.PlusMonths(MonthsAhead);
            return new ContributionsDue(
                snapshot.Company.Code, from, to, snapshot.Knowledge.Instant, snapshot.Knowledge.Sequence, call.Asked(),
                await ContributionQueries.DueAsync(snapshot, from, to));
        });
        await call.WriteTableAsync(answer, table => table.Rows);
    }

    private const string CostExample = """
        {"company": "acme", "from": "2026-01-01", "to": "2026-03-31", "knownAt": "2026-04-02T08:15:00.123456Z",
        "knownAtSequence": 1742, "parameters": {"by": "month", "dimension": "department"}, "rows": [{"month": "2026-03",
        "value": "sales", "valueName": "Sales", "currency": "EUR", "employees": 12, "pay": "24000.00",
        "employerContributions": "4540.80", "total": "28540.80", "benefits": "0.00", "putTogether": false}]}
        """;

    private const string DueExample = """
        {"company": "acme", "from": "2026-04-01", "to": "2026-04-30", "knownAt": "2026-04-02T08:15:00.123456Z",
        "knownAtSequence": 1742, "parameters": {}, "rows": [{"authority": "National Revenue Agency, contributions",
        "dueOn": "2026-04-25", "period": "2026-03", "pack": "bg", "code": "pensions", "currency": "EUR",
        "employees": "131.60", "employers": "0.00", "total": "131.60", "source": "Social Insurance Code, art. 7"}]}
        """;
}

/// <summary>What people cost; <c>Parameters</c> repeats what was asked.</summary>
public sealed record PayrollCost(
    string Company,
    LocalDate From,
    LocalDate To,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    IReadOnlyList<PayrollCostRow> Rows) : IKnown;

/// <summary>What is due to authorities; <c>Parameters</c> repeats what was asked.</summary>
public sealed record ContributionsDue(
    string Company,
    LocalDate From,
    LocalDate To,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    IReadOnlyList<ContributionRow> Rows) : IKnown;
