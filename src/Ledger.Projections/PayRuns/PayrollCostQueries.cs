using Ledger.Projections.Dimensions;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;

namespace Ledger.Projections.PayRuns;

/// <summary>In which month cost stands.</summary>
public enum PayrollCostBasis
{
    /// <summary>In that of the entries of the runs: the same as in the books.</summary>
    Booked,

    /// <summary>In that for which it was earned; arrears stand in the month that they are for.</summary>
    Earned,
}

/// <summary>What cost is asked for.</summary>
/// <param name="ByMonth">A row for each month.</param>
public sealed record PayrollCostRequest(
    LocalDate From, LocalDate To, PayrollCostBasis Basis, bool ByMonth, DimensionQuery Dimension);

/// <summary>What people cost.</summary>
/// <param name="Month">Null where it is not asked by month.</param>
/// <param name="Value">Of the dimension; null without one, and where several were put together.</param>
/// <param name="Employees">Who have a payslip in it.</param>
/// <param name="Pay">In money.</param>
/// <param name="Total">Pay and the employer's contributions.</param>
/// <param name="Benefits">In kind; they are in the books where they were bought, and not in the total.</param>
/// <param name="PutTogether">Values of too few persons, put together so that nobody's pay can be seen; where even
/// together they are too few, the amounts are null.</param>
public sealed record PayrollCostRow(
    YearMonth? Month,
    string? Value,
    string? ValueName,
    string Currency,
    long Employees,
    Amount? Pay,
    Amount? EmployerContributions,
    Amount? Total,
    Amount? Benefits,
    bool PutTogether);

/// <summary>Sums what people cost, as known then.</summary>
public static class PayrollCostQueries
{
    /// <summary>Fewer persons than these in a row would tell somebody's pay.</summary>
    public const int EmployeesLeast = 2;

    private static readonly string BookedSql = $"""
        with booked as (
            select h.run, h.booked_on, case h.event when 'posted' then 1 else -1 end as sign
            from ledger_read.pay_run_history_{"{v}"} h
            where h.company = $1 and h.position <= $2 and h.booked_on between $3 and $4
                and (h.event = 'posted' or exists (
                    select from ledger_read.pay_run_history_{"{v}"} o
                    where o.company = $1 and o.run = h.run and o.event = 'posted' and o.position < h.position)))
        select case when $5 then date_trunc('month', r.booked_on::timestamp)::date end, p.dimensions ->> $6,
            p.currency, count(distinct p.employee), sum(r.sign * (p.gross - p.benefits)),
            sum(r.sign * p.employer_contributions), sum(r.sign * p.benefits)
        from booked r
        {PayslipSql.Payslips}
        where p.contract is not null and ($7::jsonb is null or p.dimensions @> $7)
        group by 1, 2, 3
        order by 1, 2 nulls last, 3
        """;

    private static readonly string EarnedSql = $"""
        with {PayslipSql.Runs}
        select case when $5 then date_trunc('month', coalesce(l.earned_through, p.through_day)::timestamp)::date end,
            p.dimensions ->> $6, p.currency, count(distinct p.employee),
            coalesce(sum(l.amount) filter (where l.kind = 'earning'), 0),
            coalesce(sum(l.amount) filter (where l.kind = 'employerContribution'), 0),
            coalesce(sum(l.amount) filter (where l.kind = 'benefit'), 0)
        from run r
        {PayslipSql.Payslips}
        join ledger_read.payslip_line_{"{v}"} l on l.company = $1 and l.position = p.position
            and l.kind in ('earning', 'employerContribution', 'benefit')
        where r.status = 'posted' and r.through_day >= $3 and p.contract is not null
            and coalesce(l.earned_through, p.through_day) between $3 and $4
            and ($7::jsonb is null or p.dimensions @> $7)
        group by 1, 2, 3
        order by 1, 2 nulls last, 3
        """;

    /// <returns>In the order of months and values; without a value last.</returns>
    public static async Task<IReadOnlyList<PayrollCostRow>> CostAsync(Snapshot snapshot, PayrollCostRequest request)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(request);
        var rows = snapshot.Ask(
            request.Basis == PayrollCostBasis.Booked ? BookedSql : EarnedSql, row => Read(row, snapshot),
            snapshot.Company.Code, snapshot.Knowledge.Position, request.From.ToDateOnly(), request.To.ToDateOnly(),
            request.ByMonth, PayslipSql.Text(request.Dimension.By), PayslipSql.Only(request.Dimension));
        var names = DimensionQueries.Ask(snapshot, request.Dimension.By);
        await snapshot.SendAsync();
        return rows.ConvertAll(row => row with { ValueName = names.NameOf(row.Value) });
    }

    /// <summary>
    /// The same without anybody's pay: rows of too few persons are put together month by month, with the smallest of
    /// the others where there is only one, so that it cannot be found as what is missing from a sum.
    /// </summary>
    public static IReadOnlyList<PayrollCostRow> WithoutPersons(IReadOnlyList<PayrollCostRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return
        [
            .. rows.GroupBy(row => (row.Month, row.Currency)).SelectMany(month =>
            {
                var small = month.Where(row => row.Employees < EmployeesLeast).ToList();
                if (small.Count == 0)
                {
                    return month.AsEnumerable();
                }

                var others = month.Except(small).OrderBy(row => row.Employees).ToList();
                if (small.Count == 1 && others.Count > 0)
                {
                    small.Add(others[0]);
                    others.RemoveAt(0);
                }

                return month.Where(others.Contains).Append(PutTogether(small));
            }),
        ];
    }

    private static PayrollCostRow PutTogether(IReadOnlyList<PayrollCostRow> rows)
    {
        var sum = rows.Aggregate((one, other) => one with
        {
            Employees = one.Employees + other.Employees,
            Pay = Sum(one.Pay, other.Pay),
            EmployerContributions = Sum(one.EmployerContributions, other.EmployerContributions),
            Total = Sum(one.Total, other.Total),
            Benefits = Sum(one.Benefits, other.Benefits),
        });
        var isTold = sum.Employees >= EmployeesLeast;
        return new(
            sum.Month, null, null, sum.Currency, sum.Employees, isTold ? sum.Pay : null,
            isTold ? sum.EmployerContributions : null, isTold ? sum.Total : null, isTold ? sum.Benefits : null, true);
    }

    private static Amount? Sum(Amount? one, Amount? other) =>
        one is { } left && other is { } right ? left with { Value = Amount.Sum(left.Value, right.Value) } : null;

    private static PayrollCostRow Read(NpgsqlDataReader row, Snapshot snapshot)
    {
        var currency = row.GetString(2);
        Amount In(decimal value) => snapshot.Company.In(currency, value);
        return new(
            row.GetDayOrNull(0)?.ToYearMonth(), row.GetText(1), null, currency, row.GetInt64(3), In(row.GetSum(4)),
            In(row.GetSum(5)), In(row.GetSum(4) + row.GetSum(5)), In(row.GetSum(6)), false);
    }
}
