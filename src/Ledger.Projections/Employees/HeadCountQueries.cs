using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Projections.Employees;

/// <summary>By what employees are counted.</summary>
public enum HeadCountBy
{
    PayGroup,
    Position,
    Place,
    Type,

    /// <summary>The values of a dimension.</summary>
    Dimension,
}

/// <summary>Who has a contract on a day.</summary>
/// <param name="Value">Null for contracts without any.</param>
/// <param name="FullTimeEquivalents">Weekly hours by those of full time, rounded half away from zero.</param>
public sealed record HeadCountRow(string? Value, long Employees, decimal FullTimeEquivalents);

/// <summary>Counts employees by their contracts, as known then.</summary>
public static class HeadCountQueries
{
    /// <returns>In the order of the values; without one last.</returns>
    public static async Task<IReadOnlyList<HeadCountRow>> CountAsync(
        Snapshot snapshot, LocalDate asOf, HeadCountBy by, string? dimension)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var sql = $"""
            select {ColumnOf(by)} as value, count(distinct c.employee),
                round(sum(c.weekly_hours / coalesce(c.full_time_hours, c.weekly_hours)), 2)
            from (
                select distinct on (h.employee, h.contract) h.*
                from ledger_read.contract_history_{"{v}"} h
                where h.company = $1 and h.position <= $2
                order by h.employee, h.contract, h.position desc) c
            left join lateral (
                select h.last_day from ledger_read.termination_history_{"{v}"} h
                where h.company = $1 and h.employee = c.employee and h.position <= $2
                order by h.position desc limit 1) t on true
            where c.from_day <= $3 and coalesce(c.to_day >= $3, true) and coalesce(t.last_day >= $3, true)
                and $4::text is not null
            group by 1
            order by 1 nulls last
            """;
        var rows = snapshot.Ask(
            sql,
            row => new HeadCountRow(row.GetText(0), row.GetInt64(1), row.GetDecimal(2)),
            snapshot.Company.Code,
            snapshot.Knowledge.Position,
            asOf.ToDateOnly(),
            dimension ?? "");
        await snapshot.SendAsync();
        return rows;
    }

    private static string ColumnOf(HeadCountBy by) => by switch
    {
        HeadCountBy.PayGroup => "c.pay_group",
        HeadCountBy.Position => "c.job",
        HeadCountBy.Place => "c.place",
        HeadCountBy.Type => "c.type",
        _ => "c.dimensions ->> $4",
    };
}
