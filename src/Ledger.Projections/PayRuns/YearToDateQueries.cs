using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Payroll;
using Ledger.EventStore;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.PayRuns;

/// <summary>Which payments are added up.</summary>
/// <param name="Year">The statutory year of each pack, by the calendar year of its first day.</param>
/// <param name="AsOf">The last day of payment that counts; null is the end of the year.</param>
/// <param name="Employee">Only of them; null for a page of all.</param>
/// <param name="After">An employee behind whom the page begins.</param>
/// <param name="Limit">Employees at most.</param>
public sealed record YearToDateRequest(int Year, LocalDate? AsOf, string? Employee, string After, int Limit);

/// <summary>What an employee was paid, and what was taken, in a statutory year.</summary>
/// <param name="Pack">The law whose year it is; null where only opening figures are known.</param>
/// <param name="Kind">Null where only opening figures are known.</param>
/// <param name="Opening">Paid elsewhere, before the first run here.</param>
/// <param name="Paid">By payslips that count.</param>
/// <param name="Total">Both.</param>
public sealed record YearToDateLine(
    string Employee,
    string? Pack,
    string Code,
    LineKind? Kind,
    string Currency,
    Amount Opening,
    Amount Paid,
    Amount Total);

/// <summary>A payslip that was taken back after the end of its statutory year: what was reported of that year is to be
/// corrected.</summary>
/// <param name="PayDate">When it had been paid.</param>
/// <param name="Reversed">When the reversal was recorded.</param>
/// <param name="Amounts">By code of the lines, as they stood in that year and no longer do.</param>
public sealed record CorrectionDue(
    string Run,
    string Employee,
    string Pack,
    int Year,
    LocalDate PayDate,
    Instant Reversed,
    long Sequence,
    string Currency,
    ValueMap<Amount> Amounts);

/// <summary>A page of sums.</summary>
/// <param name="Lines">In the order of employees, packs and kinds.</param>
/// <param name="Last">The last employee of the page when there are more; else null.</param>
public sealed record YearToDatePage(
    IReadOnlyList<YearToDateLine> Lines, IReadOnlyList<CorrectionDue> CorrectionsDue, string? Last);

/// <summary>Adds up payslips by day of payment over the statutory year, as known then.</summary>
public static class YearToDateQueries
{
    private const string Years = """
        year as (
            select y.pack, y.from_day, y.through_day
            from unnest($3::text[], $4::date[], $5::date[]) y (pack, from_day, through_day))
        """;

    private const string OfYear = """
        join year y on y.pack = p.pack and r.pay_date between y.from_day and y.through_day
        """;

    private static readonly string EmployeesSql = $"""
        with {PayslipSql.Runs}, {Years}
        select e.employee from (
            select p.employee
            from run r
            {PayslipSql.PayslipsOf("and h.employee > $7")}
            {OfYear}
            where r.status = 'posted'
            union
            select o.employee from ledger_read.opening_figure_history_{"{v}"} o
            where o.company = $1 and o.position <= $2 and o.year = $6 and o.employee > $7) e
        order by e.employee
        limit $8
        """;

    private static readonly string LinesSql = $"""
        with {PayslipSql.Runs}, {Years}
        select p.employee, p.pack, p.currency, l.code, l.kind, sum(l.amount)
        from run r
        {PayslipSql.PayslipsOf("and h.employee = any ($6)")}
        {OfYear}
        join ledger_read.payslip_line_{"{v}"} l on l.company = $1 and l.position = p.position
        where r.status = 'posted' and r.pay_date <= $7
        group by 1, 2, 3, 4, 5
        """;

    private const string OpeningSql = """
        select distinct on (o.employee) o.employee, o.lines::text
        from ledger_read.opening_figure_history_{v} o
        where o.company = $1 and o.position <= $2 and o.year = $3 and o.employee = any ($4)
            and o.through_day <= $5
        order by o.employee, o.position desc
        """;

    private static readonly string CorrectionsSql = $"""
        with {PayslipSql.Runs}, {Years}
        select r.run, p.employee, p.pack, r.pay_date, r.recorded, r.sequence, p.currency, l.code, sum(l.amount)
        from run r
        {PayslipSql.PayslipsOf("and ($6::text is null or h.employee = $6)")}
        {OfYear}
        join ledger_read.payslip_line_{"{v}"} l on l.company = $1 and l.position = p.position
        where r.status = 'reversed' and r.recorded >= (y.through_day + 1)::timestamp at time zone $7
            and exists (
                select from ledger_read.pay_run_history_{"{v}"} o
                where o.company = $1 and o.run = r.run and o.event = 'posted' and o.position <= $2)
        group by 1, 2, 3, 4, 5, 6, 7, 8
        order by 6, 1, 2, 8
        """;

