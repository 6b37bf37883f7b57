using Ledger.Domain;
using Ledger.Domain.PayRuns;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;

namespace Ledger.Projections.PayRuns;

/// <summary>Which payslips a register holds.</summary>
/// <param name="From">The first day of payment.</param>
/// <param name="To">The last.</param>
/// <param name="PayGroup">Only of that group; null for all.</param>
/// <param name="Run">Only of that run; null for all.</param>
/// <param name="WithAll">Also those that do not count: not posted yet, or reversed.</param>
public sealed record PayrollRegisterFilter(LocalDate From, LocalDate To, string? PayGroup, string? Run, bool WithAll);

/// <summary>The place of a payslip in a register.</summary>
public sealed record PayslipPlace(LocalDate PayDate, string Run, string Employee);

/// <summary>A payslip in a register.</summary>
/// <param name="Status">How far its run was; it counts while that is posted.</param>
/// <param name="Gross">All pay, in kind as well.</param>
/// <param name="EmployerCost">Pay without benefits in kind, and the employer's contributions: what is booked as
/// cost.</param>
/// <param name="Amounts">By code of the lines; in CSV a column each.</param>
public sealed record PayrollRegisterRow(
    string Employee,
    string Run,
    string PayGroup,
    PayRunKind Kind,
    PayRunStatus Status,
    string Contract,
    LocalDate From,
    LocalDate Through,
    LocalDate PayDate,
    string Currency,
    Amount Gross,
    Amount Deductions,
    Amount Net,
    Amount EmployerContributions,
    Amount EmployerCost,
    ValueMap<Amount> Amounts);

/// <summary>What all payslips of a register that count come to, on whichever page they stand.</summary>
/// <param name="Amounts">By code of the lines.</param>
public sealed record PayrollTotal(
    string Currency,
    long Payslips,
    Amount Gross,
    Amount Deductions,
    Amount Net,
    Amount EmployerContributions,
    Amount EmployerCost,
    ValueMap<Amount> Amounts);

/// <summary>A page of a register.</summary>
/// <param name="Codes">Of all lines on all pages: earnings first, then what is taken, then the employer's.</param>
public sealed record PayrollRegisterPage(
    IReadOnlyList<PayrollRegisterRow> Rows, IReadOnlyList<PayrollTotal> Totals, IReadOnlyList<string> Codes);

/// <summary>Lists payslips by day of payment, as known then.</summary>
public static class PayrollRegisterQueries
{
    private const string Chosen = """
        r.pay_date between $3 and $4 and r.status = any ($5) and ($6::text is null or r.pay_group = $6)
            and ($7::text is null or r.run = $7) and p.contract is not null
        """;

    private static readonly string PageSql = $"""
        with {PayslipSql.Runs}
        select p.employee, r.run, r.pay_group, r.kind, r.status, p.contract, p.from_day, p.through_day, r.pay_date,
            p.currency, p.gross, p.deductions, p.net, p.employer_contributions, p.benefits, p.position
        from run r
        {PayslipSql.Payslips}
        where {Chosen} and (r.pay_date, r.run, p.employee) > ($8, $9, $10)
        order by r.pay_date, r.run, p.employee
        limit $11
        """;

    private static readonly string TotalsSql = $"""
        with {PayslipSql.Runs}
        select p.currency, count(*), sum(p.gross), sum(p.deductions), sum(p.net), sum(p.employer_contributions),
            sum(p.benefits)
        from run r
        {PayslipSql.Payslips}
        where {Chosen} and r.status = 'posted'
        group by p.currency
        order by p.currency
        """;

    private static readonly string CodesSql = $"""
        with {PayslipSql.Runs}
        select p.currency, l.code, min(array_position(
                array['earning', 'benefit', 'contribution', 'tax', 'deduction'], l.kind)),
            sum(l.amount) filter (where r.status = 'posted')
        from run r
        {PayslipSql.Payslips}
        join ledger_read.payslip_line_{"{v}"} l on l.company = $1 and l.position = p.position
        where {Chosen}
        group by p.currency, l.code
        order by 3 nulls last, l.code
        """;