    public static async Task<YearToDatePage> PageAsync(Snapshot snapshot, YearToDateRequest request)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(request);
        StatutoryYear[] years = [.. Packs.All.Select(pack => StatutoryYear.Of(pack.Name, request.Year))];
        object[] asked =
        [
            snapshot.Company.Code, snapshot.Knowledge.Position, Packs.All.Select(pack => pack.Name).ToArray(),
            Array.ConvertAll(years, year => year.From.ToDateOnly()),
            Array.ConvertAll(years, year => year.Through.ToDateOnly()),
        ];
        var (employees, last) = await EmployeesAsync(snapshot, request, asked);
        var asOf = request.AsOf ?? years.Max(year => year.Through);
        var paid = snapshot.Ask(LinesSql, ReadPaid, [.. asked, Texts(employees), asOf.ToDateOnly()]);
        var opening = snapshot.Ask(
            OpeningSql, row => (Employee: row.GetString(0), Lines: LinesOf(row.GetText(1))), snapshot.Company.Code,
            snapshot.Knowledge.Position, request.Year, Texts(employees), asOf.ToDateOnly());
        var corrections = snapshot.Ask(
            CorrectionsSql, row => ReadCorrection(row, snapshot, request.Year),
            [.. asked, PayslipSql.Text(request.Employee), snapshot.Company.Zone.Id]);
        await snapshot.SendAsync();
        return new(
            [
                .. Lines(snapshot, paid, opening.SelectMany(each => each.Lines.Select(
                    line => (each.Employee, line.Key, line.Value)))),
            ],
            [
                .. corrections.GroupBy(each => (each.Run, each.Employee)).Select(slip => slip.First() with
                {
                    Amounts = ValueMap<Amount>.From(slip.SelectMany(each => each.Amounts)),
                }),
            ],
            last);
    }

    private static async Task<(string[] Employees, string? Last)> EmployeesAsync(
        Snapshot snapshot, YearToDateRequest request, object[] asked)
    {
        if (request.Employee is { } one)
        {
            return ([one], null);
        }

        var found = snapshot.Ask(
            EmployeesSql, row => row.GetString(0), [.. asked, request.Year, request.After, request.Limit + 1]);
        await snapshot.SendAsync();
        string[] page = [.. found.Take(request.Limit)];
        return (page, found.Count > request.Limit ? page[^1] : null);
    }

    private static IEnumerable<YearToDateLine> Lines(
        Snapshot snapshot, Rows<Paid> paid, IEnumerable<(string Employee, string Code, decimal Sum)> opening)
    {
        var sums = paid.ToDictionary(each => (each.Employee, each.Pack, each.Code), each => (each, Opening: 0m));
        var packs = paid.ToLookup(each => each.Employee, each => (each.Pack, each.Currency));
        foreach (var (employee, code, sum) in opening)
        {
            // Figures of before belong to the law by which somebody is paid in that year; nobody has two here.
            var (pack, currency) = packs[employee].FirstOrDefault((null, snapshot.Company.Currency));
            var key = (employee, pack, code);
            var known = sums.GetValueOrDefault(key, (new(employee, pack, currency, code, null, 0), 0));
            sums[key] = (known.each, known.Opening + sum);
        }

        return sums.Values
            .OrderBy(line => line.each.Employee, StringComparer.Ordinal)
            .ThenBy(line => line.each.Pack, StringComparer.Ordinal).ThenBy(line => line.each.Kind)
            .ThenBy(line => line.each.Code, StringComparer.Ordinal)
            .Select(line =>
            {
                Amount In(decimal value) => snapshot.Company.In(line.each.Currency, value);
                return new YearToDateLine(
                    line.each.Employee, line.each.Pack, line.each.Code, line.each.Kind, line.each.Currency,
                    In(line.Opening), In(line.each.Sum), In(Amount.Sum(line.Opening, line.each.Sum)));
            });
    }

    private static ValueMap<decimal> LinesOf(string? json) => json is null
        ? ValueMap<decimal>.Empty : JsonSerializer.Deserialize<ValueMap<decimal>>(json, EventJson.Options)!;

    private static NpgsqlParameter Texts(string[] values) =>
        new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static Paid ReadPaid(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3),
        Enum.Parse<LineKind>(row.GetString(4), ignoreCase: true), row.GetSum(5));

    private static CorrectionDue ReadCorrection(NpgsqlDataReader row, Snapshot snapshot, int year) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), year, row.GetDay(3), row.GetInstant(4), row.GetInt64(5),
        row.GetString(6),
        ValueMap<Amount>.From([new(row.GetString(7), snapshot.Company.In(row.GetString(6), row.GetSum(8)))]));

    private sealed record Paid(
        string Employee, string? Pack, string Currency, string Code, LineKind? Kind, decimal Sum);
}