    private const string LinesSql = """
        select l.position, l.code, sum(l.amount) from ledger_read.payslip_line_{v} l
        where l.company = $1 and l.position = any ($2)
        group by l.position, l.code
        """;

    private static readonly string[] Counting = ["posted"];
    private static readonly string[] All = ["calculated", "approved", "posted", "reversed"];

    /// <summary>A page in the order of days of payment, runs and employees.</summary>
    /// <param name="after">Behind which it begins; null for the first.</param>
    /// <param name="limit">Rows; one more is asked for, to see whether there is a further page.</param>
    public static async Task<PayrollRegisterPage> PageAsync(
        Snapshot snapshot, PayrollRegisterFilter filter, PayslipPlace? after, int limit)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(filter);
        object[] chosen =
        [
            snapshot.Company.Code, snapshot.Knowledge.Position, filter.From.ToDateOnly(), filter.To.ToDateOnly(),
            filter.WithAll ? All : Counting,
        ];
        object[] Asked(params object[] more) =>
            [.. chosen, PayslipSql.Text(filter.PayGroup), PayslipSql.Text(filter.Run), .. more];
        var rows = snapshot.Ask(
            PageSql, row => (Position: row.GetInt64(15), Row: Read(row, snapshot)),
            Asked(
                (after?.PayDate ?? new(1, 1, 1)).ToDateOnly(), after?.Run ?? "", after?.Employee ?? "", limit));
        var totals = snapshot.Ask(TotalsSql, row => ReadTotal(row, snapshot), Asked());
        var codes = snapshot.Ask(
            CodesSql, row => (row.GetString(0), row.GetString(1), row.IsDBNull(3) ? (decimal?)null : row.GetSum(3)),
            Asked());
        await snapshot.SendAsync();
        var lines = snapshot.Ask(
            LinesSql, row => (row.GetInt64(0), row.GetString(1), row.GetSum(2)),
            snapshot.Company.Code, rows.ConvertAll(each => each.Position).ToArray());
        await snapshot.SendAsync();
        var byPosition = lines.ToLookup(line => line.Item1);
        return new(
            rows.ConvertAll(each => each.Row with
            {
                Amounts = Amounts(byPosition[each.Position], snapshot, each.Row.Currency),
            }),
            totals.ConvertAll(total => total with
            {
                Amounts = Amounts(
                    codes.Where(code => code.Item1 == total.Currency && code.Item3 is not null)
                        .Select(code => (0L, code.Item2, code.Item3!.Value)),
                    snapshot, total.Currency),
            }),
            [.. codes.Select(code => code.Item2).Distinct()]);
    }

    private static ValueMap<Amount> Amounts(
        IEnumerable<(long Position, string Code, decimal Sum)> lines, Snapshot snapshot, string currency) =>
        ValueMap<Amount>.From(lines.Select(line => KeyValuePair.Create(
            line.Code, snapshot.Company.In(currency, line.Sum))));

    private static PayrollRegisterRow Read(NpgsqlDataReader row, Snapshot snapshot)
    {
        var currency = row.GetString(9);
        Amount In(decimal value) => snapshot.Company.In(currency, value);
        return new(
            row.GetString(0), row.GetString(1), row.GetString(2),
            Enum.Parse<PayRunKind>(row.GetString(3), ignoreCase: true),
            Enum.Parse<PayRunStatus>(row.GetString(4), ignoreCase: true), row.GetString(5), row.GetDay(6),
            row.GetDay(7), row.GetDay(8), currency, In(row.GetDecimal(10)), In(row.GetDecimal(11)),
            In(row.GetDecimal(12)), In(row.GetDecimal(13)),
            In(row.GetDecimal(10) - row.GetDecimal(14) + row.GetDecimal(13)), ValueMap<Amount>.Empty);
    }

    private static PayrollTotal ReadTotal(NpgsqlDataReader row, Snapshot snapshot)
    {
        var currency = row.GetString(0);
        Amount In(decimal value) => snapshot.Company.In(currency, value);
        return new(
            currency, row.GetInt64(1), In(row.GetSum(2)), In(row.GetSum(3)), In(row.GetSum(4)), In(row.GetSum(5)),
            In(row.GetSum(2) - row.GetSum(6) + row.GetSum(5)), ValueMap<Amount>.Empty);
    }
}
